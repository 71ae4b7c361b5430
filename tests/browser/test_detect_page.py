"""The Detect page on a drawn belt: what is shown, downloaded, cancelled, refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError
from playwright.sync_api import Locator, Page, ViewportSize, expect

from beltmask.images import encode_png
from beltmask.model import Image, Pixels, Project
from beltmask.palette import color_for, rgb_of
from beltmask.workflows.class_changes import change_class
from beltmask.workflows.detection import answers_about, result_of
from beltmask.workflows.images import add_picture, original_pixels
from beltmask.workflows.projects import classes_of
from tests.belts import belt
from tests.browser.hands import PATIENCE_MS, Behind, Hands, inmost
from tests.browser.script_runs import settled, until
from tests.gemini_server import GeminiServer

pytestmark = pytest.mark.browser

SEED = 2
JPEG_TOLERANCE = 30
ROW_PX = 35
CLASS_COLOR = "#00ff00"
WIDE: ViewportSize = {"width": 1700, "height": 1050}
"""Where each column of the table stands when it has room."""


@pytest.fixture
def hands(page: Page, url: str) -> Hands:
    return Hands(page, url)


def add_belts(see: Behind, project: Project, *, count: int) -> list[Image]:
    """Belts that differ in nothing but a patch, because drawing takes longer than that.

    The patch outlives JPEG, or a question would be answered from what another test kept.
    """
    pixels = belt(SEED, size=(640, 480), object_count=4).pixels.copy()
    for number in range(count):
        pixels[:16, :16] = (project.id * 37 % 256, number * 11 % 256, 0)
        name = f"belt-{number:02d}.png"
        add_picture(name, encode_png(pixels), project_id=project.id, services=see.services)
    return see.images(project.name)


def test_what_is_drawn_follows_opacity_ticks_and_classes(
    hands: Hands, see: Behind, project: Project, tmp_path: Path
) -> None:
    [image] = add_belts(see, project, count=1)
    hands.page.set_viewport_size(WIDE)
    hands.open("Detect", project=project.name)
    hands.detect(detector="offline", scope="This picture")
    look = ShownPixel(hands, see, image)
    own = np.array(rgb_of(color_for(0)))
    look.shows(lambda plain: (plain + own) / 2)
    slider = hands.page.get_by_role("slider", name="Opacity")
    slider.press("End")
    look.shows(lambda _: own)
    check_download(hands, look, own, tmp_path / "masks.png")
    by_class(hands, look, see, project)
    hide_first(hands)
    look.shows(lambda plain: plain)
    hands.unfold("Raw reply")
    expect(hands.page.get_by_test_id("stCode").first).to_contain_text("foreign object")


class ShownPixel:
    """One pixel deep inside the first object, as it was and as it is shown."""

    def __init__(self, hands: Hands, see: Behind, image: Image) -> None:
        result = result_of(image.id, services=see.services)
        assert result is not None
        mask = result.predictions[0].finding.mask
        assert mask is not None
        self.label = result.predictions[0].finding.label
        self.image = image
        self.x, self.y = (int(each) for each in inmost(mask))
        self.plain = original_pixels(image, services=see.services)
        self._hands = hands

    def at(self, picture: Pixels) -> Pixels:
        scale = picture.shape[1] / self.plain.shape[1]
        pixel: Pixels = picture[int(self.y * scale), int(self.x * scale)].astype(int)
        return pixel

    def shows(self, expected: Callable[[Pixels], Pixels]) -> None:
        """Wait until the page shows what is made of the plain pixel."""
        wanted = expected(self.at(self.plain))

        def near() -> bool:
            settled(self._hands.page)
            try:
                shown = self.at(self._hands.shown_picture(f"{self.image.name} with"))
            except UnidentifiedImageError:  # already exchanged for a newer one
                return False
            return bool(np.abs(shown - wanted).max() <= JPEG_TOLERANCE)

        until(self._hands.page, near)


def check_download(hands: Hands, look: ShownPixel, color: Pixels, target: Path) -> None:
    """The PNG is as large as the image and has the mask's very colour."""
    with hands.page.expect_download() as download:
        hands.page.get_by_role("button", name="Picture as PNG").click()
    assert download.value.suggested_filename == "belt-00-masks.png"
    download.value.save_as(target)
    with PillowImage.open(target) as opened:
        picture = np.asarray(opened.convert("RGB"))
    assert picture.shape == look.plain.shape
    assert look.at(picture).tolist() == color.tolist()
    assert np.array_equal(picture[-1, -1], look.plain[-1, -1])


