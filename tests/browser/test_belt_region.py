"""A belt and an ignored zone drawn corner by corner on a picture: kept, sent and shown."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PillowImage
from playwright.sync_api import Page, expect

from beltmask.model import Image, Line, Pixels, Project
from beltmask.palette import rgb_of
from beltmask.render import BELT, IGNORED
from beltmask.workflows.belt_regions import belt_region_of
from beltmask.workflows.images import add_picture, original_pixels
from tests.browser.hands import Behind, Hands
from tests.browser.review_scenes import drawn_belts
from tests.browser.script_runs import settled
from tests.browser.test_sketch_pad import wait_for_pad
from tests.gemini_server import GeminiServer, image_in

pytestmark = pytest.mark.browser

OUTLINE: Line = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.7), (0.2, 0.7))
ZONE: Line = ((0.3, 0.3), (0.4, 0.3), (0.4, 0.4))
JPEG_TOLERANCE = 60


@pytest.fixture
def image(see: Behind, project: Project) -> Image:
    [(name, data)] = drawn_belts(1, size=(640, 480))
    added = add_picture(name, data, project_id=project.id, services=see.services)
    assert added.image is not None
    return added.image


def click_corners(page: Page, line: Line) -> None:
    """Corner by corner over the pad, and on the first one again, which closes the outline."""
    pad = page.locator("canvas.upper-canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    for x, y in (*line, line[0]):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    settled(page)


def drag_zone(page: Page, *, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Move an outline as a whole, with the pad's edit button, and say nothing to the page."""
    wait_for_pad(page)
    page.get_by_role("button", name="Edit", exact=True).click()
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=6)
    page.mouse.up()


def drawn_at(pixels: Pixels, color: str, *, x: float, y: float) -> bool:
    row, column = round(y * pixels.shape[0]), round(x * pixels.shape[1])
    near = pixels[row - 5 : row + 5, column - 5 : column + 5].astype(int)
    return bool((np.abs(near - rgb_of(color)).max(axis=2) < JPEG_TOLERANCE).any())


def test_a_region_drawn_once_is_kept_heeded_and_shown(
    page: Page, url: str, see: Behind, project: Project, image: Image, gemini: GeminiServer
) -> None:
    gemini.dialect = "empty"
    hands = Hands(page, url)
    hands.open("Project", project=project.name)
    hands.unfold("Draw it")
    wait_for_pad(page)
    click_corners(page, OUTLINE)
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    page.get_by_text("Ignored zone", exact=True).click()
    settled(page)
    click_corners(page, ZONE)
    hands.press("Save region")
    expect(page.get_by_text("inside the green outline but not in the red zones")).to_be_visible()

    kept = belt_region_of(project.id, services=see.services)
    assert kept is not None
    near = pytest.approx
    assert np.asarray(kept.belt) == near(np.asarray([OUTLINE]), abs=0.004)
    assert np.asarray(kept.ignored) == near(np.asarray([ZONE]), abs=0.004)

    drag_zone(page, start=(0.38, 0.32), end=(0.58, 0.42))
    hands.press("Save region")
    expect(page.get_by_text("Not saved yet.")).to_have_count(0)
    kept = belt_region_of(project.id, services=see.services)
    assert kept is not None
    assert np.asarray(kept.belt) == near(np.asarray([OUTLINE]), abs=0.004)
    assert np.asarray(kept.ignored) == near(np.asarray([ZONE]) + np.array([0.2, 0.1]), abs=0.004)

    hands.visit("Detect")
    hands.detect(detector="gemini", scope="This picture")
    sent = PillowImage.open(io.BytesIO(image_in(gemini.requests[-1])))
    margin = 0.03 * max(image.size)
    wanted = (0.6 * image.size[0] + 2 * margin, 0.5 * image.size[1] + 2 * margin)
    assert sent.width / sent.height == near(wanted[0] / wanted[1], abs=0.02)
    shown = hands.shown_picture(f"{image.name} with")
    assert drawn_at(shown, BELT, x=0.5, y=0.2)
    assert drawn_at(shown, IGNORED, x=0.55, y=0.4)
    assert not drawn_at(original_pixels(image, services=see.services), BELT, x=0.5, y=0.2)
