"""The contact sheet by keys and mouse, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from beltmask.model import AnnotationState
from beltmask.review import Edit, EditKind
from beltmask.workflows.history import new_id
from tests.browser.contact_sheet import PER_PICTURE, PICTURES, Sheet, fill
from tests.browser.hands import Behind
from tests.browser.script_runs import settled
from tests.gestures import apply_edits

pytestmark = pytest.mark.browser

ACCEPTED, REJECTED = AnnotationState.ACCEPTED, AnnotationState.REJECTED
PROPOSED, EDITED = AnnotationState.PROPOSED, AnnotationState.EDITED
LOADED = """
() => [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
  .flatMap((host) => [...host.shadowRoot.querySelectorAll("img")])
  .every((each) => each.complete && each.naturalWidth > 40)
"""


@pytest.fixture
def sheet(url: str, see: Behind, page: Page) -> Sheet:
    project = new_id()
    fill(see, project)
    return Sheet(page, url, see, project)


def test_objects_are_decided_on_by_keys_many_at_once(sheet: Sheet) -> None:
    sheet.page.wait_for_function(LOADED)
    sheet.tiles.first.focus()
    sheet.press("a", "x", "2", "Enter")
    assert sheet.states() == [ACCEPTED, REJECTED, EDITED, ACCEPTED, *[PROPOSED] * 6]
    assert sheet.classes()[2] == "bolt"
    sheet.press("Shift+ArrowRight", "Shift+ArrowRight", " ")
    expect(sheet.status).to_have_text("2 selected")
    sheet.press("x")
    expect(sheet.status).to_contain_text("Saved: 2 objects rejected.")
    assert sheet.states()[4:] == [REJECTED, REJECTED, *[PROPOSED] * 4]
    sheet.press("Control+a", "Escape", "Control+a")
    expect(sheet.status).to_have_text("10 selected")
    sheet.press("a")
    expect(sheet.status).to_contain_text("Saved: 10 objects accepted.")
    assert PROPOSED not in sheet.states()
    expect(sheet.tiles).to_have_count(10)


def test_quick_keys_are_all_saved_and_none_is_stale_against_its_own_person(sheet: Sheet) -> None:
    sheet.tiles.first.focus()
    for _ in range(PER_PICTURE * PICTURES - 1):
        sheet.press("a", "ArrowLeft", "x", "ArrowLeft", "2")
    expect(sheet.page.locator('[data-waiting="true"]')).to_have_count(0)
    assert sheet.states() == [*[EDITED] * 9, PROPOSED]
    assert sheet.classes()[:9] == ["bolt"] * 9


def test_the_mouse_selects_and_the_buttons_decide(sheet: Sheet) -> None:
    sheet.tiles.nth(1).click()
    sheet.tiles.nth(3).click(modifiers=["Shift"])
    sheet.tiles.nth(6).click(modifiers=["Control"])
    sheet.tiles.nth(2).click(modifiers=["Control"])
    expect(sheet.tiles.and_(sheet.page.locator('[aria-selected="true"]'))).to_have_count(3)
    sheet.page.get_by_role("button", name="Reject X").click()
    expect(sheet.status).to_contain_text("Saved: 3 objects rejected.")
    expected = [REJECTED if n in (1, 3, 6) else PROPOSED for n in range(10)]
    assert sheet.states() == expected


def test_a_stale_object_is_refused_in_words_and_the_rest_is_saved(sheet: Sheet) -> None:
    image = sheet.see.images(sheet.project)[0]
    theirs = sheet.see.sheet(image).annotations[1]
    edit = Edit(new_id(), EditKind.REJECT, theirs.id, theirs.revision)
    apply_edits(image.id, [edit], services=sheet.see.services)
    sheet.tiles.first.focus()
    sheet.press("Control+a", "a")
    expect(sheet.status).to_contain_text("Saved: 9 objects accepted. Not 1: belt-0.png")
    assert sheet.states() == [ACCEPTED, REJECTED, *[ACCEPTED] * 8]


def test_the_last_decision_is_taken_back_after_a_reload_too(sheet: Sheet) -> None:
    sheet.tiles.first.focus()
    sheet.press("Control+a", "x")
    expect(sheet.status).to_contain_text("Saved: 10 objects rejected.")
    settled(sheet.page)
    sheet.page.reload()
    expect(sheet.tiles).to_have_count(10)
    settled(sheet.page)
    sheet.tiles.first.focus()
    sheet.press("Control+z")
    expect(sheet.status).to_contain_text("Taken back in 2 pictures.")
    assert sheet.states() == [PROPOSED] * 10
    expect(sheet.page.get_by_role("button", name="Take back")).to_be_disabled()


def test_a_double_click_opens_the_picture_in_review(sheet: Sheet) -> None:
    with sheet.page.expect_popup() as opened:
        sheet.tiles.nth(PER_PICTURE).dblclick()
    review = opened.value
    expect(review.get_by_role("heading", name="Review")).to_be_visible()
    expect(review.get_by_text("belt-1.png").first).to_be_visible()


def test_keys_in_a_field_of_the_page_decide_nothing(sheet: Sheet) -> None:
    sheet.tiles.first.focus()
    sheet.page.get_by_label("Class", exact=True).first.focus()
    sheet.press("x", "Escape")
    assert sheet.states() == [PROPOSED] * 10
