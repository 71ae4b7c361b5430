"""The whole job on real pictures: upload, detect, look, correct, approve, export, read back."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from pycocotools.coco import COCO

from beltmask.masks import bits_in, mask_from_frame, mask_from_rings
from beltmask.model import Annotation, AnnotationState, Box, Image, Mask, ReviewState
from beltmask.palette import color_for, rgb_of
from beltmask.workflows.detection import result_of
from beltmask.workflows.images import original_pixels
from tests.browser.hands import PATIENCE_MS, Behind, Hands, inmost
from tests.browser.script_runs import settled, until
from tests.frames import frame_of
from tests.gemini_server import GeminiServer
from tests.gemini_truth import read_truth

pytestmark = [
    pytest.mark.browser,
    pytest.mark.pictures,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

BLEND_TOLERANCE = 30
"""The page shows a JPEG."""
MOSTLY = 0.6
"""Outlines and the numbers of neighbours lie on the rest of a small mask."""


def scrap_pictures(shared_data: Path) -> list[Path]:
    """The two pictures with the most pieces of scrap, and an empty belt."""
    scrap, empty = (shared_data / "pictures" / name for name in ("smartbelt_scrap", "empty_belts"))
    truth = json.loads((scrap / "truth.json").read_text())
    names = {row["id"]: row["file_name"] for row in truth["images"]}
    pieces = Counter(row["image_id"] for row in truth["annotations"]).most_common(2)
    chosen = [scrap / "images" / names[image_id] for image_id, _ in pieces]
    return [*chosen, sorted((empty / "images").iterdir())[0]]


@pytest.fixture
def gemini_knows_scrap(gemini: GeminiServer, shared_data: Path) -> None:
    gemini.pictures += read_truth(shared_data / "pictures" / "smartbelt_scrap")


@pytest.mark.usefixtures("gemini_knows_scrap")
def test_from_real_pictures_to_an_export_others_read(
    shared_data: Path, url: str, see: Behind, page: Page, tmp_path: Path
) -> None:
    hands, name = Hands(page, url), "Scrap line"
    hands.open("Images")
    hands.make_project(name, "glove")
    hands.upload(scrap_pictures(shared_data), says="Upload: 3 added")
    hands.visit("Detect")
    hands.detect(detector="gemini", scope="All pictures")
    image = max(see.images(name), key=lambda each: each.object_count)
    overlay_shows_the_masks(hands, see, image)
    hands.open_review(image, project=name)
    expected = correct(hands, see, image)
    exported = export(hands, tmp_path / "export.zip")
    read_back(exported, image, expected)


def overlay_shows_the_masks(hands: Hands, see: Behind, image: Image) -> None:
    """Within every mask the page shows the object's colour mixed half and half with the picture."""
    result = result_of(image.id, services=see.services)
    assert result is not None
    assert result.predictions, "the detector found nothing on a picture of scrap"
    shown = hands.shown_picture(f"{image.name} with")
    plain = original_pixels(image, services=see.services)
    assert shown.shape == plain.shape
    for prediction in result.predictions:
        mask = prediction.finding.mask
        assert mask is not None
        inside = frame_of(mask, image.size)
        mixed = (plain[inside].astype(int) + rgb_of(color_for(prediction.number - 1))) / 2
        off = np.abs(shown[inside] - mixed).max(axis=1)
        assert np.mean(off <= BLEND_TOLERANCE) > MOSTLY


def proposals(see: Behind, image: Image) -> list[Annotation]:
    return [a for a in see.sheet(image).annotations if a.state is AnnotationState.PROPOSED]


def correct(hands: Hands, see: Behind, image: Image) -> Mapping[str, Mask]:
    """Move a vertex, draw a polygon, relabel, approve; returns every mask that must come out."""
    name_labels(hands, see, image)
    before = {each.id: each for each in see.sheet(image).annotations}
    target = see.largest(image)
    moved = move_top_vertex(hands, see, image, target)
    drawn = draw_polygon(hands, see, image)
    relabel(hands, see, image, target)
    assert proposals(see, image), "nothing is left that nobody touched"
    hands.canvas.press("Shift+A")
    hands.canvas.saved()
    assert proposals(see, image) == []
    hands.canvas.press("Shift+Enter")
    hands.canvas.saved()
    assert see.sheet(image).image.review is ReviewState.APPROVED
    sheet = see.sheet(image)
    for each in sheet.annotations:
        if each.id in before and each.id != target.id:
            assert each.mask == before[each.id].mask
    masks = {each.id: each.mask for each in sheet.annotations if each.mask is not None}
    assert masks[target.id] == moved
    assert masks[drawn.id] == drawn.mask
    return masks


