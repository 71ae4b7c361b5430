"""The review of an image as a person goes through it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from beltmask.errors import (
    BeltMaskError,
    NotFoundError,
    OpenProposalsError,
    ReviewError,
    StaleRevisionError,
)
from beltmask.masks import mask_from_box
from beltmask.model import AnnotationState, Box, Image, Mask, ReviewState
from beltmask.review import Edit, EditKind, Gesture, GestureKind
from beltmask.workflows.history import new_id
from beltmask.workflows.image_review import give_class, reject_image, reopen
from beltmask.workflows.projects import add_class
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import content, finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.gestures import accept_all, apply_edits, approve, send, undo

Write = Callable[[int, Services], object]


def settle_all(image_id: int, services: Services) -> ReviewSheet:
    sheet = open_sheet(image_id, services=services)
    for label in sheet.unclassed:
        give_class(image_id, label, sheet.classes[0], services=services)
    return accept_all(image_id, services=services)


def adding(shape: Mask, sheet: ReviewSheet) -> Edit:
    return Edit(new_id(), EditKind.ADD, new_id(), 0, shape, sheet.classes[0])


def contents(sheet: ReviewSheet) -> list[tuple[object, ...]]:
    return sorted(map(content, sheet.annotations), key=lambda each: str(each[0]))


def test_from_proposals_to_truth(predicted: ReviewSheet, services: Services) -> None:
    image_id = predicted.image.id
    assert predicted.image.review is ReviewState.PREDICTED
    assert predicted.unclassed == ("tin",)
    settled = settle_all(image_id, services)
    assert settled.image.review is ReviewState.IN_REVIEW
    approved = approve(image_id, seen=settled.image.revision, services=services)
    assert (approved.image.review, approved.image.object_count) == (ReviewState.APPROVED, 2)


def test_an_image_with_open_proposals_is_not_approved(
    predicted: ReviewSheet, services: Services
) -> None:
    image = predicted.image
    alone = Gesture(new_id(), GestureKind.APPROVE, base=image.revision)
    with pytest.raises(OpenProposalsError, match="2 proposed objects left"):
        send(image.id, [alone], services=services)
    assert open_sheet(image.id, services=services).image == image


def test_an_image_with_no_objects_is_approved_as_a_negative(
    image: Image, services: Services
) -> None:
    sheet = approve(image.id, seen=image.revision, services=services)
    assert (sheet.image.review, sheet.image.object_count) == (ReviewState.APPROVED, 0)


@pytest.mark.parametrize("kind", [k for k in EditKind if k is not EditKind.ADD])
def test_editing_an_approved_image_brings_it_back_to_review(
    kind: EditKind, predicted: ReviewSheet, services: Services
) -> None:
    image_id = predicted.image.id
    settled = settle_all(image_id, services)
    approve(image_id, seen=settled.image.revision, services=services)
    first = settled.annotations[0]
    edit = Edit(new_id(), kind, first.id, first.revision, mask(5, 5), settled.classes[0], layer=1)
    sheet = apply_edits(image_id, [edit], services=services)
    assert sheet.image.review is ReviewState.IN_REVIEW
    back = undo(image_id, services=services)
    assert back.image.review is ReviewState.APPROVED
    assert contents(back) == contents(settled)


def test_applying_an_edit_twice_changes_nothing(predicted: ReviewSheet, services: Services) -> None:
    edits = [adding(mask(40, 5), predicted)]
    once = apply_edits(predicted.image.id, edits, services=services)
    twice = apply_edits(predicted.image.id, edits, services=services)
    assert twice.image == once.image
    assert contents(twice) == contents(once)


def test_a_change_of_another_object_is_no_reason_to_refuse(
    predicted: ReviewSheet, services: Services
) -> None:
    first, second = predicted.annotations
    for each in (first, second):
        edit = Edit(new_id(), EditKind.REJECT, each.id, each.revision)
        sheet = apply_edits(predicted.image.id, [edit], services=services)
    assert {each.state for each in sheet.annotations} == {AnnotationState.REJECTED}
    assert sheet.image.object_count == 0


@pytest.mark.parametrize(
    "write",
    [
        lambda image_id, s: approve(image_id, seen=0, services=s),
        lambda image_id, s: reject_image(image_id, seen=0, reason="blurred", services=s),
        lambda image_id, s: reopen(image_id, seen=0, services=s),
    ],
    ids=["approve", "reject", "reopen"],
)
def test_an_image_changed_since_it_was_seen_is_not_settled(
    write: Write, predicted: ReviewSheet, services: Services
) -> None:
    with pytest.raises(StaleRevisionError, match=r"belt-1\.png was changed by somebody else"):
        write(predicted.image.id, services)


def test_a_rejected_image_says_why_and_can_be_reopened(image: Image, services: Services) -> None:
    with pytest.raises(ReviewError, match="a reason is needed"):
        reject_image(image.id, seen=image.revision, reason="  ", services=services)
    sheet = reject_image(image.id, seen=image.revision, reason=" blurred ", services=services)
    assert sheet.image.review is ReviewState.REJECTED
    assert sheet.last is not None
    assert sheet.last.detail == {"reason": "blurred"}
    again = reopen(image.id, seen=sheet.image.revision, services=services)
    assert again.image.review is ReviewState.IN_REVIEW


def test_more_edits_than_anybody_counts_can_all_be_undone(image: Image, services: Services) -> None:
    """Once there were 100 undone operations, older ones could not be reached any more."""
    sheet = open_sheet(image.id, services=services)
    edits = [adding(mask_from_box(Box(n % 50, 2, n % 50 + 3, 5)), sheet) for n in range(105)]
    apply_edits(image.id, edits, services=services)
    for _ in edits:
        sheet = undo(image.id, services=services)
    assert (sheet.annotations, sheet.image.review) == ([], ReviewState.NEW)
    assert sheet.last is None
    with pytest.raises(ReviewError, match="nothing to undo"):
        undo(image.id, services=services)


def test_undo_gives_back_what_was_deleted_bit_for_bit(
    predicted: ReviewSheet, services: Services
) -> None:
    image_id, first = predicted.image.id, predicted.annotations[0]
    apply_edits(
        image_id, [Edit(new_id(), EditKind.DELETE, first.id, first.revision)], services=services
    )
    assert contents(undo(image_id, services=services)) == contents(predicted)


def test_an_edit_made_before_an_undo_is_stale_after_it(
    predicted: ReviewSheet, services: Services
) -> None:
    image_id, first = predicted.image.id, predicted.annotations[0]
    for kind in (EditKind.ACCEPT, EditKind.DELETE):
        edit = Edit(new_id(), kind, first.id, first.revision)
        apply_edits(image_id, [edit], services=services)
        undo(image_id, services=services)
        with pytest.raises(StaleRevisionError):
            apply_edits(image_id, [replace(edit, id=new_id())], services=services)
        first = next(
            a for a in open_sheet(image_id, services=services).annotations if a.id == first.id
        )


def test_giving_a_class_reaches_every_object_of_that_label(
    image: Image, services: Services
) -> None:
    detected(image, services, [finding("tin", mask(2, 3)), finding("tin", mask(30, 20))])
    can = add_class(image.project_id, "can", services=services)
    sheet = give_class(image.id, "tin", can, services=services)
    assert [each.class_id for each in sheet.annotations] == [can.id, can.id]
    assert sheet.unclassed == ()


def test_giving_a_class_to_no_object_changes_nothing(image: Image, services: Services) -> None:
    [first] = open_sheet(image.id, services=services).classes
    assert give_class(image.id, "tin", first, services=services).image == image


def test_accepting_all_of_nothing_changes_nothing(image: Image, services: Services) -> None:
    assert accept_all(image.id, services=services).image == image


def test_an_object_drawn_over_the_edge_ends_at_the_edge(image: Image, services: Services) -> None:
    sheet = open_sheet(image.id, services=services)
    over = adding(mask_from_box(Box(-5, 40, 6, 60)), sheet)
    [kept] = apply_edits(image.id, [over], services=services).annotations
    assert kept.box == Box(0, 40, 6, 48)
    outside = adding(mask_from_box(Box(64, 0, 70, 5)), sheet)
    with pytest.raises(ReviewError, match="outside the picture"):
        apply_edits(image.id, [outside], services=services)


def test_an_object_added_twice_under_new_edits_is_refused(image: Image, services: Services) -> None:
    edit = adding(mask(), open_sheet(image.id, services=services))
    apply_edits(image.id, [edit], services=services)
    with pytest.raises(StaleRevisionError):
        apply_edits(image.id, [replace(edit, id=new_id())], services=services)


@pytest.mark.parametrize(
    "write",
    [
        lambda image_id, s: open_sheet(image_id, services=s),
        lambda image_id, s: undo(image_id, services=s),
        lambda image_id, s: approve(image_id, seen=0, services=s),
    ],
    ids=["open", "undo", "approve"],
)
def test_an_image_that_is_gone_is_said_to_be_gone(write: Write, services: Services) -> None:
    error: type[BeltMaskError] = NotFoundError
    with pytest.raises(error, match="no image 41"):
        write(41, services)
