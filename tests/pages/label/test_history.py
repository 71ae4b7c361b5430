"""The history under the canvas: read, and any point of it restored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event
from streamlit.testing.v1 import AppTest

from beltmask.masks import mask_from_box
from beltmask.model import AnnotationState, Box, Image, ReviewState
from beltmask.review import Edit, EditKind, Gesture
from beltmask.workflows.gestures import apply_gestures
from beltmask.workflows.history import new_id
from beltmask.workflows.image_review import reject_image
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from components.local_time import short_time
from tests.pages.conftest import at, fresh, press, texts
from tests.pages.label.canvas_end import CanvasEnd
from tests.pages.label.test_review import propose, tell

PROPOSED, ACCEPTED = AnnotationState.PROPOSED, AnnotationState.ACCEPTED


@pytest.fixture
def sheet(images: list[Image], opened: Services) -> ReviewSheet:
    """The first picture with two proposals."""
    propose(images[0], ["foreign object", "bolt"], opened)
    return open_sheet(images[0].id, services=opened)


@pytest.fixture
def page(sheet: ReviewSheet, browser: CanvasEnd, app: AppTest) -> AppTest:
    return at(app, "label/review")


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Every statement the database is asked."""
    statements = list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def unfolded(page: AppTest, key: str = "review.history") -> AppTest:
    page.session_state[key] = True
    return fresh(page.run())


def lines(page: AppTest) -> list[str]:
    [history] = [each for each in page.expander if each.label == "History"]
    return [str(each.value) for each in history.text]


def restorable(page: AppTest) -> list[int]:
    """Numbers of the operations that have a button."""
    keys = [each.key or "" for each in page.button]
    return [int(key.split("/")[-1]) for key in keys if key.startswith("history.restore/")]


def back_to(number: int, sheet: ReviewSheet) -> str:
    return f"history.restore/{sheet.image.id}/{number}"


def draw(count: int, sheet: ReviewSheet, services: Services) -> None:
    """One gesture per object."""
    for n in range(count):
        shape = mask_from_box(Box(5, 5 + n, 9, 9 + n))
        one = Edit(new_id(), EditKind.ADD, new_id(), mask=shape, to_class=sheet.classes[0])
        drawn = Gesture(one.id, "add", (one,), active_ms=2000)
        assert not apply_gestures(sheet.image.id, [drawn], services=services)


def states(sheet: ReviewSheet, opened: Services) -> list[AnnotationState]:
    return [each.state for each in open_sheet(sheet.image.id, services=opened).annotations]


def test_the_history_tells_who_did_what_to_which_objects_newest_first(
    page: AppTest, browser: CanvasEnd, opened: Services
) -> None:
    accept = browser.gesture("accept", browser.edit("accept", 1))
    tell(page, browser, accept, browser.gesture("delete", browser.edit("delete", 2)))
    tell(page, browser, {**browser.gesture("undo"), "after": []})
    undo, delete, first, proposed, beginning = lines(unfolded(page))
    who = f" UTC, {opened.actor.name}: "
    assert undo.startswith("4. ")
    assert undo.endswith(f'{who}took back "delete": object 2 (bolt)')
    assert delete.endswith(f"{who}deleted: object 2 (bolt)")
    assert first.endswith(f"{who}accepted: object 1 (foreign object)")
    assert proposed.endswith("beltmask: found: object 1 (foreign object), object 2 (bolt)")
    assert beginning.startswith("the beginning")
    assert [each for each in ("now", "undone") if f"{each}]" in texts(page)] == ["now", "undone"]


def test_any_point_is_restored_and_undo_takes_that_back(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, opened: Services
) -> None:
    tell(page, browser, browser.gesture("accept", browser.edit("accept", 1)))
    page = press(unfolded(page), back_to(1, sheet))
    assert states(sheet, opened) == [PROPOSED, PROPOSED]
    assert [each["state"] for each in browser.sees["objects"]] == ["proposed", "proposed"]
    assert ["Ctrl+Z takes it back" in each.value for each in page.toast] == [True]
    assert "restored number 1: object 1 (foreign object)" in lines(page)[0]
    assert browser.sees["undo"] == "restore"
    tell(page, browser, browser.gesture("undo"))
    assert states(sheet, opened) == [ACCEPTED, PROPOSED]


