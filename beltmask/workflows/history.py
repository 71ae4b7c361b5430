"""The one way annotations and review states change: an operation, kept with its changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from beltmask.model import Actor, Change, Image, Operation, ReviewState
from beltmask.store.class_resolution import ClassResolution
from beltmask.store.operation_log import REFUSED
from beltmask.store.records import Records


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """An operation that was carried out, and the image after it."""

    image: Image
    operation: Operation


def new_id() -> str:
    """An id for an operation or an annotation, unique without asking anybody."""
    return uuid4().hex


def keep_operation(
    records: Records,
    image: Image,
    kind: str,
    changes: Sequence[Change] = (),
    *,
    actor: Actor,
    review: ReviewState,
    detail: Mapping[str, Any] | None = None,
    operation_id: str | None = None,
) -> Kept:
    """Write changes, the operation that explains them, and the image's new state.

    A class that was merged while somebody still looked at it is the class that stands for it.
    All of it is written, or none, also where the transaction goes on after a refusal.

    Raises:
        StaleRevisionError: Somebody changed the image or one of the objects first.
    """
    changes = ClassResolution(records.classes.survivors(), {}).told(changes)
    operation = Operation(
        id=operation_id or new_id(),
        image_id=image.id,
        kind=kind,
        actor=actor,
        at=datetime.now(UTC),
        changes=changes,
        review_before=image.review,
        review_after=review,
        detail=dict(detail or {}),
    )
    with records.together():
        records.annotations.apply(changes)
        records.operations.add(operation)
        count = records.annotations.count_kept(image.id)
        moved = records.images.move(image, review=review, object_count=count)
    return Kept(moved, operation)


def keep_refusal(
    records: Records, image: Image, *, actor: Actor, detail: Mapping[str, Any], operation_id: str
) -> Kept:
    """Write what was answered to a gesture that was not made; the image stays as it is."""
    review, now = image.review, datetime.now(UTC)
    operation = Operation(
        operation_id, image.id, REFUSED, actor, now, (), review, review, dict(detail)
    )
    records.operations.add(operation)
    return Kept(image, operation)