def by_class(hands: Hands, look: ShownPixel, see: Behind, project: Project) -> None:
    """The class's colour, and its new one when that changes."""
    classes = classes_of(project.id, services=see.services)
    meant = next(each for each in classes if each.name == look.label)
    choice = partial(hands.page.get_by_role, "radio")
    choice(name="class").click()
    look.shows(lambda _: np.array(rgb_of(meant.color)))
    change_class(replace(meant, color=CLASS_COLOR), services=see.services)
    choice(name="object").click()
    look.shows(lambda _: np.array(rgb_of(color_for(0))))
    choice(name="class").click()
    look.shows(lambda _: np.array(rgb_of(CLASS_COLOR)))


def hide_first(hands: Hands) -> None:
    """Click the tick box in the first row of the objects."""
    click_into(hands.page.locator("[class*='st-key-detect-objects']"), x=58, row=1)


def click_into(place: Locator, *, x: int, row: int) -> None:
    """Click into a table; the row of its heads is 0."""
    table = place.locator("canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    place.page.mouse.click(box["x"] + x, box["y"] + ROW_PX * row + ROW_PX / 2)
    settled(place.page)


def test_a_click_into_the_list_of_answers_puts_one_on_show(
    hands: Hands, see: Behind, project: Project
) -> None:
    [image] = add_belts(see, project, count=1)
    hands.open("Detect", project=project.name)
    for _ in range(2):
        hands.detect(detector="offline", scope="This picture")
    newest, older = answers_about(image.id, services=see.services, limit=3)
    box = hands.page.get_by_label("Answer", exact=True)
    expect(box).to_have_value(re.compile(f"^{newest.task.id} · "))
    click_into(hands.page.locator("[class*='st-key-detect-answers']"), x=120, row=2)
    expect(box).to_have_value(re.compile(f"^{older.task.id} · "))
    hands.page.keyboard.press("ArrowUp")
    settled(hands.page)
    expect(box).to_have_value(re.compile(f"^{newest.task.id} · "))


def test_a_run_over_many_pictures_can_be_cancelled(
    hands: Hands, see: Behind, project: Project, gemini: GeminiServer
) -> None:
    images = add_belts(see, project, count=15)
    start_all(hands, project, len(images), gemini)
    expect(hands.page.get_by_role("button", name="Detect Shortcut")).to_be_disabled()
    hands.page.get_by_role("button", name="Cancel").click()
    settled(hands.page)
    gemini.held = False
    over = hands.page.get_by_text("Detection over")
    expect(over).to_contain_text("cancelled", timeout=PATIENCE_MS)
    answered = [result_of(image.id, services=see.services) is not None for image in images]
    assert 0 < answered.count(False) < len(images) + 1
    expect(hands.page.get_by_role("button", name="Detect Shortcut")).to_be_enabled()


def test_a_run_goes_on_when_its_tab_is_closed(
    hands: Hands, see: Behind, project: Project, page: Page, gemini: GeminiServer
) -> None:
    images = add_belts(see, project, count=3)
    tab = page.context.new_page()
    start_all(Hands(tab, hands.url), project, len(images), gemini)
    tab.close()
    hands.open("Detect", project=project.name)
    expect(page.get_by_text(f"of {len(images)} pictures")).to_be_visible()
    gemini.held = False
    over = page.get_by_text(f"Detection over: {len(images)} done")
    expect(over).to_be_visible(timeout=PATIENCE_MS)
    assert all(result_of(image.id, services=see.services) for image in images)


def start_all(hands: Hands, project: Project, count: int, gemini: GeminiServer) -> None:
    """Ask about every picture; no answer comes before ``gemini`` is held no longer."""
    gemini.dialect, gemini.held = "empty", True
    hands.open("Detect", project=project.name)
    hands.choose("Detector", "gemini")
    hands.choose("Pictures", "All pictures")
    hands.page.get_by_test_id("stBaseButton-primary").click()
    expect(hands.page.get_by_text(f"of {count} pictures")).to_be_visible()
