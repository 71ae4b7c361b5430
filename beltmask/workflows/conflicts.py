"""Two people changed one object: the one who comes second is told, and loses no shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beltmask.errors import StaleRevisionError
from beltmask.model import Annotation, Image, Operation
from beltmask.review import CHANGED, Edit, EditKind, kept_apart
from beltmask.store.records import Records
from beltmask.workflows.history import new_id

APART = "keep apart"
"""The kind of operation that keeps a refused shape as an object of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """A stale edit: why it was refused, and the object its shape has become, if it had one."""

    error: StaleRevisionError
    apart: Annotation | None


def shape_apart(
    records: Records, image: Image, edit: Edit, now: Annotation | None
) -> Annotation | None:
    """The object that keeps the new shape of a stale edit; None where there is no shape."""
    if edit.kind is not EditKind.RESHAPE:
        return None
    last = now or _before_it_went(records, image, edit.annotation_id)
    return None if last is None else kept_apart(edit, last, annotation_id=new_id())


def told_before(operation: Operation) -> Conflict | None:
    """The conflict an edit met when it came first: who tells it twice is answered the same."""
    if operation.kind != APART:
        return None
    apart = operation.changes[0].after
    return Conflict(StaleRevisionError(operation.detail.get("refused", CHANGED)), apart)


def refusal(conflicts: Sequence[Conflict], annotations: Sequence[Annotation]) -> StaleRevisionError:
    """What to tell the person; ``annotations`` are the image's as they are now."""
    error = conflicts[0].error
    ids = {conflict.apart.id for conflict in conflicts if conflict.apart is not None}
    numbers = [str(n) for n, each in enumerate(annotations, start=1) if each.id in ids]
    if not numbers:
        return error
    name = f"object{'s' * (len(numbers) > 1)} {' and '.join(numbers)}"
    hint = f"Your shape is kept as {name}: accept it or delete it, and settle theirs."
    return StaleRevisionError(str(error), hint=hint)


def _before_it_went(records: Records, image: Image, annotation_id: str) -> Annotation | None:
    changes = (c for o in records.operations.of_image(image.id) for c in o.changes)
    lost = (c.before for c in changes if c.before is not None and c.after is None)
    return next((each for each in lost if each.id == annotation_id), None)
