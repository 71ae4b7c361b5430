"""Two readings of one reply side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from beltmask.model import Box, Finding, Problem

_SAME_BOX = 0.5


def compared(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[int, int, int]:
    """How many objects ``after`` has more, has no more, and has in another shape or name."""
    left = list(after)
    lost = changed = 0
    for old in before:
        new = _partner(old, left)
        if new is None:
            lost += 1
            continue
        left.remove(new)
        changed += not _identical(old, new)
    return len(left), lost, changed


def problems_apart(
    before: Sequence[Problem], after: Sequence[Problem]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of problems that are new, and those that are gone; often ones with their count."""
    old, new = (Counter((p.kind, p.object) for p in problems) for problems in (before, after))
    return _kinds(new - old), _kinds(old - new)


def _kinds(counted: Counter[tuple[str, int | None]]) -> tuple[str, ...]:
    kinds = Counter(kind for kind, _ in counted.elements())
    return tuple(kind if count == 1 else f"{count} {kind}" for kind, count in kinds.items())


def _partner(old: Finding, others: Sequence[Finding]) -> Finding | None:
    """The one that is the same object: of the same name first, then where most is shared."""
    best = max(others, key=lambda new: _likeness(old, new), default=None)
    return best if best is not None and _likeness(old, best)[1] >= _SAME_BOX else None


def _likeness(old: Finding, new: Finding) -> tuple[bool, float]:
    shared = _box_iou(old.box, new.box)
    return (old.label == new.label and shared >= _SAME_BOX, shared)


def _identical(old: Finding, new: Finding) -> bool:
    return (old.label, old.box, old.mask) == (new.label, new.box, new.mask)


def _box_iou(first: Box, second: Box) -> float:
    shared = first.overlap(second)
    area = 0 if shared is None else shared.area
    return area / (first.area + second.area - area)
