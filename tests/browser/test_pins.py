"""Comments are pinned where a person points on the canvas, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from beltmask.workflows.comments import pins_of, threads_of
from tests.browser.canvas_hands import Spot
from tests.browser.hands import Behind, Hands
from tests.browser.review_scenes import at_review
from tests.browser.script_runs import settled, until

pytestmark = pytest.mark.browser

PIN_RED = [185, 28, 28, 255]
PIXEL_AT = """
(canvas, [x, y]) =>
  [...canvas.getContext("2d").getImageData(Math.round(x), Math.round(y), 1, 1).data]
"""


def test_a_click_with_c_asks_for_a_comment_and_pins_it_there(
    url: str, see: Behind, page: Page
) -> None:
    hands, [image] = at_review(page, url, see, 1)
    [drawn] = [each.id for each in see.sheet(image).annotations]
    [on_object] = point(hands, (30, 50))
    say(page, "object 1: foreign object", "Is this one?")
    hands.canvas.press("c")
    [nowhere] = hands.canvas.click((200, 150))
    subject = page.get_by_role("dialog").get_by_label("A comment on")
    expect(subject).to_have_value(re.compile(f"the spot at {nowhere[0]:.0f}"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    settled(page)
    [on_belt] = point(hands, (200, 150))
    say(page, f"the spot at {on_belt[0]:.0f}, {on_belt[1]:.0f}", "A scratch")
    first, second = threads_of(image.id, services=see.services)
    assert (first.annotation_id, second.annotation_id) == (drawn, None)
    assert first.spot == pytest.approx(on_object, abs=0.01)
    assert second.spot == pytest.approx(on_belt, abs=0.01)
    assert [pin.number for pin in pins_of(image.id, services=see.services)] == [1, 2]
    beside_number = (on_belt[0] - 7 / hands.canvas.view().scale, on_belt[1])
    until(page, lambda: drawn_at(hands, beside_number) == PIN_RED)


def point(hands: Hands, spot: Spot) -> list[Spot]:
    hands.canvas.press("c")
    landed = hands.canvas.click(spot)
    expect(hands.page.get_by_role("dialog")).to_be_visible()
    return landed


def say(page: Page, about: str, text: str) -> None:
    """In the dialog that is open; wait until it is gone and the words stand below the canvas."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("A comment on")).to_have_value(about)
    dialog.get_by_label("Comment", exact=True).fill(text)
    dialog.get_by_test_id("stFormSubmitButton").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text(text, exact=True)).to_be_visible()


def drawn_at(hands: Hands, spot: Spot) -> list[int]:
    """Red, green, blue and opacity of what is drawn over the masks at a spot of the image."""
    told = hands.canvas.stage.get_attribute("data-view")
    assert told is not None
    scale, x, y = map(float, told.split(","))
    place = [spot[0] * scale + x, spot[1] * scale + y]
    found: list[int] = hands.canvas.stage.locator("canvas.hands").evaluate(PIXEL_AT, place)
    return found
