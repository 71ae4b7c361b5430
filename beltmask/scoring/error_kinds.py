"""What went wrong with each object that the matching at IoU 0.5 left over, one kind each.

A fault takes up its objects, so that none is in two. Kinds are tried in this order, and within one
the objects further left first, of pairs the better fit:

* empty mask: a prediction whose mask came without a pixel, paired by its box or not.
* duplicate: at least half of a prediction left over lies on a truth that is matched already.
* merged: truths, each at least half inside one prediction, whose union fits it with IoU >= 0.5.
  All are left over, or the prediction and one of the truths are a pair and the others are not.
  One fault a prediction.
* split: the same the other way round, all left over: one fault a truth.
* shifted: a truth and a prediction left over, IoU >= 0.5 once their centroids meet, these no
  farther apart than the diagonal of the truth's box. One fault, not one missed and one extra.
* loose box: a truth and a prediction left over with IoU >= 0.1.
* missed, extra: what is left of truth and of predictions.
* wrong class: a pair whose classes are both known and differ.

Ignored truth, and predictions that lie on it, have no fault. Objects without a mask, and those
compared with them, are their boxes. ``cut_off`` and ``format_error`` cannot be seen in objects.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask import masks
from beltmask.model import Box, Mask
from beltmask.scoring.matching import Matches
from beltmask.scoring.overlaps import (
    ScoredObject,
    area_beside,
    box_of,
    place_of,
    shapes_of,
    shared_area,
)

FIT = 0.5
LOOSE = 0.1
_MOST = 1 / 2
"""Of an object's area, that lies on what it is said to belong to."""


class ErrorKind(StrEnum):
    EMPTY_MASK = "empty_mask"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    SPLIT = "split"
    SHIFTED = "shifted"
    LOOSE_BOX = "loose_box"
    MISSED = "missed"
    EXTRA = "extra"
    WRONG_CLASS = "wrong_class"
    CUT_OFF = "cut_off"
    FORMAT_ERROR = "format_error"


@dataclass(frozen=True, slots=True)
class Fault:
    """One error and the objects it takes up, as indices into what was matched."""

    kind: ErrorKind
    predictions: tuple[int, ...] = ()
    truth: tuple[int, ...] = ()


def faults_of(
    predictions: Sequence[ScoredObject],
    truth: Sequence[ScoredObject],
    matches: Matches,
    ious: NDArray[np.float64],
) -> list[Fault]:
    """The faults of one picture, by kind in order.

    ``matches`` are those at IoU 0.5, ``ious`` of shape (predictions, truth).
    """
    return list(_Leftovers(predictions, truth, matches, ious).faults())


