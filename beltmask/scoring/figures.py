"""Precision, recall, F1 and mean IoU of one image or many. The package has the conventions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from beltmask.scoring.matching import Matches, match
from beltmask.scoring.overlaps import ScoredObject

_ANY_OVERLAP = 1e-9


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

    @classmethod
    def of(cls, matches: Matches) -> Score:
        """The score of one image."""
        found = math.fsum(pair.iou for pair in matches.pairs)
        return cls(len(matches.pairs), len(matches.false), len(matches.missed), found)

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
class ScoreReport:
    """The score of a set of images.

    ``overall`` ignores labels, so that a model's free wording cannot hide a good mask;
    ``per_class`` matches only objects of the same label with each other. The counts of the
    classes therefore need not add up to those of ``overall``.
    """

    overall: Score = Score()
    per_class: Mapping[str, Score] = field(default_factory=dict)
    image_count: int = 0


def score(
    predictions: Sequence[ScoredObject], truth: Sequence[ScoredObject], *, iou: float = 0.5
) -> Score:
    """The score of one image, whatever the labels."""
    return Score.of(match(predictions, truth, iou=iou))


def disagreement(one: Sequence[ScoredObject], other: Sequence[ScoredObject]) -> float:
    """How much two answers about one image differ: 0 (the same objects) to 1 (nothing shared).

    One minus the mean IoU of the objects, each paired with at most one of the other answer,
    best first and whatever the labels; an object nobody answers to counts as 0. Two empty
    answers agree.
    """
    found = score(one, other, iou=_ANY_OVERLAP)
    objects = found.true_positive + found.false_positive + found.false_negative
    return 1 - found.iou_sum / objects if objects else 0.0


def score_images(
    images: Iterable[tuple[Sequence[ScoredObject], Sequence[ScoredObject]]], *, iou: float = 0.5
) -> ScoreReport:
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
    return ScoreReport(overall, dict(sorted(per_class.items())), count)


def _labels(regions: Sequence[ScoredObject]) -> set[str]:
    return {region.label for region in regions if region.label is not None}


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
