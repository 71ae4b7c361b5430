"""The Review page: what stands around the canvas, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from beltmask.model import ReviewState
from beltmask.workflows.history import new_id
from tests.browser.hands import Behind, Hands
from tests.browser.reviewed import picture_with_objects, pictures_with_objects
from tests.browser.script_runs import settled

pytestmark = pytest.mark.browser

NARROW = 40
"""Screen pixels; the row of an object is narrow."""


def test_undo_in_a_text_field_takes_back_words_and_no_object(
    url: str, see: Behind, page: Page
) -> None:
    project = new_id()
    image, drawn = picture_with_objects(see, 1, project=project)
    hands = Hands(page, url)
    hands.open_review(image, project=project)
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
    project = new_id()
    image, drawn = picture_with_objects(see, 3, project=project)
    hands = Hands(page, url)
    hands.open_review(image, project=project)
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
    assert [each.id for each in see.sheet(image).kept] == drawn[:2]


def test_a_picture_without_objects_never_shows_the_last_ones(
    url: str, see: Behind, page: Page
) -> None:
    project = new_id()
    full, empty = pictures_with_objects(see, [2, 0], project=project)
    hands = Hands(page, url)
    hands.open_review(full, project=project)
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
    project = new_id()
    first, second = pictures_with_objects(see, [1, 1], project=project)
    hands = Hands(page, url)
    hands.open_review(first, project=project)
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
