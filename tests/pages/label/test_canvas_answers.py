"""What becomes of what the canvas tells at the start of a run, and for how long it is told so."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from beltmask.errors import DatabaseUnavailableError
from beltmask.masks import mask_from_box
from beltmask.messages import as_said
from beltmask.model import AnnotationState, Box, Image, ReviewState
from beltmask.review import Edit, EditKind
from beltmask.settings import DATABASE
from beltmask.workflows.history import new_id
from beltmask.workflows.projects import classes_of
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from tests.gestures import apply_edits
from tests.pages.conftest import at, fresh, texts
from tests.pages.label.canvas_end import CanvasEnd


class Telling(CanvasEnd):
    """Tells as the browser does: its tail is in the session before the page runs."""

    def __call__(self, *, data: dict[str, Any], **others: Any) -> dict[str, object]:
        told = {"round": 1, "gestures": self.tail}
        if self.tail and st.session_state.get("review.canvas", {}).get("tail") != told:
            st.session_state["review.canvas"] = {"tail": told}
            others["on_tail_change"]()
        return super().__call__(data=data, **others)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Telling:
    stand_in = Telling()
    monkeypatch.setattr("components.canvas._mount", stand_in)
    return stand_in


@pytest.fixture
def sheet(images: list[Image], opened: Services) -> ReviewSheet:
    """The first picture with two objects a person drew."""
    shapes = (mask_from_box(Box(60 * n + 10, 20, 60 * n + 50, 60)) for n in range(2))
    first = classes_of(images[0].project_id, services=opened)[0]
    drawn = [Edit(new_id(), EditKind.ADD, new_id(), mask=s, to_class=first) for s in shapes]
    return apply_edits(images[0].id, drawn, services=opened)


@pytest.fixture
def page(sheet: ReviewSheet, browser: Telling, app: AppTest) -> AppTest:
    return at(app, "label/review")


def tell(page: AppTest, browser: Telling, *gestures: dict[str, Any]) -> AppTest:
    """The run the browser asks for, and the one that shows what came of it."""
    browser.tail = list(gestures)
    fresh(page.run())
    return fresh(page.run())


def changed_by_a_colleague(sheet: ReviewSheet, number: int, services: Services) -> None:
    seen = sheet.annotations[number - 1]
    edit = Edit(new_id(), EditKind.REJECT, seen.id, seen.revision)
    apply_edits(sheet.image.id, [edit], services=services)


def test_an_approval_leads_to_the_following_picture(
    page: AppTest, browser: Telling, sheet: ReviewSheet, images: list[Image]
) -> None:
    tell(page, browser, browser.gesture("approve"))
    assert browser.sees["image"]["id"] == images[1].id


def test_a_refused_approval_stays_on_its_page(
    page: AppTest, browser: Telling, sheet: ReviewSheet, images: list[Image], opened: Services
) -> None:
    approve = browser.gesture("approve", browser.edit("accept", 1))
    changed_by_a_colleague(sheet, 1, opened)
    tell(page, browser, approve)
    assert browser.sees["image"]["id"] == images[0].id
    assert browser.sees["refused"].keys() == {approve["id"]}
    kept = open_sheet(images[0].id, services=opened).image
    assert kept.review is not ReviewState.APPROVED


def test_a_refusal_is_told_for_as_long_as_the_browser_asks_for_it(
    page: AppTest, browser: Telling, sheet: ReviewSheet, opened: Services
) -> None:
    stale = browser.gesture("delete", browser.edit("delete", 1))
    good = browser.gesture("reject", browser.edit("reject", 2))
    changed_by_a_colleague(sheet, 1, opened)
    tell(page, browser, stale)
    told = browser.sees["refused"]
    assert told.keys() == {stale["id"]}
    tell(page, browser, stale, good)
    assert browser.sees["refused"] == told
    assert good["id"] in browser.sees["applied"]
    tell(page, browser, good)
    assert browser.sees["refused"] == {}


def test_what_a_database_could_not_take_has_no_answer_and_is_saved_when_it_can(
    page: AppTest,
    browser: Telling,
    sheet: ReviewSheet,
    monkeypatch: pytest.MonkeyPatch,
    opened: Services,
) -> None:
    reject = browser.gesture("reject", browser.edit("reject", 1))
    browser.tail = [reject]
    with monkeypatch.context() as broken:
        broken.setattr("components.canvas.save.apply_gestures", no_database)
        fresh(page.run())
        assert "the database does not answer" in texts(page)
        assert browser.sees["refused"] == {}
    fresh(page.run())
    assert "the database does not answer" not in texts(fresh(page.run()))
    assert browser.sees["applied"] == [reject["id"]]
    first = open_sheet(sheet.image.id, services=opened).annotations[0]
    assert first.state is AnnotationState.REJECTED


def test_what_is_told_while_the_database_s_file_is_gone_is_neither_saved_nor_refused(
    page: AppTest,
    browser: Telling,
    sheet: ReviewSheet,
    opened: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So the browser keeps it, and it is saved once the file is back."""
    reject = browser.gesture("reject", browser.edit("reject", 1))
    file = opened.settings.data / DATABASE
    aside = file.rename(file.with_name("aside"))
    answers: list[tuple[object, object]] = []

    def bring_it_back(_: float) -> None:
        answers.append((browser.sees["refused"], browser.sees["applied"]))
        assert not file.exists()
        aside.rename(file)

    monkeypatch.setattr("components.outage.sleep", bring_it_back)
    tell(page, browser, reject)
    assert answers == [({}, [])]
    assert browser.sees["applied"] == [reject["id"]]
    first = open_sheet(sheet.image.id, services=opened).annotations[0]
    assert first.state is AnnotationState.REJECTED


def no_database(*_: object, **_others: object) -> None:
    raise DatabaseUnavailableError(as_said("the database does not answer"))
