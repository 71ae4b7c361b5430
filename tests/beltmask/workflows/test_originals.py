"""Originals that were lost, damaged or exchanged: told by the picture's name, and healed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from beltmask.errors import BeltMaskError, DamagedError, NotFoundError
from beltmask.images import encode_png, read_image
from beltmask.model import Box, Image, Project, TaskState
from beltmask.store.blobs import Shelf
from beltmask.workflows.export import ExportChoice, export_dataset
from beltmask.workflows.image_access import crop_of, shape_key
from beltmask.workflows.image_views import image_views
from beltmask.workflows.images import AddOutcome, add_picture, original_pixels
from beltmask.workflows.object_crops import crop_jpeg
from beltmask.workflows.pictures import Look, bare_jpeg, overlay_png
from beltmask.workflows.previews import preview, thumbnail
from beltmask.workflows.pyramids import preview_through, square_jpeg
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt
from tests.beltmask.store.builders import PROMPT
from tests.beltmask.workflows.person import Person, accept_everything

BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "short": lambda good: good[: len(good) // 2],
    "zeros": lambda good: bytes(len(good)),
    "longer": lambda good: good + b"more",
}
"""What may lie in the place of good bytes."""
MADE = (Shelf.PREVIEWS, Shelf.THUMBNAILS)


def file_of(shelf: Shelf, image: Image, services: Services) -> Path:
    sha256 = image.facts.sha256
    return services.settings.data / "store" / shelf / sha256[:2] / sha256[2:]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_original_is_mended_by_adding_the_picture_again(
    name: str, shared_data: Path, project: Project, services: Services
) -> None:
    [folder] = (shared_data / "faults").glob("05-*")
    data = (folder / "picture.png").read_bytes()
    image = add_picture("picture.png", data, project_id=project.id, services=services).image
    assert image is not None
    for shelf in (Shelf.ORIGINALS, *MADE):
        file = file_of(shelf, image, services)
        file.write_bytes(BROKEN[name](file.read_bytes()))
    with pytest.raises(DamagedError, match=r"the original of picture\.png was changed"):
        original_pixels(image, services=services)
    again = add_picture("picture.png", data, project_id=project.id, services=services)
    assert again.outcome is AddOutcome.DUPLICATE
    assert original_pixels(image, services=services).shape == (image.size[1], image.size[0], 3)
    for shelf, kept in zip(MADE, (preview, thumbnail), strict=True):
        assert file_of(shelf, image, services).read_bytes() == kept(image, services=services)


Read = Callable[[Image, Services], object]


def crop(image: Image, services: Services) -> object:
    [found, *_] = open_sheet(image.id, services=services).annotations
    shape = shape_key(crop_of(found))
    return crop_jpeg(image, found.id, shape=shape, color="#ff0000", services=services)


def look_closely(image: Image, services: Services) -> object:
    [*_, look] = image_views(image, Box(2, 3, 8, 9), clicked=True, services=services)
    return look.pixels


def export(image: Image, services: Services) -> object:
    project = Project(image.project_id, "Belt 3", image.added_at)
    path = services.settings.data / "export.zip"
    return export_dataset(project, ExportChoice(), path=path, services=services)


READS: dict[str, Read] = {
    "export": export,
    "full size": lambda image, services: original_pixels(image, services=services),
    "overlay": lambda image, services: overlay_png(
        image.id, 1, Look(), hidden=(), services=services
    ),
    "preview": lambda image, services: preview(image, services=services),
    "thumbnail": lambda image, services: thumbnail(image, services=services),
    "on the page": lambda image, services: bare_jpeg(image.id, None, services=services),
    "crop": crop,
    "magic": look_closely,
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_missing_original_is_told_by_the_name_of_its_picture(
    read: Read, ann: Person, image: Image, services: Services
) -> None:
    accept_everything(ann)
    assert ann.do("approve").refused == {}
    for shelf in (Shelf.ORIGINALS, *MADE):
        file_of(shelf, image, services).unlink()
    with pytest.raises(NotFoundError, match=r"^the original of belt-1\.png is missing$") as told:
        read(image, services)
    assert "Add the same file again" in told.value.hint


def test_an_original_exchanged_for_another_picture_of_the_same_size_is_not_exported(
    ann: Person, image: Image, services: Services
) -> None:
    accept_everything(ann)
    assert ann.do("approve").refused == {}
    file_of(Shelf.ORIGINALS, image, services).write_bytes(spotted_belt(1))
    with pytest.raises(DamagedError, match=r"the original of belt-1\.png was changed"):
        export(image, services)
    assert not (services.settings.data / "export.zip").exists()


@pytest.mark.parametrize(
    ("exchanged", "said"), [(True, "was changed since it was added"), (False, "is missing")]
)
def test_nothing_is_detected_in_an_original_that_is_not_the_one_that_was_added(
    exchanged: bool, said: str, image: Image, services: Services
) -> None:
    file = file_of(Shelf.ORIGINALS, image, services)
    file.unlink()
    if exchanged:
        file.write_bytes(spotted_belt(1))
    with services.store.write() as records:
        prompt = replace(PROMPT, detector="offline")
        run = records.runs.add(image.project_id, prompt, [image.id], actor=services.actor)
    assert services.runner.answer_next(run.id)
    with services.store.read() as records:
        [failed] = records.runs.tasks(run.id, TaskState.FAILED)
    assert failed.error is not None
    assert str(failed.error).startswith(f"the original of belt-1.png {said}.")


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("show", [preview, thumbnail])
def test_a_lost_or_broken_small_copy_is_made_again_when_it_is_looked_at(
    name: str, show: Callable[..., bytes], image: Image, services: Services
) -> None:
    good = show(image, services=services)
    for shelf in MADE:
        file = file_of(shelf, image, services)
        file.write_bytes(BROKEN[name](good))
    assert show(image, services=services) == good
    for shelf in MADE:
        file_of(shelf, image, services).unlink()
    assert show(image, services=services) == good


@pytest.mark.parametrize("name", ["empty", "short", "zeros", "noise"])
def test_a_broken_pyramid_is_made_again_when_it_is_looked_at(
    name: str, project: Project, services: Services
) -> None:
    deep = np.linspace(2_000, 40_000, 2100 * 64).reshape(64, 2100).astype(np.uint16)
    added = add_picture("deep.png", encode_png(deep), project_id=project.id, services=services)
    assert added.image is not None
    image, window = added.image, added.image.facts.window
    assert window is not None
    looks: dict[Shelf, Callable[[], bytes]] = {
        Shelf.PYRAMIDS: lambda: square_jpeg(image, (0, 0, 0), services=services),
        Shelf.SAMPLE_PYRAMIDS: lambda: preview_through(image, window, services=services),
    }
    for shelf, look in looks.items():
        good, file = look(), file_of(shelf, image, services)
        noise = b"\xff" * 8 * 40
        file.write_bytes(noise if name == "noise" else BROKEN[name](file.read_bytes()[:200]))
        assert look() == good
        assert read_image(look(), name="look").pixels.size


def test_a_store_that_cannot_be_read_is_told_with_the_name_of_the_picture(
    image: Image, services: Services
) -> None:
    file = file_of(Shelf.ORIGINALS, image, services)
    file.unlink()
    file.symlink_to(file)
    with pytest.raises(BeltMaskError, match=r"^belt-1\.png: originals cannot be read: "):
        original_pixels(image, services=services)
