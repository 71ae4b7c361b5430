"""Predictions against truth. Pure: no files, no network, no clock.

Conventions, all of them visible in the figures, so they are fixed here:

* A pair counts when its IoU reaches the threshold (``>=``, as COCOeval does).
* One to one, best IoU first. This greedy choice is the field's norm; where objects of one
  side do not overlap each other and the threshold is above 0.5 it is also the only choice
  (Kirillov et al., *Panoptic Segmentation*, 2019). Scores play no part: Gemini gives none.
* A figure that divides by nothing is None, never 0 or 1: precision without predictions,
  recall without truth, mean IoU without a match, F1 with nothing to find and nothing found
  (COCOeval leaves such cases out of its means in the same way). Something to find and
  nothing found is recall 0 and F1 0.
* Over several images the counts are added up first and divided once (micro average), so an
  empty belt neither helps nor hurts unless something was found on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from beltmask import masks
from beltmask.model import Box, Mask

_ANY_OVERLAP = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """An object as scoring sees it: where it is and which class it belongs to.

    ``label`` is compared as it is; None takes part in the overall figures only.
    ``ignored`` marks truth that is neither a miss when not found nor a false object when
    found (COCO's ``iscrowd=1``). On a prediction it means nothing.
    """

    box: Box
    mask: Mask | None = None
    label: str | None = None
    ignored: bool = False


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

    @property
    def score(self) -> Score:
        found = sum(pair.iou for pair in self.pairs)
        return Score(len(self.pairs), len(self.false), len(self.missed), found)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of matched, false and missed objects; scores of several images add up.

    ``iou_sum`` is the sum of IoU over the matched pairs.
    """

    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0
    iou_sum: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.true_positive + other.true_positive,
            self.false_positive + other.false_positive,
            self.false_negative + other.false_negative,
            self.iou_sum + other.iou_sum,
        )

    @property
    def precision(self) -> float | None:
        return _ratio(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> float | None:
        return _ratio(self.true_positive, self.true_positive + self.false_negative)

    @property
    def f1(self) -> float | None:
        hits = 2 * self.true_positive
        return _ratio(hits, hits + self.false_positive + self.false_negative)

    @property
    def mean_iou(self) -> float | None:
        """Mean IoU of the matched pairs (the "segmentation quality" of panoptic quality)."""
        return _ratio(self.iou_sum, self.true_positive)

    def as_dict(self) -> dict[str, float | int | None]:
        """For JSON: the four figures and the three counts by name."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "mean_iou": self.mean_iou,
            "true_positive": self.true_positive,
            "false_positive": self.false_positive,
            "false_negative": self.false_negative,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The score of a set of images.

    ``overall`` ignores labels, so that a model's free wording cannot hide a good mask;
    ``per_class`` matches only objects of the same label with each other. The counts of the
    classes therefore need not add up to those of ``overall``.
    """

    overall: Score = Score()
    per_class: Mapping[str, Score] = field(default_factory=dict)
    image_count: int = 0


def match(predictions: Sequence[Region], truth: Sequence[Region], *, iou: float = 0.5) -> Matches:
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
    ious = _matrix(predictions, [truth[i] for i in wanted])
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


def score(predictions: Sequence[Region], truth: Sequence[Region], *, iou: float = 0.5) -> Score:
    """The score of one image, whatever the labels."""
    return match(predictions, truth, iou=iou).score


def disagreement(one: Sequence[Region], other: Sequence[Region]) -> float:
    """How much two answers about one image differ: 0 (the same objects) to 1 (nothing shared).

    One minus the mean IoU of the objects, each paired with at most one of the other answer,
    best first and whatever the labels; an object nobody answers to counts as 0. Two empty
    answers agree.
    """
    found = score(one, other, iou=_ANY_OVERLAP)
    objects = found.true_positive + found.false_positive + found.false_negative
    return 1 - found.iou_sum / objects if objects else 0.0


def score_images(
    images: Iterable[tuple[Sequence[Region], Sequence[Region]]], *, iou: float = 0.5
) -> Report:
    """The score of many images, each given as (predictions, truth); one is held at a time.

    Raises:
        ValueError: ``iou`` is not above 0 and at most 1.
    """
    overall, count = Score(), 0
    per_class: defaultdict[str, Score] = defaultdict(Score)
    for predictions, truth in images:
        overall, count = overall + score(predictions, truth, iou=iou), count + 1
        for label in _labels(predictions) | _labels(truth):
            same = [[r for r in side if r.label == label] for side in (predictions, truth)]
            per_class[label] += score(same[0], same[1], iou=iou)
    return Report(overall, dict(sorted(per_class.items())), count)


def _labels(regions: Sequence[Region]) -> set[str]:
    return {region.label for region in regions if region.label is not None}


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _matrix(rows: Sequence[Region], columns: Sequence[Region]) -> NDArray[np.float64]:
    """IoU of every pair, shape (len(rows), len(columns))."""
    boxes = _box_overlaps(rows, columns)
    matrix = np.zeros(boxes.shape)
    row_areas, column_areas = [_areas(r) for r in rows], [_areas(c) for c in columns]
    for i, j in np.argwhere(boxes > 0):
        both = rows[i].mask is not None and columns[j].mask is not None
        shared = _shared(rows[i], columns[j])
        matrix[i, j] = shared / (row_areas[i][both] + column_areas[j][both] - shared)
    return matrix


def _areas(region: Region) -> tuple[int, int]:
    """Area of the box and of the mask, in pixels."""
    return _box(region).area, region.mask.area if region.mask is not None else region.box.area


def _box(region: Region) -> Box:
    return region.box if region.mask is None else region.mask.box


def _shared(one: Region, other: Region) -> int:
    """Pixels in both masks, or in both boxes when either has no mask."""
    if one.mask is not None and other.mask is not None:
        return masks.intersection_area(one.mask, other.mask)
    return int(_box_overlaps([one], [other])[0, 0])


def _box_overlaps(rows: Sequence[Region], columns: Sequence[Region]) -> NDArray[np.int64]:
    """Pixels that two boxes share, for every pair."""
    one = np.array([_box(r).corners for r in rows], dtype=np.int64).reshape(-1, 1, 4)
    other = np.array([_box(c).corners for c in columns], dtype=np.int64).reshape(1, -1, 4)
    sides = np.minimum(one, other)[..., 2:] - np.maximum(one, other)[..., :2]
    shared: NDArray[np.int64] = np.maximum(sides, 0).prod(axis=2)
    return shared


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


def _ignored(predictions: Sequence[Region], crowds: Sequence[Region], iou: float) -> set[int]:
    """Predictions of which at least ``iou`` of the area lies on one ignored region."""
    return {
        i
        for i, prediction in enumerate(predictions)
        for crowd in crowds
        if _shared(prediction, crowd) >= iou * _area_beside(prediction, crowd)
    }


def _area_beside(prediction: Region, other: Region) -> int:
    """The prediction's area in the terms in which it is compared with ``other``."""
    both = prediction.mask is not None and other.mask is not None
    return _areas(prediction)[both]
