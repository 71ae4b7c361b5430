"""Which prediction found which object of the truth. The package has the conventions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from beltmask.scoring.overlaps import ScoredObject, area_beside, iou_matrix, place_of, shared_area


@dataclass(frozen=True, slots=True)
class Pair:
    """A prediction and the truth it found, as indices into what was matched."""

    prediction: int
    truth: int
    iou: float


@dataclass(frozen=True, slots=True)
class Matches:
    """Every prediction and every truth of one image, once each, as indices.

    ``ignored`` are predictions that lie on ignored truth; ignored truth is in no list.
    """

    pairs: tuple[Pair, ...]
    false: tuple[int, ...]
    missed: tuple[int, ...]
    ignored: tuple[int, ...] = ()


def match(
    predictions: Sequence[ScoredObject], truth: Sequence[ScoredObject], *, iou: float = 0.5
) -> Matches:
    """Pair the predictions of one image with its truth, whatever their labels.

    IoU is that of the masks, or of the boxes when either side has no mask. Among equally good
    pairs those of one label come first, then the object further left; the order in which objects
    are handed in decides only between twins. A prediction left over is ignored when at least
    ``iou`` of its own area lies on one ignored region (COCO's rule for crowds); such a region
    takes in any number of predictions.

    Raises:
        ValueError: ``iou`` is not above 0 and at most 1.
    """
    return match_by(iou_matrix(predictions, truth), predictions, truth, iou=iou)


def match_by(
    ious: NDArray[np.float64],
    predictions: Sequence[ScoredObject],
    truth: Sequence[ScoredObject],
    *,
    iou: float,
) -> Matches:
    """``match`` where the IoU of every prediction (row) with every truth (column) is known.

    Raises:
        ValueError: ``iou`` is not above 0 and at most 1.
    """
    if not 0 < iou <= 1:
        raise ValueError(f"the IoU threshold is not in (0, 1]: {iou}")
    wanted = [i for i, region in enumerate(truth) if not region.ignored]
    pairs = _best_first(ious, predictions, truth, iou)
    ignored = _ignored(predictions, [region for region in truth if region.ignored], iou)
    taken, found = {pair.prediction for pair in pairs}, {pair.truth for pair in pairs}
    left = [i for i in range(len(predictions)) if i not in taken]
    return Matches(
        pairs=pairs,
        false=tuple(i for i in left if i not in ignored),
        missed=tuple(i for i in wanted if i not in found),
        ignored=tuple(i for i in left if i in ignored),
    )


def _best_first(
    ious: NDArray[np.float64],
    predictions: Sequence[ScoredObject],
    truth: Sequence[ScoredObject],
    threshold: float,
) -> tuple[Pair, ...]:
    used_rows: set[int] = set()
    used_columns: set[int] = set()
    pairs = []
    for pair in _in_order(ious, predictions, truth, threshold):
        if pair.prediction not in used_rows and pair.truth not in used_columns:
            pairs.append(pair)
            used_rows.add(pair.prediction)
            used_columns.add(pair.truth)
    return tuple(pairs)


def _in_order(
    ious: NDArray[np.float64],
    predictions: Sequence[ScoredObject],
    truth: Sequence[ScoredObject],
    threshold: float,
) -> list[Pair]:
    """The pairs that reach the threshold, best first."""
    rows, columns = np.nonzero(ious >= threshold)
    found = zip(rows.tolist(), columns.tolist(), ious[rows, columns].tolist(), strict=True)
    pairs = [Pair(row, column, value) for row, column, value in found if not truth[column].ignored]
    pairs.sort(key=lambda pair: -pair.iou)
    equal = any(one.iou == other.iou for one, other in pairwise(pairs))
    if equal and not _apart(pairs):
        pairs.sort(key=lambda pair: _rank(pair, predictions, truth))
    return pairs


def _apart(pairs: Sequence[Pair]) -> bool:
    """Whether no object is in two pairs, so that the order decides nothing."""
    rows, columns = {pair.prediction for pair in pairs}, {pair.truth for pair in pairs}
    return len(rows) == len(columns) == len(pairs)


def _rank(
    pair: Pair, predictions: Sequence[ScoredObject], truth: Sequence[ScoredObject]
) -> tuple[object, ...]:
    one, other = predictions[pair.prediction], truth[pair.truth]
    return (-pair.iou, one.label != other.label, place_of(one), place_of(other))


def _ignored(
    predictions: Sequence[ScoredObject], crowds: Sequence[ScoredObject], iou: float
) -> set[int]:
    """Predictions of which at least ``iou`` of the area lies on one ignored region."""
    return {
        i
        for i, prediction in enumerate(predictions)
        for crowd in crowds
        if shared_area(prediction, crowd) >= iou * area_beside(prediction, crowd)
    }
