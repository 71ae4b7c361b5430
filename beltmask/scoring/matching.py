"""Which prediction found which object of the truth. The package has the conventions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from beltmask.scoring.overlaps import ScoredObject, area_beside, iou_matrix, shared_area


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

    IoU is that of the masks, or of the boxes when either side has no mask. A prediction
    left over is ignored when at least ``iou`` of its own area lies on one ignored region
    (COCO's rule for crowds); such a region takes in any number of predictions.

    Raises:
        ValueError: ``iou`` is not above 0 and at most 1.
    """
    if not 0 < iou <= 1:
        raise ValueError(f"the IoU threshold is not in (0, 1]: {iou}")
    wanted = [i for i, region in enumerate(truth) if not region.ignored]
    ious = iou_matrix(predictions, [truth[i] for i in wanted])
    pairs = tuple(Pair(p, wanted[t], float(ious[p, t])) for p, t in _best_first(ious, iou))
    ignored = _ignored(predictions, [region for region in truth if region.ignored], iou)
    taken, found = {pair.prediction for pair in pairs}, {pair.truth for pair in pairs}
    left = [i for i in range(len(predictions)) if i not in taken]
    return Matches(
        pairs=pairs,
        false=tuple(i for i in left if i not in ignored),
        missed=tuple(i for i in wanted if i not in found),
        ignored=tuple(i for i in left if i in ignored),
    )


def _best_first(ious: NDArray[np.float64], threshold: float) -> list[tuple[int, int]]:
    """(row, column) of each pair taken; among equals the first row, then the first column."""
    rows, columns = np.nonzero(ious >= threshold)
    order = np.argsort(-ious[rows, columns], kind="stable")
    used_rows: set[int] = set()
    used_columns: set[int] = set()
    pairs = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in used_rows and column not in used_columns:
            pairs.append((row, column))
            used_rows.add(row)
            used_columns.add(column)
    return pairs


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
