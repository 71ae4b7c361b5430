"""Taking operations back, one by one or all since some point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from beltmask.errors import StaleRevisionError
from beltmask.messages import Message
from beltmask.model import Annotation, Change, Operation


def undone(operation: Operation, current: Mapping[str, Annotation]) -> tuple[Change, ...]:
    """The changes that take ``operation`` back, newest first.

    Raises:
        StaleRevisionError: An object is no longer as the operation left it.
    """
    return tuple(_reversed(change, current) for change in reversed(operation.changes))


def rolled_back(
    operations: Sequence[Operation], current: Mapping[str, Annotation]
) -> tuple[Change, ...]:
    """The changes that bring objects back to how they were before ``operations``, newest first.

    ``current`` holds the objects as they are now.
    """
    past, reached = dict[str, Annotation | None](), dict[str, int]()
    for change in (change for operation in operations for change in operation.changes):
        key = _key(change)
        past[key] = change.before
        reached[key] = max(reached.get(key, 0), *map(_revision, (change.before, change.after)))
    changes = (_brought_back(current.get(k), then, reached[k]) for k, then in past.items())
    return tuple(change for change in changes if change is not None)


def _brought_back(now: Annotation | None, then: Annotation | None, reached: int) -> Change | None:
    if _alike(now, then):
        return None
    revision = reached + 2 if now is None else now.revision + 1
    return Change(now, then and replace(then, revision=revision))


def _revision(annotation: Annotation | None) -> int:
    return 0 if annotation is None else annotation.revision


def _key(change: Change) -> str:
    return (change.after or change.before).id  # type: ignore[union-attr]  # it has a side


def _reversed(change: Change, current: Mapping[str, Annotation]) -> Change:
    before, after = change.before, change.after
    now = current.get(_key(change))
    if not _alike(now, after):
        raise StaleRevisionError(Message("review.changed_since"))
    revision = 0 if before is None else before.revision + 1  # to be deleted counted as a change
    revision = (revision if now is None else now.revision) + 1
    return Change(before=now, after=before and replace(before, revision=revision))


def _alike(first: Annotation | None, second: Annotation | None) -> bool:
    """The same object with the same content; how often it was changed does not count."""
    if first is None or second is None:
        return first is second
    plain = ("id", "label", "box", "mask", "source", "state", "class_id", "layer")
    return all(getattr(first, name) == getattr(second, name) for name in plain)
