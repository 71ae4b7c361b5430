"""An export that its reader finds fault with never appears."""

from __future__ import annotations

from pathlib import Path

import pytest

from beltmask import masks
from beltmask.errors import FormatError
from beltmask.masks import mask_from_box
from beltmask.model import AnnotationState, Image, Mask, Project, ReviewState
from beltmask.workflows.services import Services
from tests.beltmask.workflows.test_export import exported, keep


@pytest.mark.parametrize("where", ["out.zip", "out.json", "out"])
@pytest.mark.parametrize("before", [False, True], ids=["nothing before", "an older export"])
def test_a_spoilt_export_leaves_its_place_as_it_was(
    *,
    where: str,
    before: bool,
    image: Image,
    project: Project,
    services: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mask that is written otherwise than it is: the reader finds it, and nothing appears."""
    keep(image, ReviewState.APPROVED, [AnnotationState.ACCEPTED], services)
    place = tmp_path / "place"
    place.mkdir()
    if before:
        exported(project, place / where, services)
    contents = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    write = masks.to_coco_rle

    def spoilt(shape: Mask, size: tuple[int, int]) -> masks.CocoRle:
        return write(mask_from_box(shape.box), size)

    monkeypatch.setattr(masks, "to_coco_rle", spoilt)
    with pytest.raises(FormatError, match=r"is not what was to be written|cannot be read back"):
        exported(project, place / where, services)
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == contents
    if not before:
        assert list(place.iterdir()) == []
