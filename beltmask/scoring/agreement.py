"""What repeats of one question agree on: which objects were seen how often, and where exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from beltmask import masks
from beltmask.model import Box
from beltmask.scoring.overlaps import ScoredObject, iou_matrix, place_of, shapes_of

SAME = 0.5
"""IoU from which objects of two repeats are one."""


@dataclass(frozen=True, slots=True, eq=False)
class SeenObject:
    """One object as repeats saw it, each at most once. ``sightings`` are in the repeats' order."""

    sightings: tuple[ScoredObject, ...]
    repeats: int

    @property
    def agreement(self) -> float:
        """The share of repeats that saw it: "seen 3 of 5" is 0.6."""
        return len(self.sightings) / self.repeats

    def agreement_map(self) -> tuple[Box, NDArray[np.float64]]:
        """By pixel the share of all repeats that saw the object there, in the smallest box about
        all sightings; shape (rows, columns).
        """
        shapes = shapes_of(self.sightings)
        window = reduce(Box.hull, (shape.box for shape in shapes))
        seen = np.zeros((window.height, window.width))
        for shape in shapes:
            seen += masks.bits_in(shape, window)
        return window, seen / self.repeats

    def merged(self) -> ScoredObject:
        """One object of all sightings: its pixels those that at least half of them have, its
        label the most frequent, its score the agreement.

        Without any pixel of that kind, it is the first sighting. Boxes alone stay a box.
        """
        window, share = self.agreement_map()
        bits = share * self.repeats >= len(self.sightings) / 2
        mask = masks.mask_from_crop(bits, window.x0, window.y0)
        first = self.sightings[0]
        label, score = _commonest(each.label for each in self.sightings), self.agreement
        if mask is None:
            return ScoredObject(first.box, first.mask, label, score=score)
        boxes_only = any(each.mask is None for each in self.sightings)
        return ScoredObject(mask.box, None if boxes_only else mask, label, score=score)


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """Of ``count`` objects of one score: the share that was right."""

    score: float
    right: float
    count: int


def seen_objects(repeats: Sequence[Sequence[ScoredObject]]) -> list[SeenObject]:
    """The objects of several answers to one question, those seen most often first.

    Objects of two repeats are joined when their IoU is at least 0.5, the best pairs first, unless
    a repeat would be in one object twice. Classes do not matter. The order of repeats, and of
    objects within one, changes nothing but the order of sightings.
    """
    objects = [(n, each) for n, answer in enumerate(repeats) for each in _in_place(answer)]
    clusters = {i: {i} for i in range(len(objects))}
    for i, j in _pairs(objects):
        one, other = clusters[i], clusters[j]
        asked = {objects[k][0] for k in one} & {objects[k][0] for k in other}
        if one is not other and not asked:
            one |= other
            clusters |= dict.fromkeys(other, one)
    distinct = {id(cluster): cluster for cluster in clusters.values()}.values()
    found = [
        SeenObject(tuple(objects[k][1] for k in sorted(cluster)), len(repeats))
        for cluster in distinct
    ]
    return sorted(found, key=_most_seen_first)


def reliability(scores: Sequence[float], right: Sequence[bool]) -> list[ReliabilityPoint]:
    """How often objects of each score are right; a score that keeps its word equals that share."""
    known = Counter(scores)
    hits = Counter(score for score, hit in zip(scores, right, strict=True) if hit)
    return [ReliabilityPoint(s, hits[s] / known[s], known[s]) for s in sorted(known)]


def _pairs(objects: Sequence[tuple[int, ScoredObject]]) -> Iterator[tuple[int, int]]:
    """Objects of two repeats that may be one, as positions: the best fit first."""
    all_of_them = [each for _, each in objects]
    ious = iou_matrix(all_of_them, all_of_them)
    places = [place_of(each) for each in all_of_them]
    pairs = [
        (i, j)
        for i, j in np.argwhere(ious >= SAME).tolist()
        if i < j and objects[i][0] != objects[j][0]
    ]
    yield from sorted(
        pairs, key=lambda pair: (-ious[pair], *sorted((places[pair[0]], places[pair[1]])))
    )


def _in_place(answer: Sequence[ScoredObject]) -> list[ScoredObject]:
    return sorted(answer, key=place_of)


def _most_seen_first(seen: SeenObject) -> tuple[object, ...]:
    return (-len(seen.sightings), *sorted(map(place_of, seen.sightings)))


def _commonest(labels: Iterable[str | None]) -> str | None:
    """Of equally frequent ones the first of the alphabet."""
    counts = Counter(label for label in labels if label is not None)
    return min(counts, key=lambda label: (-counts[label], label), default=None)
