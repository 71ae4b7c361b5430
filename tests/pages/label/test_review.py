"""Reviewing a picture by its object list; the canvas has tests of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

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
from beltmask.runs import Answer
from beltmask.workflows import reviewing
from beltmask.workflows.class_changes import change_class
from beltmask.workflows.projects import add_class
from beltmask.workflows.reviewing import Edit, EditKind, Sheet, open_sheet
from beltmask.workflows.services import Services
from tests.pages.conftest import at, fresh, texts


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
    services.tasks.finish(task, Answer(findings=findings))


@pytest.fixture
def sheet(images: list[Image], opened: Services) -> Sheet:
    """The first picture with two proposals of a known class."""
    propose(images[0], ["foreign object", "Foreign  Object"], opened)
    return open_sheet(images[0].id, services=opened)


@pytest.fixture
def page(sheet: Sheet, app: AppTest) -> AppTest:
    return at(app, "label/review")


@dataclass
class Canvas:
    """Keeps the pictures it is shown and tells ``edits``, a last time once it is told to."""

    edits: tuple[Edit, ...] = ()
    once: bool = False
    pictures: list[bytes] = field(default_factory=list)

    def __call__(self, *, picture: bytes, **_: object) -> tuple[Edit, ...]:
        self.pictures.append(picture)
        told, self.edits = self.edits, () if self.once else self.edits
        return told


@pytest.fixture
def canvas(monkeypatch: pytest.MonkeyPatch) -> Canvas:
    """What the page shows and is told in the canvas's place."""
    stand_in = Canvas()
    monkeypatch.setattr("components.canvas.annotation_canvas", stand_in)
    return stand_in


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that has told how much room there is."""
    monkeypatch.setattr("components.canvas.room_for_canvas", lambda **_: 760)


def now(sheet: Sheet, opened: Services) -> Sheet:
    return open_sheet(sheet.image.id, services=opened)


def press(page: AppTest, key: str) -> AppTest:
    return fresh(page.button(key=key).click().run())


def row(kind: str, sheet: Sheet, number: int) -> str:
    annotation = sheet.annotations[number - 1]
    return f"review.{kind}/{annotation.id}/{annotation.revision}"


def test_approving_with_open_proposals_says_what_is_missing(page: AppTest) -> None:
    assert "2 proposed objects left" in texts(press(page, "review.approve"))


def test_accept_all_and_approve_makes_truth(page: AppTest, sheet: Sheet, opened: Services) -> None:
    press(press(page, "review.accept_all"), "review.approve")
    approved = now(sheet, opened)
    assert approved.image.review is ReviewState.APPROVED
    assert {a.state for a in approved.annotations} == {AnnotationState.ACCEPTED}


def test_an_object_can_be_rejected_and_the_rejection_undone(
    page: AppTest, sheet: Sheet, opened: Services
) -> None:
    press(page, row("reject", sheet, 2))
    assert now(sheet, opened).annotations[1].state is AnnotationState.REJECTED
    press(page, "review.undo")
    assert now(sheet, opened).annotations[1].state is AnnotationState.PROPOSED


def test_an_object_can_be_deleted(page: AppTest, sheet: Sheet, opened: Services) -> None:
    press(page, row("delete", sheet, 1))
    assert [a.id for a in now(sheet, opened).annotations] == [sheet.annotations[1].id]


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


def test_a_colleague_who_changed_the_picture_first_is_not_approved_over(
    page: AppTest, sheet: Sheet, opened: Services
) -> None:
    reviewing.accept_all(sheet.image.id, services=opened)
    page = press(page, "review.approve")
    assert "changed by somebody else" in texts(page)
    assert now(sheet, opened).image.review is ReviewState.IN_REVIEW


@pytest.mark.parametrize("elsewhere", ["label/images", "label/detect", "admin/project"])
def test_coming_back_from_another_page_is_no_false_changed_by_somebody_else(
    elsewhere: str, page: AppTest, sheet: Sheet, opened: Services
) -> None:
    page = at(page, elsewhere)
    reviewing.accept_all(sheet.image.id, services=opened)
    page = press(at(page, "label/review"), "review.approve")
    assert "changed by somebody else" not in texts(page)
    assert now(sheet, opened).image.review is ReviewState.APPROVED


def test_a_change_made_after_coming_back_is_not_approved_over(
    page: AppTest, sheet: Sheet, opened: Services
) -> None:
    page = at(at(page, "label/images"), "label/review")
    reviewing.accept_all(sheet.image.id, services=opened)
    page = press(page, "review.approve")
    assert "changed by somebody else" in texts(page)
    assert now(sheet, opened).image.review is ReviewState.IN_REVIEW


def test_an_approved_picture_is_opened_again_by_an_edit(
    page: AppTest, sheet: Sheet, opened: Services
) -> None:
    press(press(page, "review.accept_all"), "review.approve")
    press(page, row("reject", now(sheet, opened), 1))
    assert now(sheet, opened).image.review is ReviewState.IN_REVIEW


def test_undo_does_not_take_back_what_a_colleague_has_just_done(
    page: AppTest, sheet: Sheet, opened: Services
) -> None:
    press(page, row("accept", sheet, 1))
    theirs = reviewing.reject_image(
        sheet.image.id, seen=now(sheet, opened).image.revision, reason="blurred", services=opened
    )
    page = press(page, "review.undo")
    assert "changed by somebody else" in texts(page)
    assert now(sheet, opened).image == theirs.image
    assert now(sheet, opened).annotations[0].state is AnnotationState.ACCEPTED


def test_accept_all_does_not_accept_what_nobody_has_seen(
    page: AppTest, sheet: Sheet, images: list[Image], opened: Services
) -> None:
    propose(images[0], ["foreign object"] * 3, opened)
    page = press(page, "review.accept_all")
    assert "changed by somebody else" in texts(page)
    assert now(sheet, opened).open_count == 3


def test_a_refusal_leaves_the_objects_on_the_page(page: AppTest, sheet: Sheet) -> None:
    page = press(page, "review.approve")
    assert page.button(key=row("accept", sheet, 1))


def test_a_rejected_picture_says_why(page: AppTest, sheet: Sheet, opened: Services) -> None:
    reviewing.reject_image(
        sheet.image.id, seen=sheet.image.revision, reason="blurred", services=opened
    )
    assert 'Rejected: "blurred"' in texts(fresh(page.run()))


@pytest.mark.usefixtures("room")
def test_a_gesture_refused_for_a_colleague_s_change_says_so_until_one_goes_through(
    canvas: Canvas, page: AppTest, sheet: Sheet, opened: Services
) -> None:
    first = sheet.annotations[0]
    accept = Edit("theirs", EditKind.ACCEPT, first.id, first.revision)
    reviewing.apply_edits(sheet.image.id, [accept], services=opened)
    canvas.edits = (Edit("mine", EditKind.DELETE, first.id, first.revision),)
    page = fresh(page.run())
    assert "somebody else changed this object" in texts(page)
    assert now(sheet, opened).annotations[0].state is AnnotationState.ACCEPTED
    canvas.edits = ()
    page = fresh(page.run())
    assert "somebody else changed this object" in texts(page)
    page = press(page, row("reject", sheet, 2))
    assert "somebody else" not in texts(page)


@pytest.mark.usefixtures("room")
def test_a_refused_shape_that_is_told_twice_is_still_said_to_be_refused(
    canvas: Canvas, page: AppTest, sheet: Sheet, opened: Services
) -> None:
    first = sheet.annotations[0]
    accept = Edit("theirs", EditKind.ACCEPT, first.id, first.revision)
    reviewing.apply_edits(sheet.image.id, [accept], services=opened)
    mine = mask_from_box(Box(5, 5, 40, 40))
    canvas.edits = (Edit("mine", EditKind.RESHAPE, first.id, first.revision, mine),)
    assert "kept as object 3" in texts(fresh(page.run()))
    canvas.once = True
    assert "kept as object 3" in texts(fresh(page.run()))


@pytest.mark.usefixtures("room")
def test_the_numbers_on_the_picture_follow_every_edit(
    canvas: Canvas, page: AppTest, sheet: Sheet
) -> None:
    press(page, row("reject", sheet, 2))
    assert canvas.pictures[-1] != canvas.pictures[0]
    press(page, "review.undo")
    assert canvas.pictures[-1] == canvas.pictures[0]


@pytest.mark.usefixtures("room")
def test_the_numbers_on_the_picture_take_a_class_s_new_colour(
    canvas: Canvas, page: AppTest, sheet: Sheet, opened: Services
) -> None:
    change_class(replace(sheet.classes[0], color="#112233"), services=opened)
    fresh(page.run())
    assert canvas.pictures[-1] != canvas.pictures[0]


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


def test_no_canvas_is_drawn_by_a_guess_to_be_taken_from_under_the_hand(
    canvas: Canvas, page: AppTest
) -> None:
    page.run()
    assert canvas.pictures == []
