"""Which outlines of a sheet a snapshot shows changed, gone or new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from components.canvas.drawing import Outline, Role
from components.canvas.ledger import Sheet
from components.canvas.shapes import Shape, Snapshot


@dataclass(frozen=True, slots=True)
class Change:
    """An outline as it was told and as it is now; ``after`` is None when it is gone."""

    outline: Outline
    after: Shape | None


@dataclass(frozen=True, slots=True)
class Difference:
    """``strangers`` counts shapes we drew that belong to nothing any more."""

    changes: tuple[Change, ...]
    new: tuple[Shape, ...]
    strangers: int


def difference_of(outlines: Sequence[Outline], snapshot: Snapshot) -> Difference:
    """Match what we numbered by number, what a person drew by where it lies."""
    ours = {o.shape.number: o for o in outlines if o.shape.number}
    seen = {s.number: s for s in snapshot.shapes if s.number}
    pairs = [Change(o, seen.get(number)) for number, o in ours.items()]
    theirs, new = _matched(
        [o for o in outlines if not o.shape.number], [s for s in snapshot.shapes if not s.number]
    )
    changes = tuple(c for c in [*pairs, *theirs] if not _same(c))
    return Difference(changes, tuple(new), len(seen.keys() - ours.keys()))


def after_reload(sheet: Sheet, snapshot: Snapshot) -> Sheet:
    """The sheet as it was at first when the browser drew it anew, else the sheet itself.

    A page that rearranges itself mounts the canvas again and so takes back, on screen, what
    was told already. That is nobody's gesture: more than one object returns to its place at
    once, or one returns while another changes.
    """
    told, back = _told_and_taken_back(sheet, snapshot)
    found = difference_of(sheet.outlines, snapshot)
    others = len(found.changes) - back + len(found.new)
    if back == 0 or back < told - 1 or (back < 2 and others <= 0):
        return sheet
    return replace(sheet, outlines=sheet.base, worn=True)


def _told_and_taken_back(sheet: Sheet, snapshot: Snapshot) -> tuple[int, int]:
    """How many told gestures the sheet holds, and how many the snapshot shows undone."""
    last = {o.shape.number: o.shape for o in sheet.outlines if o.shape.number}
    seen = {s.number: s for s in snapshot.shapes if s.number}
    changed = [o for o in sheet.base if _was_told(o, last.get(o.shape.number), sheet)]
    returned = [
        o for o in changed if o.shape.number in seen and seen[o.shape.number].same_place(o.shape)
    ]
    drawn = [o.shape for o in sheet.outlines if not o.shape.number]
    theirs = [s for s in snapshot.shapes if not s.number]
    gone = [d for d in drawn if not any(d.same_place(s) for s in theirs)]
    return len(changed) + len(drawn), len(returned) + len(gone)


def _was_told(first: Outline, last: Shape | None, sheet: Sheet) -> bool:
    """Moved or deleted; what is left on the screen of a deleted object says nothing."""
    if last is None:
        return first.role is Role.MAIN or first.owner in sheet.known
    return not last.same_place(first.shape)


def _matched(known: list[Outline], shapes: list[Shape]) -> tuple[list[Change], list[Shape]]:
    """Each outline's shape by place, then the rest by likeness; and the shapes left over."""
    left, found = list(shapes), []
    for alike in (Shape.same_place, _could_be):
        waiting, known = known, []
        for outline in waiting:
            shape = next((s for s in left if alike(outline.shape, s)), None)
            if shape is None:
                known.append(outline)
            else:
                left.remove(shape)
                found.append(Change(outline, shape))
    return [*found, *(Change(outline, None) for outline in known)], left


def _could_be(before: Shape, after: Shape) -> bool:
    """Moved as a whole, or a corner dragged or taken away."""
    if before.same_corners(after):
        return True
    first, second = before.ring, after.ring
    apart = (first.max(axis=0) < second.min(axis=0)) | (second.max(axis=0) < first.min(axis=0))
    return len(first) - len(second) in (0, 1) and not np.any(apart)


def _same(change: Change) -> bool:
    return change.after is not None and change.outline.shape.same_place(change.after)
