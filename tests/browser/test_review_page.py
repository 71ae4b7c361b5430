"""The Review page: what stands around the canvas, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from beltmask.model import AnnotationState, ReviewState
from tests.browser.hands import Behind
from tests.browser.review_scenes import at_review
from tests.browser.script_runs import settled

pytestmark = pytest.mark.browser

NARROW = 40
"""Screen pixels; the row of an object is narrow."""
ANOTHER_BUILD = """
async (bench) => {
  const read = performance.getEntriesByType("resource").map((each) => each.name);
  const build = await import(read.find((each) => each.includes("/beltmask/module/")) + "?another");
  const image = { id: 4711, sha: "", name: "", width: 9, height: 9, picture: "", shapes: "" };
  build.canvas({
    data: {
      image: { ...image, tiles: null, deep: null }, objects: [], classes: [], applied: [],
      sentences: {}, refused: {}, pins: [], region: { belt: [], ignored: [] }, next: null,
    },
    parentElement: bench.parentNode,
    setStateValue: () => {},
  });
}
"""
"""The server was started with another one while the page was open."""


def test_undo_in_a_text_field_takes_back_words_and_no_object(
    url: str, see: Behind, page: Page
) -> None:
    _, [image] = at_review(page, url, see, 1)
    drawn = [each.id for each in see.sheet(image).annotations]
    page.get_by_role("button", name="Reject", exact=True).click()
    reason = page.get_by_label("Why is the picture of no use?")
    reason.press_sequentially("blurred")
    reason.press("ControlOrMeta+z")
    expect(reason).to_have_value("")
    settled(page)
    assert [each.id for each in see.sheet(image).annotations] == drawn
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Review").click()
    page.keyboard.press("ControlOrMeta+z")
    expect(page.get_by_text("No objects. Draw what is missing")).to_be_visible()


def test_every_button_of_the_object_list_says_what_it_does_and_to_which_object(
    url: str, see: Behind, page: Page
) -> None:
    hands, [image] = at_review(page, url, see, 3)
    drawn = [each.id for each in see.sheet(image).annotations]
    for kind in ("Accept", "Reject", "Delete"):
        for number in (1, 2, 3):
            named = page.get_by_role("button", name=f"{kind} object {number}", exact=True)
            expect(named).to_be_visible()
            box = named.bounding_box()
            assert box is not None
            assert box["width"] < NARROW
    hands.press("Reject object 3")
    expect(page.get_by_role("button", name="Reject object 3", exact=True)).to_be_disabled()
    hands.canvas.saved()
    kept = [a for a in see.sheet(image).annotations if a.state is not AnnotationState.REJECTED]
    assert [each.id for each in kept] == drawn[:2]


def test_a_picture_without_objects_never_shows_the_last_ones(
    url: str, see: Behind, page: Page
) -> None:
    hands, [full, empty] = at_review(page, url, see, 2, 0)
    expect(hands.canvas.objects).to_have_count(2)
    hands.canvas.press("f")
    hands.canvas.ready(empty)
    expect(hands.canvas.objects).to_have_count(0)
    assert hands.canvas.colored_pixels() == 0
    hands.canvas.press("d")
    hands.canvas.ready(full)
    expect(hands.canvas.objects).to_have_count(2)
    assert hands.canvas.colored_pixels() > 0


def test_shift_enter_approves_the_picture_and_goes_on_to_the_next(
    url: str, see: Behind, page: Page
) -> None:
    hands, [first, second] = at_review(page, url, see, 1, 1)
    hands.canvas.press("Shift+Enter")
    hands.canvas.ready(second)
    hands.canvas.saved()
    assert see.sheet(first).image.review is ReviewState.APPROVED
    assert see.sheet(second).image.review is ReviewState.IN_REVIEW
    hands.canvas.press("d")
    hands.canvas.ready(first)
    hands.canvas.press("ControlOrMeta+z")
    hands.canvas.saved()
    expect(page.get_by_role("button", name="Fix and accept")).to_be_enabled()
    assert see.sheet(first).image.review is ReviewState.IN_REVIEW


def test_a_new_build_of_the_canvas_takes_the_place_of_the_one_that_stood_there(
    url: str, see: Behind, page: Page
) -> None:
    at_review(page, url, see, 1)
    page.locator(".bench").evaluate(ANOTHER_BUILD)
    expect(page.locator(".bench")).to_have_count(1)
    expect(page.locator(".stage")).to_have_attribute("data-shows", "4711")
