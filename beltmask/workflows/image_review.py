"""What a person settles of an image beside its canvas: that it is of no use, or a label's class."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from beltmask.errors import ReviewError
from beltmask.messages import Message
from beltmask.model import Change, Class, ReviewState
from beltmask.review import after_proposals
from beltmask.workflows.history import keep_operation
from beltmask.workflows.review_state import ReviewSheet, sheet_of, taken
from beltmask.workflows.services import Services


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
