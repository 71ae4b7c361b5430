"""Magic select with a SAM-family model: its mask is stored, and known as its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from beltmask.images import encode_png
from beltmask.masks import iou, mask_from_box
from beltmask.model import Box, Image, Mask, Project, Size
from beltmask.settings import load_settings
from beltmask.workflows.images import add_picture
from beltmask.workflows.magic import GRABCUT, magic_availability
from beltmask.workflows.services import Services
from tests.beltmask.workflows.person import Person
from tests.beltmask.workflows.test_magic import asking, disc, picture_with_disc
from tests.sam_graphs import decoder, encoder, written

STRIPED = Box(160, 96, 320, 208)


@pytest.fixture
def services(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """As they are where a model is set up."""
    paths = written(tmp_path, encoder(), decoder())
    for name, path in zip(("ENCODER", "DECODER"), paths, strict=True):
        monkeypatch.setenv(f"BELTMASK_SAM_{name}", str(path))
    opened = Services.open(load_settings())
    yield opened
    opened.close()


def image_of(size: Size, thing: Box, project: Project, services: Services) -> Image:
    pixels = np.full((size[1], size[0], 3), (60, 70, 80), dtype=np.uint8)
    pixels[thing.y0 : thing.y1, thing.x0 : thing.x1] = (220, 180, 40)
    added = add_picture("belt.png", encode_png(pixels), project_id=project.id, services=services)
    assert added.image is not None
    return added.image


def stored(person: Person, box: Box) -> tuple[Mask, str]:
    """The mask a gesture left, and what the history says found it."""
    asking(person, box)
    outcome = person.send()
    assert outcome.refused == {}
    mask = person.objects[-1].mask
    with person.services.store.read() as records:
        [last] = records.operation_log.page(person.told.image.id, None, limit=1)
    assert mask is not None
    return mask, last.detail["found_by"]


@pytest.mark.parametrize("box", [STRIPED, Box(200, 150, 201, 151)], ids=["box", "click"])
def test_the_mask_of_the_model_is_stored_and_the_history_names_it(
    box: Box, project: Project, services: Services
) -> None:
    ann = Person("Ann", image_of((512, 320), STRIPED, project, services).id, services)
    mask, found_by = stored(ann, box)
    assert mask.box == STRIPED
    assert iou(mask, mask_from_box(STRIPED)) > 0.99
    assert found_by == services.sam.name
    assert found_by.startswith("SAM encoder.onnx ")


@pytest.mark.parametrize(
    "thing", [Box(4096, 2048, 4160, 2096), Box(960, 480, 3040, 1520)], ids=["small", "large"]
)
def test_in_a_large_picture_the_whole_object_comes_back_in_its_place(
    thing: Box, project: Project, services: Services
) -> None:
    """A click looks close first, and at all of the picture when the object goes on beyond."""
    ann = Person("Ann", image_of((5120, 2560), thing, project, services).id, services)
    for x, y in ((thing.x0 + 30, thing.y0 + 24), (thing.x1 - 30, thing.y1 - 24)):
        box = Box(x, y, x + 1, y + 1)
        mask, found_by = stored(ann, box)
        assert iou(mask, mask_from_box(thing)) > 0.9
    for box in (thing, Box(x, y, x + 1, y + 1)):
        mask, found_by = stored(ann, box)
        assert iou(mask, mask_from_box(thing)) > 0.9
        assert found_by == services.sam.name


def test_grabcut_helps_where_the_model_sees_nothing_under_a_click(
    project: Project, services: Services, tmp_path: Path
) -> None:
    written(tmp_path, encoder(), decoder(unlike=0.9))
    ann = Person("Ann", picture_with_disc((600, 400), 40, project, services).id, services)
    mask, found_by = stored(ann, Box(299, 199, 300, 200))
    assert iou(mask, disc(40)) > 0.85
    assert found_by == GRABCUT
    assert services.sam.name is not None


def test_grabcut_serves_while_the_model_s_file_is_broken(
    project: Project, services: Services, tmp_path: Path
) -> None:
    (tmp_path / "decoder.onnx").write_bytes(b"broken")
    ann = Person("Ann", image_of((512, 320), STRIPED, project, services).id, services)
    mask, found_by = stored(ann, replace(STRIPED, x0=150, y0=90, x1=330, y1=216))
    assert iou(mask, mask_from_box(STRIPED)) > 0.9
    assert found_by == GRABCUT
    said = magic_availability(services=services)
    assert not said.ready
    assert said.note.startswith("decoder.onnx is not a network that can be run")
