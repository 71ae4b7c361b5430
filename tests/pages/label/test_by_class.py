"""The By class page; what is done on its sheet by hand is tried in a browser."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.errors import DatabaseUnavailableError
from beltmask.messages import as_said
from beltmask.model import AnnotationState, Image
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from components import object_pages
from tests.belts import belt_png
from tests.pages.conftest import APP, SECONDS, at, fresh, press, texts
from tests.pages.label.test_review import propose


class SheetEnd:
    """The contact sheet's end of the line: keeps what it is shown, and says the tail it has."""

    def __init__(self) -> None:
        self.tail: list[object] = []
        self.shown: list[dict[str, Any]] = []

    def __call__(self, *, data: dict[str, Any], **_: object) -> dict[str, object]:
        self.shown.append(json.loads(json.dumps(data)))
        return {"tail": {"round": 1, "decisions": self.tail}}

    @property
    def objects(self) -> list[dict[str, Any]]:
        return list(self.shown[-1]["objects"])

    @property
    def answer(self) -> str:
        return str(self.shown[-1]["settled"]["d1"])

    def decision(self, kind: str, **others: Any) -> dict[str, Any]:
        targets = [
            {"id": o["id"], "image": o["image"], "sha": o["sha"], "base": o["revision"]}
            for o in self.objects
        ]
        return {"id": "d1", "kind": kind, "objects": targets, "class": None, "of": None, **others}


@pytest.fixture
def sheet(monkeypatch: pytest.MonkeyPatch) -> SheetEnd:
    stand_in = SheetEnd()
    monkeypatch.setattr("components.contact_sheet._mount", stand_in)
    return stand_in


def visit(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=SECONDS)
    for name, value in {"project": "Line 3", **query}.items():
        app.query_params[name] = value
    return at(app.run(), "label/by_class")


def ids(sheet: SheetEnd) -> list[str]:
    return [each["id"] for each in sheet.objects]


def test_a_page_without_objects_says_what_to_do(images: list[Image]) -> None:
    page = visit()
    assert "No object is of this class and state." in texts(page)


def test_a_link_carries_class_and_state(
    images: list[Image], opened: Services, sheet: SheetEnd
) -> None:
    propose(images[0], ["foreign object", "bolt"], opened)
    propose(images[1], ["bolt"], opened)
    visit()
    assert [each["label"] for each in sheet.objects] == ["foreign object"]
    visit(of_class="No class", object_state="proposed")
    assert [each["label"] for each in sheet.objects] == ["bolt?", "bolt?"]
    assert "No object" in texts(visit(of_class="No class", object_state="rejected"))


def test_pages_lead_on_and_back_and_stay_put_while_one_decides(
    images: list[Image],
    opened: Services,
    sheet: SheetEnd,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(object_pages, "PAGE_SIZE", 2)
    for image in images:
        propose(image, ["foreign object"], opened)
    page = visit(object_state="proposed")
    assert "2 on this page, 0 before, 3 in all" in texts(page)
    first = ids(sheet)
    sheet.tail = [sheet.decision("accept")]
    page = fresh(page.run())
    assert ids(sheet) == first
    assert {each["state"] for each in sheet.objects} == {"accepted"}
    assert sheet.answer == "Saved: 2 objects accepted."
    page = press(page, "by_class.Next page")
    [last] = ids(sheet)
    assert last not in first
    assert page.button(key="by_class.Next page").disabled
    assert page.button(key="by_class.Previous page").disabled
    press(page, "by_class.anew")
    assert ids(sheet) == [last]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"id": "d1", "kind": "explode", "objects": []}, id="another kind"),
        pytest.param({"id": "d1", "kind": "accept", "objects": [{"id": 3}]}, id="no object"),
        pytest.param({"id": "d1", "kind": "accept"}, id="no objects"),
    ],
)
def test_a_decision_that_cannot_be_read_is_said_to_be(
    broken: dict[str, Any], images: list[Image], opened: Services, sheet: SheetEnd
) -> None:
    propose(images[0], ["foreign object"], opened)
    sheet.tail = [broken, "nonsense", {"kind": "accept"}]
    visit()
    assert "could not be read" in sheet.answer


def test_a_class_that_is_gone_is_refused_in_words(
    images: list[Image], opened: Services, sheet: SheetEnd
) -> None:
    propose(images[0], ["foreign object"], opened)
    page = visit()
    sheet.tail = [sheet.decision("relabel", **{"class": 999})]
    page.run()
    assert "relabelling needs a class" in sheet.answer
    [kept] = open_sheet(images[0].id, services=opened).annotations
    assert kept.state is AnnotationState.PROPOSED


def test_keys_of_classes_are_their_own_or_the_next_free_digit(
    images: list[Image], opened: Services, sheet: SheetEnd
) -> None:
    propose(images[0], ["foreign object"], opened)
    visit()
    assert [each["key"] for each in sheet.shown[-1]["classes"]] == ["1"]


def test_a_decision_of_another_database_has_no_answer_and_stays_in_the_browser(
    images: list[Image], opened: Services, sheet: SheetEnd
) -> None:
    propose(images[0], ["foreign object"], opened)
    page = visit()
    theirs = sheet.decision("reject")
    theirs["objects"][0]["sha"] = "0" * 16
    sheet.tail = [theirs]
    page.run()
    assert sheet.shown[-1]["settled"] == {}
    assert sheet.shown[-1]["elsewhere"] == ["d1"]
    [kept] = open_sheet(images[0].id, services=opened).annotations
    assert kept.state is AnnotationState.PROPOSED


def test_what_was_decided_before_another_project_was_opened_is_saved_from_there(
    images: list[Image], opened: Services, sheet: SheetEnd
) -> None:
    propose(images[0], ["foreign object"], opened)
    visit()
    sheet.tail = [sheet.decision("accept")]
    other = create_project("Line 4", services=opened)
    added = add_picture(
        "other.png", belt_png(9, object_count=1), project_id=other.id, services=opened
    )
    assert added.image is not None
    propose(added.image, ["foreign object"], opened)
    visit(project="Line 4")
    assert [each["picture"] for each in sheet.objects] == ["other.png"]
    assert sheet.answer == "Saved: 1 object accepted."
    [kept] = open_sheet(images[0].id, services=opened).annotations
    assert kept.state is AnnotationState.ACCEPTED


def test_a_decision_the_database_could_not_take_waits_until_it_can(
    images: list[Image], opened: Services, sheet: SheetEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(images[0], ["foreign object"], opened)
    page = visit()
    sheet.tail = [sheet.decision("accept")]
    with monkeypatch.context() as broken:
        broken.setattr("components.contact_sheet.save.decide", no_database)
        page = page.run()
    assert "Check BELTMASK_DATABASE_URL" in texts(page)
    assert sheet.shown[-1]["settled"] == {}
    page.run()
    assert sheet.answer == "Saved: 1 object accepted."


def no_database(*_: object, **_others: object) -> None:
    raise DatabaseUnavailableError(as_said("the database does not answer"))
