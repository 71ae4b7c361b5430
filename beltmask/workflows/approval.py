"""The review of an image: its objects, edits as they happen, approval, undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from beltmask.errors import ReviewError
from beltmask.messages import Message
from beltmask.model import AnnotationState, Change, Class, ReviewState
from beltmask.review import Edit, EditKind, Gesture, after_proposals, check_approval, edited
from beltmask.workflows.gestures import apply_gestures
from beltmask.workflows.history import keep_operation, new_id
from beltmask.workflows.review_state import ReviewSheet, check_in_use, open_sheet, sheet_of, taken
from beltmask.workflows.services import Services
from beltmask.workflows.undo import take_back

__all__ = ["Edit", "EditKind", "ReviewSheet", "open_sheet"]


def apply_edits(image_id: int, edits: Sequence[Edit], *, services: Services) -> ReviewSheet:
    """Carry out edits in order, each a gesture of its own.

    Raises:
        StaleRevisionError: Somebody changed one of the objects first. The other edits are made,
            and a shape drawn for that object is kept beside it.
        ReviewError: One of the edits cannot be made. The others are.
    """
    gestures = [Gesture(edit.id, edit.kind, (edit,)) for edit in edits]
    refused = apply_gestures(image_id, gestures, services=services)
    if refused:
        raise next(iter(refused.values()))
    return open_sheet(image_id, services=services)


def accept_all(image_id: int, *, services: Services, seen: int | None = None) -> ReviewSheet:
    """Accept every open proposal of a detector, as one operation.

    Raises:
        StaleRevisionError: The image was changed since ``seen``.
    """
    with services.store.write() as records:
        image = taken(records, image_id, services, seen=seen)
        changes = [
            edited(Edit(new_id(), EditKind.ACCEPT, a.id, a.revision), a, image_id=image_id)
            for a in records.annotations.of_image(image_id)
            if a.state is AnnotationState.PROPOSED and not a.conflict_copy
        ]
        if changes:
            keep = partial(keep_operation, actor=services.actor, review=ReviewState.IN_REVIEW)
            keep(records, image, "accept all", changes)
        return sheet_of(records, image_id, actor=services.actor)


def approve(image_id: int, *, seen: int, services: Services) -> ReviewSheet:
    """The image becomes truth. ``seen`` is the revision of the image the person looked at.

    Raises:
        OpenProposalsError: Proposals are left.
        ReviewError: A kept object has no class, or the image is in the trash.
        StaleRevisionError: The image was changed since.
    """
    with services.store.write() as records:
        image = taken(records, image_id, services, seen=seen)
        check_in_use(image)
        check_approval(records.annotations.of_image(image_id))
        review = ReviewState.APPROVED
        keep_operation(records, image, "approve", actor=services.actor, review=review)
        return sheet_of(records, image_id, actor=services.actor)


def reject_image(image_id: int, *, seen: int, reason: str, services: Services) -> ReviewSheet:
    """The image is of no use; ``reason`` says why.

    Raises:
        ReviewError: No reason is given.
        StaleRevisionError: The image was changed since.
    """
    if not reason.strip():
        raise ReviewError(Message("review.reason_needed"), hint=Message("review.say_why"))
    with services.store.write() as records:
        image = taken(records, image_id, services, seen=seen)
        keep = partial(keep_operation, actor=services.actor, review=ReviewState.REJECTED)
        keep(records, image, "reject image", detail={"reason": reason.strip()})
        return sheet_of(records, image_id, actor=services.actor)


def reopen(image_id: int, *, seen: int, services: Services) -> ReviewSheet:
    """Back into review."""
    with services.store.write() as records:
        image = taken(records, image_id, services, seen=seen)
        review = ReviewState.IN_REVIEW
        keep_operation(records, image, "reopen", actor=services.actor, review=review)
        return sheet_of(records, image_id, actor=services.actor)


def undo(image_id: int, *, services: Services, seen: int | None = None) -> ReviewSheet:
    """Take back the newest operation that has not been taken back.

    Raises:
        ReviewError: There is nothing to undo.
        StaleRevisionError: The image was changed since ``seen``, or an object was.
    """
    with services.store.write() as records:
        image = taken(records, image_id, services, seen=seen)
        last = records.entries.standing(image_id, actor=services.actor).last
        if last is None:
            raise ReviewError(Message("review.nothing_to_undo"), hint=Message("review.go_on"))
        take_back(records, image, last, actor=services.actor)
        return sheet_of(records, image_id, actor=services.actor)


def give_class(image_id: int, label: str, meant: Class, *, services: Services) -> ReviewSheet:
    """Put every object of this image that has this label and no class into a class."""
    with services.store.write() as records:
        image = taken(records, image_id, services)
        changes = [
            Change(a, replace(a, class_id=meant.id, revision=a.revision + 1))
            for a in records.annotations.of_image(image_id)
            if a.class_id is None and a.label == label
        ]
        if changes:
            review = after_proposals(image.review, changes)
            keep = partial(keep_operation, actor=services.actor, review=review)
            keep(records, image, "give class", changes)
        return sheet_of(records, image_id, actor=services.actor)
