"""The By class page; what is done on its sheet by hand is tried in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import AnnotationState, Image
from beltmask.workflows.reviewing import open_sheet
from beltmask.workflows.services import Services
from components import object_pages
from tests.pages.conftest import APP, SECONDS, at, fresh, press, texts
from tests.pages.label.test_review import propose


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the sheet was given, run by run."""
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "components.contact_sheet._mount", lambda *, data, **_others: given.append(data)
    )
    return given


def visit(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=SECONDS)
    for name, value in {"project": "Line 3", **query}.items():
        app.query_params[name] = value
    return at(app.run(), "label/by_class")


def tell(page: AppTest, *tail: object) -> AppTest:
    page.session_state["by_class.sheet"] = {"tail": list(tail)}
    return fresh(page.run())


def told(kind: str, *objects: dict[str, Any], **others: Any) -> dict[str, Any]:
    targets = [{"id": o["id"], "image": o["image"], "base": o["revision"]} for o in objects]
    return {"id": "d1", "kind": kind, "objects": targets, "class": None, "of": None, **others}


def ids(data: dict[str, Any]) -> list[str]:
    return [each["id"] for each in data["objects"]]


def test_a_page_without_objects_says_what_to_do(images: list[Image]) -> None:
    page = visit()
    assert "No object is of this class and state." in texts(page)


def test_a_link_carries_class_and_state(
    images: list[Image], opened: Services, shown: list[dict[str, Any]]
) -> None:
    propose(images[0], ["foreign object", "bolt"], opened)
    propose(images[1], ["bolt"], opened)
    visit()
    assert [each["label"] for each in shown[-1]["objects"]] == ["foreign object"]
    visit(of_class="No class", object_state="proposed")
    assert [each["label"] for each in shown[-1]["objects"]] == ["bolt?", "bolt?"]
    assert "No object" in texts(visit(of_class="No class", object_state="rejected"))


def test_pages_lead_on_and_back_and_stay_put_while_one_decides(
    images: list[Image],
    opened: Services,
    shown: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(object_pages, "PAGE_SIZE", 2)
    for image in images:
        propose(image, ["foreign object"], opened)
    page = visit(object_state="proposed")
    assert "2 on this page, 0 before, 3 in all" in texts(page)
    first = ids(shown[-1])
    page = tell(page, told("accept", *shown[-1]["objects"]))
    assert ids(shown[-1]) == first
    assert {each["state"] for each in shown[-1]["objects"]} == {"accepted"}
    assert shown[-1]["settled"]["d1"] == "Saved: 2 objects accepted."
    page = press(page, "by_class.Next page")
    [last] = ids(shown[-1])
    assert last not in first
    assert page.button(key="by_class.Next page").disabled
    assert page.button(key="by_class.Previous page").disabled
    press(page, "by_class.anew")
    assert ids(shown[-1]) == [last]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"id": "d1", "kind": "explode", "objects": []}, id="another kind"),
        pytest.param({"id": "d1", "kind": "accept", "objects": [{"id": 3}]}, id="no object"),
        pytest.param({"id": "d1", "kind": "accept"}, id="no objects"),
    ],
)
def test_a_decision_that_cannot_be_read_is_said_to_be(
    broken: dict[str, Any], images: list[Image], opened: Services, shown: list[dict[str, Any]]
) -> None:
    propose(images[0], ["foreign object"], opened)
    tell(visit(), broken, "nonsense", {"kind": "accept"})
    assert "could not be read" in shown[-1]["settled"]["d1"]


def test_a_class_that_is_gone_is_refused_in_words(
    images: list[Image], opened: Services, shown: list[dict[str, Any]]
) -> None:
    propose(images[0], ["foreign object"], opened)
    page = visit()
    tell(page, told("relabel", *shown[-1]["objects"], **{"class": 999}))
    assert "relabelling needs a class" in shown[-1]["settled"]["d1"]
    [kept] = open_sheet(images[0].id, services=opened).annotations
    assert kept.state is AnnotationState.PROPOSED


def test_keys_of_classes_are_their_own_or_the_next_free_digit(
    images: list[Image], opened: Services, shown: list[dict[str, Any]]
) -> None:
    propose(images[0], ["foreign object"], opened)
    visit()
    assert [each["key"] for each in shown[-1]["classes"]] == ["1"]
