"""What one prompt did on one picture, as numbers that add up over pictures and can be kept."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from beltmask.model import Size
from beltmask.scoring.boundaries import TOLERANCE, boundary_f, tolerance_in_pixels
from beltmask.scoring.error_kinds import Fault, faults_of
from beltmask.scoring.figures import Score
from beltmask.scoring.matching import Matches, match_by
from beltmask.scoring.overlaps import ScoredObject, iou_matrix

ABOVE_HALF = math.nextafter(0.5, 1)
"""Panoptic quality takes pairs above IoU 0.5, none at it: then no other pair is possible."""
HALF = 0.5


NUMBERS = (
    *("matched", "extra", "missed", "iou_sum"),
    *("panoptic_matched", "panoptic_extra", "panoptic_missed", "panoptic_iou_sum"),
    "boundary_sum",
)


@dataclass(frozen=True, slots=True)
class PictureCounts:
    """Counts of one picture and one prompt; those of several pictures add up.

    ``found`` are the pairs that reach the IoU asked for, ``panoptic`` those above 0.5, each
    whatever the classes. ``boundary_sum`` is the sum of the boundary F of the pairs of ``found``.
    ``errors`` counts kinds of error by their names, those that did not occur left out.
    """

    found: Score = field(default_factory=Score)
    panoptic: Score = field(default_factory=Score)
    boundary_sum: float = 0.0
    errors: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: PictureCounts) -> PictureCounts:
        return PictureCounts(
            self.found + other.found,
            self.panoptic + other.panoptic,
            self.boundary_sum + other.boundary_sum,
            dict(Counter(self.errors) + Counter(other.errors)),
        )

    def with_errors(self, more: Mapping[str, int]) -> PictureCounts:
        """With kinds of error besides that only a reply tells: cut off, format error."""
        return self + PictureCounts(errors=more)

    @property
    def numbers(self) -> tuple[float, ...]:
        """What figures are made of, in the order of ``NUMBERS``."""
        return (*_numbers(self.found), *_numbers(self.panoptic), self.boundary_sum)

    def as_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON, which ``from_dict`` reads."""
        return {
            "found": _numbers(self.found),
            "panoptic": _numbers(self.panoptic),
            "boundary_sum": self.boundary_sum,
            "errors": dict(self.errors),
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> PictureCounts:
        return cls(
            Score(*kept["found"]),
            Score(*kept["panoptic"]),
            float(kept["boundary_sum"]),
            {str(kind): int(count) for kind, count in kept["errors"].items()},
        )


def total(counts: Iterable[PictureCounts]) -> PictureCounts:
    """All counts added up."""
    return sum(counts, start=PictureCounts())


@dataclass(frozen=True, slots=True, eq=False)
class MatchedObjects:
    """One picture's predictions and truth, compared once for whatever is asked of them.

    ``ious`` has shape (predictions, truth); ``matches`` are those at IoU 0.5, and ``faults`` what
    they left over.
    """

    predictions: Sequence[ScoredObject]
    truth: Sequence[ScoredObject]
    ious: NDArray[np.float64]
    matches: Matches
    faults: Sequence[Fault]

    def match(self, iou: float) -> Matches:
        """The pairs from another IoU on.

        Raises:
            ValueError: ``iou`` is not above 0 and at most 1.
        """
        if iou == HALF:
            return self.matches
        return match_by(self.ious, self.predictions, self.truth, iou=iou)


def matched_objects(
    predictions: Sequence[ScoredObject], truth: Sequence[ScoredObject]
) -> MatchedObjects:
    """Compare one picture's predictions with its truth."""
    ious = iou_matrix(predictions, truth)
    matches = match_by(ious, predictions, truth, iou=HALF)
    faults = faults_of(predictions, truth, matches, ious)
    return MatchedObjects(predictions, truth, ious, matches, faults)


def picture_counts(
    predictions: Sequence[ScoredObject],
    truth: Sequence[ScoredObject],
    size: Size,
    *,
    iou: float = HALF,
    tolerance: float = TOLERANCE,
) -> PictureCounts:
    """Count one picture's predictions against its truth.

    Kinds of error are those of the matching at IoU 0.5, whatever ``iou`` is; predictions on
    ignored truth have none. ``tolerance`` of outlines is a share of the diagonal of ``size``.

    Raises:
        ValueError: ``iou`` is not above 0 and at most 1.
    """
    return counts_of(matched_objects(predictions, truth), size, iou=iou, tolerance=tolerance)


def counts_of(
    objects: MatchedObjects, size: Size, *, iou: float = HALF, tolerance: float = TOLERANCE
) -> PictureCounts:
    """``picture_counts`` of objects that are compared already."""
    found, strict = objects.match(iou), objects.match(ABOVE_HALF)
    pixels = tolerance_in_pixels(size, share=tolerance)
    return PictureCounts(
        Score.of(found),
        Score.of(strict),
        _boundary_sum(objects.predictions, objects.truth, found, pixels=pixels),
        Counter(str(fault.kind) for fault in objects.faults),
    )


def _boundary_sum(
    predictions: Sequence[ScoredObject],
    truth: Sequence[ScoredObject],
    found: Matches,
    *,
    pixels: float,
) -> float:
    pairs = ((predictions[pair.prediction], truth[pair.truth]) for pair in found.pairs)
    return math.fsum(boundary_f(one, other, pixels=pixels) for one, other in pairs)


def _numbers(score: Score) -> tuple[int, int, int, float]:
    return (score.true_positive, score.false_positive, score.false_negative, score.iou_sum)
