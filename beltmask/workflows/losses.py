"""What became of every object of the truth: found, or lost at which step of an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum

from beltmask.detectors.region import OUTSIDE
from beltmask.model import Box, Problem
from beltmask.scoring.error_kinds import ErrorKind, Fault
from beltmask.scoring.matching import Matches
from beltmask.scoring.overlaps import ScoredObject, iou_matrix

CUT_SHORT = {"cut_off", "loop", "at_object_cap", "over_limit"}
"""Kinds of problem that say that more objects may have been there."""
_SAME = 0.5
"""IoU."""


class LossStep(StrEnum):
    """In the order in which an object can be lost; what is left at the end is found."""

    NO_ANSWER = "no_answer"
    UNREADABLE = "unreadable"
    OUTSIDE = "outside"
    CUT_OFF = "cut_off"
    NOT_SEEN = "not_seen"
    POOR_OUTLINE = "poor_outline"
    WRONG_CLASS = "wrong_class"
    FOUND = "found"


_BY_FAULT = {
    ErrorKind.MERGED: LossStep.POOR_OUTLINE,
    ErrorKind.SPLIT: LossStep.POOR_OUTLINE,
    ErrorKind.SHIFTED: LossStep.POOR_OUTLINE,
    ErrorKind.LOOSE_BOX: LossStep.POOR_OUTLINE,
    ErrorKind.WRONG_CLASS: LossStep.WRONG_CLASS,
}


def losses_of(
    truth: Sequence[ScoredObject],
    matches: Matches,
    faults: Sequence[Fault],
    problems: Sequence[Problem],
) -> dict[str, int]:
    """Of an answer that could be read: how many objects of the truth fared how; they add up.

    ``matches`` and ``faults`` are those at IoU 0.5.
    """
    fates = {pair.truth: LossStep.FOUND for pair in matches.pairs}
    for fault in faults:
        if fault.kind in _BY_FAULT:
            fates.update(dict.fromkeys(fault.truth, _BY_FAULT[fault.kind]))
    rest = [i for i, each in enumerate(truth) if i not in fates and not each.ignored]
    cut = any(problem.kind in CUT_SHORT for problem in problems)
    outside = [ScoredObject(box) for box in _boxes_outside(problems)]
    for i in rest:
        dropped = bool(outside) and iou_matrix([ScoredObject(truth[i].box)], outside).max() >= _SAME
        fates[i] = LossStep.OUTSIDE if dropped else LossStep.CUT_OFF if cut else LossStep.NOT_SEEN
    return dict(Counter(str(fate) for fate in fates.values()))


def _boxes_outside(problems: Sequence[Problem]) -> Iterator[Box]:
    """Of objects an answer named that lie outside the belt."""
    for problem in problems:
        corners = [problem.said.params.get(name) for name in ("x0", "y0", "x1", "y1")]
        if problem.kind == OUTSIDE and all(isinstance(each, int) for each in corners):
            yield Box(*(int(str(each)) for each in corners))
