from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from beltmask import masks
from beltmask.model import BoolArray
from beltmask.scoring import ScoredObject
from beltmask.scoring.boundaries import boundary_f, outline, tolerance_in_pixels
from beltmask.scoring.overlaps import shapes_of
from beltmask.scoring.picture_counts import picture_counts
from beltmask.scoring.statistics import figures_of
from tests.beltmask.scoring.blocks import SIZE, block, blocks
from tests.frames import frame_of


def speckled(seed: int) -> ScoredObject:
    """A ragged thing with holes and parts."""
    random = np.random.default_rng(seed)
    bits = random.random((12, 14)) > 0.4
    mask = masks.mask_from_crop(bits, *random.integers(0, 30, size=2).tolist())
    assert mask is not None
    return ScoredObject(mask.box, mask)


def reference(one: ScoredObject, other: ScoredObject, *, pixels: float) -> float:
    """On whole pictures, each outline pixel against every one of the other's."""
    lines = [np.argwhere(edge(frame_of(each, SIZE))) for each in shapes_of([one, other])]
    apart = np.hypot(*(lines[0][:, None] - lines[1][None]).transpose(2, 0, 1))
    near = [(apart.min(axis=axis) <= pixels).mean() for axis in (1, 0)]
    return float(2 * near[0] * near[1] / sum(near)) if sum(near) else 0.0


def edge(frame: BoolArray) -> BoolArray:
    found = np.zeros_like(frame)
    for row, column in np.argwhere(frame):
        for step in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            r, c = row + step[0], column + step[1]
            inside = 0 <= r < frame.shape[0] and 0 <= c < frame.shape[1]
            if not inside or not frame[r, c]:
                found[row, column] = True
    return found


@pytest.mark.parametrize("pixels", [1.0, 1.5, 2.0, math.sqrt(5), 3.7])
def test_it_is_what_whole_pictures_say(pixels: float) -> None:
    things = [speckled(seed) for seed in range(5)]
    for one in things:
        for other in [*things, block(5, 5), block(60, 44, 4, 4)]:
            expected = reference(one, other, pixels=pixels)
            assert boundary_f(one, other, pixels=pixels) == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 20), st.integers(0, 12))
def test_moving_a_thing_no_farther_than_the_tolerance_costs_nothing(x: int, y: int) -> None:
    there, moved = block(20, 20), block(20 + x, 20 + y)
    assert boundary_f(there, moved, pixels=max(1.0, math.hypot(x, y))) == 1
    assert boundary_f(there, block(24 + x, 20 + y), pixels=1.0) < 1


def test_the_tolerance_is_a_share_of_the_diagonal_and_a_pixel_at_least() -> None:
    assert tolerance_in_pixels((1280, 960)) == pytest.approx(12.8)
    assert tolerance_in_pixels((30, 40)) == 1.0
    assert tolerance_in_pixels((300, 400), share=0.02) == pytest.approx(10)


def test_an_outline_runs_round_holes_and_along_the_picture_s_edge() -> None:
    ring = np.ones((5, 5), dtype=np.bool_)
    ring[2, 2] = False
    assert outline(ring).sum() == 16 + 4
    assert outline(np.ones((4, 4), dtype=np.bool_)).sum() == 12


def test_a_thing_missed_and_one_made_up_count_half_a_wrong_outline_each() -> None:
    counts = picture_counts([block(0, 0), block(40, 20)], [block(0, 0), block(20, 20)], SIZE)
    assert figures_of(counts)["boundary_f"] == 0.5


@given(blocks(), blocks())
def test_panoptic_quality_is_that_of_whole_pictures(
    predictions: list[ScoredObject], truth: list[ScoredObject]
) -> None:
    """Worked out once more from maps of numbers, as its authors do: one number a pixel."""
    found, wanted = number_map(predictions), number_map(truth)
    sides = [objects_of(each) for each in (found, wanted)]
    ious = [
        iou
        for one in np.unique(found[found > 0])
        for other in np.unique(wanted[wanted > 0])
        if (iou := share(found == one, wanted == other)) > 0.5
    ]
    left = len(sides[0]) + len(sides[1]) - 2 * len(ious)
    expected = sum(ious) / (len(ious) + left / 2) if sides[0] or sides[1] else None
    figures = figures_of(picture_counts(sides[0], sides[1], SIZE))
    assert figures["pq"] == (None if expected is None else pytest.approx(expected))


def number_map(side: list[ScoredObject]) -> NDArray[np.intp]:
    """Each pixel's object, counted from 1; where some overlap the last one's."""
    numbers = np.zeros(SIZE[::-1], dtype=np.intp)
    for number, mask in enumerate((mask for each in side for mask in shapes_of([each])), start=1):
        numbers[frame_of(mask, SIZE)] = number
    return numbers


def objects_of(numbers: NDArray[np.intp]) -> list[ScoredObject]:
    found = [masks.mask_from_frame(numbers == n) for n in np.unique(numbers[numbers > 0])]
    return [ScoredObject(mask.box, mask) for mask in found if mask is not None]


def share(one: BoolArray, other: BoolArray) -> float:
    return float((one & other).sum() / (one | other).sum())
