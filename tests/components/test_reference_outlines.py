"""An edited outline against an exact mask."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beltmask.masks import Ring, mask_from_frame, mask_from_rings, rings_of
from beltmask.model import BoolArray, Mask, Size
from tests.components.reference_outlines import reshaped
from tests.frames import frame_of

SIZE: Size = (24, 18)
FRAMES = arrays(np.bool_, (18, 24)).filter(lambda bits: bool(bits.any()))
CORNER = st.tuples(st.integers(-4, 28), st.integers(-4, 22))
RINGS = st.lists(CORNER, min_size=3, max_size=7).map(lambda c: np.array(c, dtype=np.float64))
ROUND = 13
"""Radius of the disc, a true edge of many steps."""


def mask_of(bits: BoolArray) -> Mask:
    mask = mask_from_frame(bits)
    assert mask is not None
    return mask


def bits_of(mask: Mask | None, size: Size = SIZE) -> BoolArray:
    return np.zeros(size[::-1], dtype=np.bool_) if mask is None else frame_of(mask, size)


def holes_in(bits: BoolArray) -> int:
    around = np.pad(~bits, 1, constant_values=True).astype(np.uint8)
    return cv2.connectedComponents(around, connectivity=4)[0] - 2


def parts_in(bits: BoolArray) -> int:
    return cv2.connectedComponents(bits.astype(np.uint8), connectivity=8)[0] - 1


def right_edge(ring: Ring, *, at: int, to: int) -> Ring:
    """The ring with its edge at one x pulled to another."""
    return np.where(ring == (at, -1), (to, -1), ring)


@given(FRAMES, RINGS)
def test_an_outline_nobody_moved_changes_nothing(bits: BoolArray, ring: Ring) -> None:
    assert reshaped(mask_of(bits), ring, ring, SIZE) == mask_of(bits)


@pytest.mark.parametrize("corner", range(8))
@pytest.mark.parametrize("by", [-9, -2.5, 3, 12])
def test_a_dragged_corner_leaves_no_hole_and_no_speck_along_the_old_edge(
    corner: int, by: float
) -> None:
    """The outline shown is simplified and the mask is not: between them lie slivers."""
    rows, columns = np.indices((60, 60)) + 0.5
    disc = np.hypot(rows - 30, columns - 30) < ROUND
    [exact] = rings_of(mask_of(disc))
    turns = np.arctan2(*(exact - 30).T)
    shown = exact[[int(np.abs(turns - turn).argmin()) for turn in np.linspace(-3, 3, 8)]]
    changed = shown.copy()
    changed[corner] += by * (shown[corner] - 30) / ROUND
    found = bits_of(reshaped(mask_of(disc), shown, changed, (60, 60)), (60, 60))
    assert not np.array_equal(found, disc)
    assert (parts_in(found), holes_in(found)) == (1, 0)
    assert not (disc & ~found).any() if by > 0 else not (found & ~disc).any()


def test_a_hole_and_another_part_stay() -> None:
    bits = np.zeros((18, 24), dtype=np.bool_)
    bits[2:10, 2:10] = True
    bits[5:7, 5:7] = False
    bits[2:5, 15:20] = True
    [outer] = [ring for ring in rings_of(mask_of(bits)) if np.ptp(ring) == 8]
    wider = np.where(outer == 10, 12, outer)
    result = reshaped(mask_of(bits), outer, wider, SIZE)
    bits[2:12, 10:12] = True
    bits[10:12, 2:12] = True
    assert result == mask_of(bits)


def test_a_hole_pulled_past_the_edge_opens_it_and_adds_nothing_beyond() -> None:
    bits = np.zeros((18, 24), dtype=np.bool_)
    bits[2:12, 2:12] = True
    bits[5:8, 5:8] = False
    [hole] = [ring for ring in rings_of(mask_of(bits)) if np.ptp(ring) == 3]
    result = reshaped(mask_of(bits), hole, right_edge(hole, at=8, to=17), SIZE)
    bits[5:8, 5:12] = False
    assert result == mask_of(bits)


def test_an_edge_pushed_in_over_a_hole_leaves_the_hole_empty() -> None:
    bits = np.zeros((18, 24), dtype=np.bool_)
    bits[2:12, 2:12] = True
    bits[5:8, 5:8] = False
    [outer] = [ring for ring in rings_of(mask_of(bits)) if np.ptp(ring) == 10]
    result = reshaped(mask_of(bits), outer, right_edge(outer, at=12, to=6), SIZE)
    bits[2:12, 6:12] = False
    assert result == mask_of(bits)


def test_a_part_pulled_over_another_joins_it() -> None:
    bits = np.zeros((18, 24), dtype=np.bool_)
    bits[2:8, 2:8] = True
    bits[3:6, 12:16] = True
    [left] = [ring for ring in rings_of(mask_of(bits)) if np.ptp(ring) == 6]
    result = reshaped(mask_of(bits), left, right_edge(left, at=8, to=20), SIZE)
    bits[2:8, 2:20] = True
    assert result == mask_of(bits)


def test_an_outline_pulled_over_its_own_arm_leaves_no_gap_there() -> None:
    bits = np.zeros((18, 24), dtype=np.bool_)
    bits[2:14, 2:6] = bits[10:14, 2:20] = bits[2:14, 16:20] = True
    [ring] = rings_of(mask_of(bits))
    pulled = {(6.0, 2.0): (18, 2), (6.0, 10.0): (18, 8)}
    inner = np.array([pulled.get((x, y), (x, y)) for x, y in ring.tolist()])
    result = bits_of(reshaped(mask_of(bits), ring, inner, SIZE))
    assert (bits & ~result).sum() == 0
    assert result[2:8, 6:16].all()


def test_an_outline_pulled_shut_leaves_nothing() -> None:
    square = np.array([(2, 2), (2, 6), (6, 6), (6, 2)], dtype=np.float64)
    mask = mask_from_rings([square], SIZE)
    assert mask is not None
    assert reshaped(mask, square, square * 0, SIZE) is None


def test_an_outline_pulled_inside_out_lies_the_other_way_round() -> None:
    triangle = np.array([(4, 8), (16, 8), (10, 2)], dtype=np.float64)
    mask = mask_from_rings([triangle], SIZE)
    assert mask is not None
    turned = np.array([(4, 8), (16, 8), (10, 14)], dtype=np.float64)
    assert reshaped(mask, triangle, turned, SIZE) == mask_from_rings([turned], SIZE)


def test_a_spike_too_thin_for_pixels_leaves_no_dashes() -> None:
    square = np.array([(2, 2), (6, 2), (6, 6), (2, 6)], dtype=np.float64)
    mask = mask_from_rings([square], SIZE)
    assert mask is not None
    spike = np.array([(2, 2), (6, 2), (23.9, 3.6), (2, 6)], dtype=np.float64)
    drawn = bits_of(mask_from_rings([spike], SIZE))
    assert parts_in(bits_of(reshaped(mask, square, spike, SIZE))) == 1
    assert drawn.any()
