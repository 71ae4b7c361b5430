"""Taking operations back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from beltmask.errors import StaleRevisionError
from beltmask.model import Annotation, Change, Operation


def undone(operation: Operation, current: Mapping[str, Annotation]) -> tuple[Change, ...]:
    """The changes that take ``operation`` back, newest first.

    Raises:
        StaleRevisionError: An object is no longer as the operation left it.
    """
    return tuple(_reversed(change, current) for change in reversed(operation.changes))


def _reversed(change: Change, current: Mapping[str, Annotation]) -> Change:
    before, after = change.before, change.after
    key = (after or before).id  # type: ignore[union-attr]  # a change has at least one side
    now = current.get(key)
    if not _alike(now, after):
        raise StaleRevisionError("the object has been changed since, so this cannot be undone")
    revision = 0 if before is None else before.revision + 1  # to be deleted counted as a change
    revision = (revision if now is None else now.revision) + 1
    return Change(before=now, after=before and replace(before, revision=revision))


def _alike(first: Annotation | None, second: Annotation | None) -> bool:
    """The same object with the same content; how often it was changed does not count."""
    if first is None or second is None:
        return first is second
    plain = ("id", "label", "box", "mask", "source", "state", "class_id")
    return all(getattr(first, name) == getattr(second, name) for name in plain)
