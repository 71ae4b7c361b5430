"""Taking an operation back, and doing it again, as an operation of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.model import Actor, Image, ReviewState
from beltmask.review import undone
from beltmask.store.class_changes import TOLD_TO_IMAGES
from beltmask.store.operation_log import REDO, REFUSED, UNDO, LogEntry
from beltmask.store.records import Records
from beltmask.workflows.history import Kept, keep_operation

_NO_MATTER = (REFUSED, *TOLD_TO_IMAGES)
"""Kinds of operations that leave a state people settled as it is."""


def take_back(
    records: Records,
    image: Image,
    entry: LogEntry,
    *,
    actor: Actor,
    detail: Mapping[str, Any] | None = None,
    operation_id: str | None = None,
) -> Kept:
    """Undo an operation; what is undone with an undo is done again.

    Raises:
        StaleRevisionError: One of its objects was changed since.
    """
    operation = records.operations.find(entry.id)
    if operation is None:
        raise NotFoundError(Message("review.operation_gone"))
    ends = (change.after or change.before for change in operation.changes)
    current = records.annotations.by_ids(each.id for each in ends if each is not None)
    return keep_operation(
        records,
        image,
        REDO if entry.kind == UNDO else UNDO,
        undone(operation, current),
        actor=actor,
        review=_review_before(records, entry),
        detail={**(detail or {}), "undoes": entry.id, "of": entry.what},
        operation_id=operation_id,
    )


def _review_before(records: Records, entry: LogEntry) -> ReviewState:
    """A state people settled comes back only to the objects they settled it for."""
    before = entry.review_before
    if before is ReviewState.IN_REVIEW or _is_last(records, entry):
        return before
    return ReviewState.IN_REVIEW


def _is_last(records: Records, entry: LogEntry) -> bool:
    """Whether everything that was done after an operation has been taken back."""
    later = {each.id: each for each in records.operation_log.since(entry.image_id, entry.number)}
    targets = {each.id: each.detail.get("undoes") for each in later.values()}
    again = {targets[each.id] for each in later.values() if each.kind == REDO}
    back = {targets[i] for i, each in later.items() if each.kind == UNDO and i not in again}
    return all(
        each.kind in _NO_MATTER or each.id in back or each.id in again or targets[each.id] in later
        for each in later.values()
    )
