"""The contact sheet by keys and mouse, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.masks import mask_from_box
from beltmask.model import THE_APP, AnnotationState, Box, Finding, MaskSource, Prompt
from beltmask.runs import Answer
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import add_class, create_project
from beltmask.workflows.reviewing import Edit, EditKind, apply_edits
from tests.browser.hands import Behind
from tests.browser.script_runs import runs_of, settled

pytestmark = pytest.mark.browser

PER_PICTURE, PICTURES = 5, 2
ACCEPTED, REJECTED = AnnotationState.ACCEPTED, AnnotationState.REJECTED
PROPOSED, EDITED = AnnotationState.PROPOSED, AnnotationState.EDITED
LOADED = """
() => [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
  .flatMap((host) => [...host.shadowRoot.querySelectorAll("img")])
  .every((each) => each.complete && each.naturalWidth > 40)
"""


class Sheet:
    """The contact sheet before a person, and what is behind it."""

    def __init__(self, page: Page, url: str, see: Behind, project: str) -> None:
        self.page = page
        self.see = see
        self.project = project
        runs_of(page)
        page.goto(f"{url}/by_class?project={project}")
        expect(self.tiles).to_have_count(PER_PICTURE * PICTURES)
        settled(page)

    @property
    def tiles(self) -> Locator:
        return self.page.get_by_role("option")

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def states(self) -> list[AnnotationState]:
        settled(self.page)
        images = self.see.images(self.project)
        return [each.state for image in images for each in self.see.sheet(image).annotations]

    def classes(self) -> list[str]:
        settled(self.page)
        images = self.see.images(self.project)
        return [each.label for image in images for each in self.see.sheet(image).annotations]


@pytest.fixture
def sheet(url: str, see: Behind, page: Page) -> Sheet:
    project = new_id()
    fill(see, project)
    return Sheet(page, url, see, project)


def fill(see: Behind, name: str) -> None:
    """Two pictures with five proposals of one class each, and a second class."""
    project = create_project(name, services=see.services)
    add_class(project.id, "bolt", services=see.services)
    for seed in range(PICTURES):
        belt = encode_png(draw_belt(seed, size=(640, 480), object_count=2).pixels)
        name = f"belt-{seed}.png"
        image = add_picture(name, belt, project_id=project.id, services=see.services).image
        assert image is not None
        with see.services.store.write() as records:
            run = records.runs.add(project.id, Prompt("offline", ""), [image.id], actor=THE_APP)
        task = see.services.tasks.claim(run.id)
        assert task is not None
        boxes = [Box(100 * n + 20, 40, 100 * n + 80, 90) for n in range(PER_PICTURE)]
        found = [
            Finding("foreign object", box, mask_from_box(box), MaskSource.MODEL) for box in boxes
        ]
        see.services.tasks.finish(task, Answer(findings=found))


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