class _Leftovers:
    """What no fault took up yet, in an order that does not depend on how objects came in."""

    def __init__(
        self,
        predictions: Sequence[ScoredObject],
        truth: Sequence[ScoredObject],
        matches: Matches,
        ious: NDArray[np.float64],
    ) -> None:
        self.predictions, self.truth = predictions, truth
        self.matches, self.ious = matches, ious
        self.false = sorted(matches.false, key=lambda i: place_of(predictions[i]))
        self.missed = sorted(matches.missed, key=lambda i: place_of(truth[i]))

    def faults(self) -> Iterator[Fault]:
        empty = {i for i, region in enumerate(self.predictions) if region.empty}
        yield from self._taken(Fault(ErrorKind.EMPTY_MASK, (i,)) for i in sorted(empty))
        if self.false:
            yield from self._taken(self._duplicates())
        if self.missed:
            yield from self._taken(self._merged())
        if self.missed and self.false:
            yield from self._taken(self._split())
            yield from self._taken(self._shifted())
            yield from self._taken(self._loose())
        yield from (Fault(ErrorKind.MISSED, truth=(i,)) for i in self.missed)
        yield from (Fault(ErrorKind.EXTRA, (i,)) for i in self.false)
        yield from self._wrong_class(empty)

    def _taken(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """The faults, their objects no longer left over."""
        for fault in faults:
            self.false = [i for i in self.false if i not in fault.predictions]
            self.missed = [i for i in self.missed if i not in fault.truth]
            yield fault

    def _duplicates(self) -> Iterator[Fault]:
        matched = [self.truth[pair.truth] for pair in self.matches.pairs]
        for i in self.false:
            if any(_lies_on(self.predictions[i], whole) for whole in matched):
                yield Fault(ErrorKind.DUPLICATE, (i,))

    def _merged(self) -> Iterator[Fault]:
        """A prediction of a pair is no fault of its own: the fault then names the truth lost."""
        pairs = sorted((pair.prediction, pair.truth) for pair in self.matches.pairs)
        for i, known in [*((i, None) for i in self.false), *pairs]:
            first = None if known is None else self.truth[known]
            parts = _parts(self.predictions[i], first, self.truth, self.missed)
            if len(parts) > (known is None):
                yield Fault(ErrorKind.MERGED, (i,) if known is None else (), parts)

    def _split(self) -> Iterator[Fault]:
        for i in self.missed:
            parts = _parts(self.truth[i], None, self.predictions, self.false)
            if len(parts) > 1:
                yield Fault(ErrorKind.SPLIT, parts, (i,))

    def _shifted(self) -> Iterator[Fault]:
        return self._paired(ErrorKind.SHIFTED, self._moved_iou, FIT)

    def _loose(self) -> Iterator[Fault]:
        return self._paired(ErrorKind.LOOSE_BOX, self._iou, LOOSE)

    def _paired(
        self, kind: ErrorKind, fit: Callable[[int, int], float], least: float
    ) -> Iterator[Fault]:
        """Of all pairs left that fit at least so well, each object's best."""
        fits = {(i, t): fit(i, t) for i in self.false for t in self.missed}
        for i, t in sorted(fits, key=lambda pair: -fits[pair]):
            if fits[i, t] >= least and i in self.false and t in self.missed:
                yield Fault(kind, (i,), (t,))

    def _iou(self, i: int, t: int) -> float:
        return float(self.ious[i, t])

    def _moved_iou(self, i: int, t: int) -> float:
        """IoU once the centroids meet; 0 when they are too far apart to be of one object."""
        boxes = [box_of(each) for each in (self.predictions[i], self.truth[t])]
        reach = math.hypot(boxes[1].width, boxes[1].height)
        if _gap(boxes[0], boxes[1]) > reach:
            return 0.0
        one, other = shapes_of([self.predictions[i], self.truth[t]])
        x, y = (b - a for a, b in zip(_centroid(one), _centroid(other), strict=True))
        if math.hypot(x, y) > reach:
            return 0.0
        return masks.iou(masks.moved(one, round(x), round(y)), other)

    def _wrong_class(self, empty: AbstractSet[int]) -> Iterator[Fault]:
        for pair in self.matches.pairs:
            labels = (self.predictions[pair.prediction].label, self.truth[pair.truth].label)
            if pair.prediction not in empty and None not in labels and labels[0] != labels[1]:
                yield Fault(ErrorKind.WRONG_CLASS, (pair.prediction,), (pair.truth,))


def _parts(
    whole: ScoredObject,
    first: ScoredObject | None,
    among: Sequence[ScoredObject],
    left: Sequence[int],
) -> tuple[int, ...]:
    """Those of ``left`` whose union, with ``first`` if given, fits ``whole``; none where it
    does not.

    Each lies mostly on the whole and makes the fit better.
    """
    inside = [i for i in left if _lies_on(among[i], whole)]
    if len(inside) + (first is not None) < 2:
        return ()
    inside.sort(key=lambda i: -shared_area(among[i], whole))
    known = [] if first is None else [first]
    target, *shapes = shapes_of([whole, *known, *(among[i] for i in inside)])
    together = shapes.pop(0) if known else None
    fit, parts = 0.0 if together is None else masks.iou(target, together), []
    for i, shape in zip(inside, shapes, strict=True):
        wider = masks.union(together, shape)
        if wider is not None and (value := masks.iou(target, wider)) > fit:
            together, fit = wider, value
            parts.append(i)
    return tuple(parts) if fit >= FIT else ()


def _gap(one: Box, other: Box) -> int:
    """How far apart two boxes are, along the axis on which they are farther apart."""
    across = max(one.x0 - other.x1, other.x0 - one.x1)
    return max(across, one.y0 - other.y1, other.y0 - one.y1)


def _lies_on(part: ScoredObject, whole: ScoredObject) -> bool:
    return shared_area(part, whole) >= _MOST * area_beside(part, whole)


def _centroid(mask: Mask) -> tuple[float, float]:
    sums = cv2.moments(mask.bits.view(np.uint8), binaryImage=True)
    return (mask.x + sums["m10"] / sums["m00"], mask.y + sums["m01"] / sums["m00"])