def test_the_beginning_is_a_point_too(page: AppTest, sheet: ReviewSheet, opened: Services) -> None:
    page = press(unfolded(page), back_to(0, sheet))
    assert states(sheet, opened) == []
    assert 'restored the beginning: "foreign object", which is gone now' in lines(page)[0]


def test_a_picture_a_colleague_changed_meanwhile_is_not_restored_over(
    page: AppTest, sheet: ReviewSheet, opened: Services
) -> None:
    page = unfolded(page)
    draw(1, sheet, opened)
    page = press(page, back_to(0, sheet))
    [refusal] = [each.value for each in page.toast]
    assert "was changed by somebody else. Reload" in refusal
    assert len(states(sheet, opened)) == 3
    assert lines(page)[0].startswith("2. ")
    page = press(page, back_to(0, sheet))
    assert ["Ctrl+Z takes it back" in each.value for each in page.toast] == [True]


def test_the_point_that_is_now_is_not_offered(page: AppTest) -> None:
    assert restorable(unfolded(page)) == [0]


def test_a_long_history_is_read_in_pages_of_twenty(
    page: AppTest, sheet: ReviewSheet, opened: Services
) -> None:
    draw(41, sheet, opened)
    page = unfolded(page)
    assert restorable(page) == [*range(41, 22, -1), 0]
    page = press(page, "history.earlier")
    assert restorable(page) == [*range(22, 2, -1), 0]
    page = press(page, "history.earlier")
    assert restorable(page) == [2, 1, 0]
    assert "history.earlier" not in [each.key for each in page.button]
    assert restorable(press(page, "history.newest"))[0] == 41


def test_a_history_that_is_closed_is_not_read(page: AppTest, asked: list[str]) -> None:
    page = fresh(page.run())
    assert not [each for each in asked if "operations.changes" in each or "sum(" in each]
    assert lines(page) == []
    unfolded(page)
    assert [each for each in asked if "operations.changes" in each]


def test_reasons_are_told_as_they_were_typed(
    page: AppTest, sheet: ReviewSheet, opened: Services
) -> None:
    seen = sheet.image.revision
    reject_image(sheet.image.id, seen=seen, reason="*blurred*", services=opened)
    assert lines(unfolded(page))[0].endswith('rejected the picture ("*blurred*")')
    press(page, back_to(0, sheet))
    assert open_sheet(sheet.image.id, services=opened).image.review is ReviewState.IN_REVIEW


def test_the_effort_of_the_picture_is_told(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, opened: Services
) -> None:
    assert "Nobody has corrected anything yet." in texts(unfolded(page))
    draw(2, sheet, opened)
    tell(page, browser, browser.gesture("accept", browser.edit("accept", 1)))
    told = "4.9 s at work; 3 gestures (2 add, 1 accept); "
    assert told + "1 object accepted untouched, 0 corrected, 2 drawn" in texts(page)


def test_the_effort_of_the_project_is_told_once_it_is_asked_for(
    app: AppTest, sheet: ReviewSheet, opened: Services
) -> None:
    page = at(app, "admin/project")
    assert not page.metric
    figures = [each.value for each in unfolded(page, "project.effort").metric]
    assert figures == ["0", "–", "–", "–"]
    draw(2, sheet, opened)
    accept = Edit(new_id(), EditKind.ACCEPT, sheet.annotations[0].id, 1)
    done = Gesture(accept.id, "accept", (accept,), active_ms=500)
    apply_gestures(sheet.image.id, [done], services=opened)
    assert [each.value for each in fresh(page.run()).metric] == ["1", "1.5", "1.0", "100%"]


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Asia/Tokyo", "08:30"),
        ("America/New_York", "18:30"),
        (None, "2026-11-20 23:30 UTC"),
        ("../nowhere", "2026-11-20 23:30 UTC"),
        ("Mars/Olympus", "2026-11-20 23:30 UTC"),
    ],
)
def test_times_are_those_of_the_person_s_clock(zone: str | None, told: str) -> None:
    moment = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    now = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    assert short_time(moment, zone=zone, now=now) == told
