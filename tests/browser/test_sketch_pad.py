"""A stroke drawn with the mouse over a picture: what Gemini is sent, and what is kept."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PillowImage
from playwright.sync_api import Page, expect

from beltmask.detectors.sketch import COLOR, WORDS
from beltmask.model import Image, Pixels, Project
from beltmask.workflows.detection import result_of
from beltmask.workflows.images import add_picture, original_pixels
from tests.browser.hands import Behind, Hands
from tests.browser.review_scenes import drawn_belts
from tests.browser.script_runs import settled
from tests.gemini_server import GeminiServer, image_in, text_in

pytestmark = pytest.mark.browser

JPEG_TOLERANCE = 70
CORNERS = ((0.3, 0.3), (0.5, 0.3), (0.5, 0.5), (0.3, 0.5), (0.3, 0.31))
PAD_READY = """
() => [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')].some((host) => {
  const canvas = host.shadowRoot?.querySelector("canvas.dc-background-canvas");
  return canvas && canvas.getContext("2d").getImageData(9, 9, 1, 1).data[3] > 0;
})
"""


@pytest.fixture
def image(see: Behind, project: Project) -> Image:
    [(name, data)] = drawn_belts(1, size=(640, 480))
    added = add_picture(name, data, project_id=project.id, services=see.services)
    assert added.image is not None
    return added.image


def wait_for_pad(page: Page) -> None:
    """Until the pad shows its picture, and nothing more is to move it."""
    page.wait_for_function(PAD_READY)
    settled(page)


def draw(page: Page, corners: tuple[tuple[float, float], ...]) -> None:
    """Drag the mouse over the pad from corner to corner, in shares of it."""
    pad = page.locator("canvas.upper-canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def magenta(pixels: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray(np.abs(pixels.astype(int) - COLOR).max(axis=2) < JPEG_TOLERANCE)


def test_what_is_circled_by_hand_is_sent_with_the_picture(
    page: Page, url: str, see: Behind, project: Project, image: Image, gemini: GeminiServer
) -> None:
    gemini.dialect = "empty"
    hands = Hands(page, url)
    hands.open("Detect", project=project.name)
    hands.choose("Detector", "gemini")
    hands.unfold("More", exact=True)
    page.get_by_text("Sketch what you mean", exact=True).click()
    wait_for_pad(page)
    draw(page, CORNERS)
    draw(page, ((0.7, 0.7), (0.8, 0.8)))
    expect(page.get_by_text("2 strokes are sent")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("1 stroke is sent")).to_be_visible()
    hands.unfold("The exact prompt")
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_test_id("stBaseButton-primary").click()
    expect(page.get_by_text("Detection over")).to_be_visible()
    settled(page)

    asked = gemini.requests[-1]
    assert f"{WORDS}." in text_in(asked)
    sent = np.asarray(PillowImage.open(io.BytesIO(image_in(asked))).convert("RGB"))
    rows, columns = np.nonzero(magenta(sent))
    height, width = sent.shape[:2]
    near = pytest.approx
    assert (columns.min() / width, columns.max() / width) == near((0.3, 0.5), abs=0.01)
    assert (rows.min() / height, rows.max() / height) == near((0.3, 0.5), abs=0.01)

    result = result_of(image.id, services=see.services)
    assert result is not None
    [stroke] = result.prompt.sketch
    points = np.asarray(stroke)
    assert points[0] == near(CORNERS[0], abs=0.005)
    assert points.max(axis=0) == near((0.5, 0.5), abs=0.005)
    assert not magenta(original_pixels(image, services=see.services)).any()
    shown = hands.shown_picture(f"{image.name} with")
    assert not magenta(shown).any()

    hands.visit("Images")
    hands.visit("Detect")
    expect(page.get_by_text("1 stroke is sent")).to_be_visible()
