"""The Review page and what it tells the canvas, a stand-in for the browser's end of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.masks import mask_from_box
from beltmask.model import (
    THE_APP,
    AnnotationState,
    Box,
    Finding,
    Image,
    MaskSource,
    Prompt,
    ReviewState,
)
from beltmask.review import Edit, EditKind
from beltmask.runs import TaskAnswer
from beltmask.workflows import image_review
from beltmask.workflows.class_changes import change_class
from beltmask.workflows.history import new_id
from beltmask.workflows.image_access import crop_of, shape_key
from beltmask.workflows.projects import add_class
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from tests.gestures import accept_all, apply_edits
from tests.pages.conftest import at, fresh, press, texts
from tests.pages.label.canvas_end import CanvasEnd


def propose(image: Image, labels: Sequence[str], services: Services) -> None:
    """Put one box-shaped proposal per label on an image, as a run does."""
    with services.store.write() as records:
        run = records.runs.add(image.project_id, Prompt("offline", ""), [image.id], actor=THE_APP)
    task = services.tasks.claim(run.id)
    assert task is not None
    boxes = [Box(60 * n + 10, 20, 60 * n + 50, 60) for n in range(len(labels))]
    findings = [
        Finding(label, box, mask_from_box(box), MaskSource.MODEL)
        for label, box in zip(labels, boxes, strict=True)
    ]
    services.tasks.finish(task, TaskAnswer(findings=findings))


@pytest.fixture
def sheet(images: list[Image], opened: Services) -> ReviewSheet:
    """The first picture with two proposals of a known class."""
    propose(images[0], ["foreign object", "Foreign  Object"], opened)
    return open_sheet(images[0].id, services=opened)


@pytest.fixture
def page(sheet: ReviewSheet, browser: CanvasEnd, app: AppTest) -> AppTest:
    return at(app, "label/review")


def now(sheet: ReviewSheet, opened: Services) -> ReviewSheet:
    return open_sheet(sheet.image.id, services=opened)


def tell(page: AppTest, browser: CanvasEnd, *gestures: dict[str, Any]) -> AppTest:
    browser.tail = list(gestures)
    return fresh(page.run())


def test_the_canvas_is_shown_the_objects_without_their_masks(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet
) -> None:
    assert not page.exception
    first = browser.sees["objects"][0]
    assert first["id"] == sheet.annotations[0].id
    assert (first["number"], first["state"], first["label"]) == (1, "proposed", "foreign object")
    assert first["shape"] == shape_key(crop_of(sheet.annotations[0]))
    assert "counts" not in json.dumps(browser.sees)


def test_a_gesture_is_saved_and_answered(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, opened: Services
) -> None:
    reject = browser.gesture("reject", browser.edit("reject", 2))
    tell(page, browser, reject)
    assert now(sheet, opened).annotations[1].state is AnnotationState.REJECTED
    assert browser.sees["applied"] == [reject["id"]]
    assert browser.sees["objects"][1]["state"] == "rejected"
    assert browser.sees["undo"] == "reject"


def test_a_gesture_that_is_told_again_is_saved_once(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, opened: Services
) -> None:
    mask = {"x": 5, "y": 6, "width": 2, "height": 2, "counts": "04"}
    new = {"do": "add", "object": new_id(), "base": 0, "after": [], "mask": mask}
    drawn = browser.gesture("add", {**new, "class": sheet.classes[0].id})
    tell(tell(page, browser, drawn), browser, drawn)
    [added] = now(sheet, opened).annotations[2:]
    assert added.mask == mask_from_box(Box(5, 6, 7, 8))
    assert now(sheet, opened).image.revision == sheet.image.revision + 1


def test_a_gesture_on_what_a_colleague_changed_is_refused_with_words_and_the_others_go_through(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, opened: Services
) -> None:
    first = sheet.annotations[0]
    accept = Edit(new_id(), EditKind.ACCEPT, first.id, first.revision)
    apply_edits(sheet.image.id, [accept], services=opened)
    stale = browser.gesture("delete", browser.edit("delete", 1))
    good = browser.gesture("reject", browser.edit("reject", 2))
    tell(page, browser, stale, good)
    states = [each.state for each in now(sheet, opened).annotations]
    assert states == [AnnotationState.ACCEPTED, AnnotationState.REJECTED]
    told = browser.sees["refused"][stale["id"]]
    assert "omebody else changed this object" in told["why"]
    assert told["objects"] == [first.id]
    assert good["id"] in browser.sees["applied"]


def test_what_nobody_could_have_drawn_is_refused_with_words_and_the_others_go_through(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, opened: Services
) -> None:
    mask = {"x": 0, "y": 0, "width": 9, "height": 9, "counts": "zz"}
    broken = browser.gesture("reshape", browser.edit("reshape", 1, mask=mask))
    unknown = browser.gesture("reshape", browser.edit("explode", 1))
    good = browser.gesture("reject", browser.edit("reject", 2))
    tell(page, browser, broken, unknown, {"no": "name"}, good)
    assert "could not be read" in browser.sees["refused"][broken["id"]]["why"]
    assert "could not be read" in browser.sees["refused"][unknown["id"]]["why"]
    assert now(sheet, opened).annotations[1].state is AnnotationState.REJECTED
    assert now(sheet, opened).annotations[0].mask == sheet.annotations[0].mask


def test_a_gesture_made_in_another_database_stays_in_the_browser(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, opened: Services
) -> None:
    elsewhere = browser.gesture("reject", browser.edit("reject", 1)) | {"sha": "0" * 16}
    nowhere = browser.gesture("reject", browser.edit("reject", 1)) | {"image": 10_000}
    tell(page, browser, elsewhere, nowhere)
    assert now(sheet, opened).image.revision == sheet.image.revision
    assert browser.sees["applied"] == []
    assert browser.sees["refused"] == {}
    assert browser.sees["elsewhere"] == [elsewhere["id"], nowhere["id"]]


def test_a_gesture_of_another_database_on_a_picture_of_the_same_number_stops_no_other(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, opened: Services
) -> None:
    elsewhere = browser.gesture("reject", browser.edit("reject", 1)) | {"sha": "0" * 16}
    mine = browser.gesture("reject", browser.edit("reject", 2))
    tell(page, browser, elsewhere, mine)
    assert browser.sees["applied"] == [mine["id"]]
    assert now(sheet, opened).annotations[1].state is AnnotationState.REJECTED


def test_a_picture_with_proposals_nobody_saw_is_not_approved(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, images: list[Image], opened: Services
) -> None:
    seen = (browser.edit("accept", 1), browser.edit("accept", 2))
    approve = browser.gesture("approve", *seen)
    propose(images[0], ["foreign object"] * 3, opened)
    tell(page, browser, approve)
    assert browser.sees["refused"].keys() == {approve["id"]}
    assert now(sheet, opened).image.review is not ReviewState.APPROVED


def test_a_class_s_new_colour_reaches_the_canvas(
    page: AppTest, browser: CanvasEnd, sheet: ReviewSheet, opened: Services
) -> None:
    change_class(replace(sheet.classes[0], color="#112233"), services=opened)
    fresh(page.run())
    assert {each["color"] for each in browser.sees["objects"]} == {"#112233"}


def test_a_picture_a_colleague_changed_meanwhile_is_not_rejected_over(
    page: AppTest, sheet: ReviewSheet, opened: Services
) -> None:
    accept_all(sheet.image.id, services=opened)
    page.text_input[0].set_value("blurred")
    [reject] = [each for each in page.button if each.label == "Reject the picture"]
    page = fresh(reject.click().run())
    assert "changed by somebody else" in texts(page)
    assert now(sheet, opened).image.review is ReviewState.IN_REVIEW


def test_a_label_without_a_class_is_asked_about_once(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    propose(images[1], ["bolt", "bolt"], opened)
    propose(images[2], ["bolt"], opened)
    app.query_params["image"] = str(images[1].id)
    page = at(app, "label/review")
    assert "No class for" in texts(page)
    [remember] = [each for each in page.button if each.label == "Remember"]
    fresh(remember.click().run())
    mapped = open_sheet(images[1].id, services=opened)
    assert mapped.unclassed == ()
    assert [each.name for each in mapped.classes] == ["foreign object", "bolt"]
    assert open_sheet(images[2].id, services=opened).unclassed == ()


def test_a_rejected_picture_says_why(page: AppTest, sheet: ReviewSheet, opened: Services) -> None:
    image_review.reject_image(
        sheet.image.id, seen=sheet.image.revision, reason="blurred", services=opened
    )
    assert 'Rejected: "blurred"' in texts(fresh(page.run()))


def test_a_label_that_means_a_class_by_now_is_not_offered_as_a_new_one(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    propose(images[1], ["bolt"], opened)
    bolt = add_class(images[1].project_id, "Bolt", services=opened)
    app.query_params["image"] = str(images[1].id)
    page = at(app, "label/review")
    [remember] = [each for each in page.button if each.label == "Remember"]
    page = fresh(remember.click().run())
    assert not page.error
    [only] = open_sheet(images[1].id, services=opened).annotations
    assert only.class_id == bolt.id


def test_a_browser_that_has_not_heard_of_the_next_picture_does_not_lead_back_to_the_last(
    page: AppTest, browser: CanvasEnd, images: list[Image]
) -> None:
    page = press(page, "queue.Next")
    assert browser.sees["image"]["id"] == images[1].id
    page.query_params["image"] = str(images[0].id)
    fresh(page.run())
    assert browser.sees["image"]["id"] == images[1].id