def name_labels(hands: Hands, see: Behind, image: Image) -> None:
    """Every label no class stands for becomes a class of its own."""
    for label in see.sheet(image).unclassed:
        hands.press("Remember")
        until(hands.page, partial(has_class, see, image, label))
        shows_what_is_kept(hands, see, image)


def has_class(see: Behind, image: Image, label: str) -> bool:
    return label not in see.sheet(image).unclassed


def move_top_vertex(hands: Hands, see: Behind, image: Image, target: Annotation) -> Mask:
    """Pull the top of an object up by 24 px: pixels may change only above its old outline."""
    assert target.mask is not None
    inside, top = inmost(target.mask), topmost(target.mask)
    hands.canvas.click(inside)
    hands.canvas.drag(top, (top[0], max(top[1] - 24, 1)))
    hands.canvas.saved()
    changed = by_id(see, image, target.id).mask
    assert changed is not None
    assert changed != target.mask
    far = Box(target.box.x0, target.box.y1 - target.box.height // 4, target.box.x1, target.box.y1)
    assert np.array_equal(bits_in(changed, far), bits_in(target.mask, far))
    return changed


def draw_polygon(hands: Hands, see: Behind, image: Image) -> Annotation:
    known = {each.id for each in see.sheet(image).annotations}
    hands.canvas.press("p")
    width, height = image.size
    corners = [(0.1, 0.1), (0.3, 0.12), (0.28, 0.3), (0.12, 0.25)]
    points = hands.canvas.click(*((x * width, y * height) for x, y in corners))
    hands.canvas.press("n")
    hands.canvas.saved()
    [drawn] = [each for each in see.sheet(image).annotations if each.id not in known]
    assert drawn.mask == mask_from_rings([np.array(points)], image.size)
    hands.canvas.press("Escape", "Escape")
    return drawn


def relabel(hands: Hands, see: Behind, image: Image, target: Annotation) -> None:
    """Put the object with the moved vertex into another class by its key."""
    number = [each.id for each in see.sheet(image).annotations].index(target.id) + 1
    [glove] = [each for each in see.sheet(image).classes if each.name == "glove"]
    assert glove.key is not None
    hands.canvas.select(number)
    hands.canvas.press(glove.key)
    hands.canvas.saved()
    assert by_id(see, image, target.id).label == "glove"


def export(hands: Hands, target: Path) -> Path:
    hands.visit("Versions")
    hands.press("Export as COCO")
    expect(hands.page.get_by_text("read back by pycocotools")).to_be_visible(timeout=PATIENCE_MS)
    with hands.page.expect_download() as download:
        hands.page.get_by_role("button", name="Download ZIP").click()
    download.value.save_as(target)
    return target


def read_back(exported: Path, image: Image, expected: Mapping[str, Mask]) -> None:
    """Pycocotools gives every mask back bit for bit, on an upright picture of the same size."""
    with zipfile.ZipFile(exported) as archive:
        (exported.parent / "annotations.json").write_bytes(archive.read("annotations.json"))
        pictures = [name for name in archive.namelist() if name.startswith("images/")]
    assert pictures == [f"images/{image.name}"]
    coco = COCO(str(exported.parent / "annotations.json"))
    rows = coco.loadAnns(coco.getAnnIds())
    found = [mask_from_frame(coco.annToMask(row).astype(bool)) for row in rows]
    assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["iscrowd"] for row in rows} == {0}
    assert [row["area"] for row in rows] == [mask.area for mask in found if mask is not None]
    for mask in expected.values():
        assert any(mask == other for other in found)
    assert len(found) == len(expected)


def topmost(mask: Mask) -> tuple[float, float]:
    columns = np.flatnonzero(mask.bits[0])
    return (mask.x + float(columns[len(columns) // 2]) + 0.5, float(mask.y))


def by_id(see: Behind, image: Image, annotation_id: str) -> Annotation:
    return next(each for each in see.sheet(image).annotations if each.id == annotation_id)


def shows_what_is_kept(hands: Hands, see: Behind, image: Image) -> None:
    revision = see.sheet(image).image.revision
    expect(hands.page.get_by_text(f"revision {revision}", exact=False).first).to_be_visible()
    settled(hands.page)
