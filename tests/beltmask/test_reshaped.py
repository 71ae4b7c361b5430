"""An edited outline against an exact mask."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beltmask.masks import Ring, frame_of, mask_from_frame, mask_from_rings, reshaped, rings_of
from beltmask.model import BoolArray, Size

SIZE: Size = (24, 18)
FRAMES = arrays(np.bool_, (18, 24)).filter(lambda bits: bool(bits.any()))
CORNER = st.tuples(st.integers(-4, 28), st.integers(-4, 22))
RINGS = st.lists(CORNER, min_size=3, max_size=7).map(lambda c: np.array(c, dtype=np.float64))


def filled(ring: Ring) -> BoolArray:
    mask = mask_from_rings([ring], SIZE)
    return np.zeros((18, 24), dtype=np.bool_) if mask is None else frame_of(mask, SIZE)


@given(FRAMES, RINGS, RINGS)
def test_pixels_outside_the_two_outlines_stay(bits: BoolArray, shown: Ring, changed: Ring) -> None:
    mask = mask_from_frame(bits)
    assert mask is not None
    result = reshaped(mask, shown, changed, SIZE)
    now = np.zeros_like(bits) if result is None else frame_of(result, SIZE)
    old, new = filled(shown), filled(changed)
    assert np.array_equal(now, (bits | (new & ~old)) & ~(old & ~new))


@given(FRAMES, RINGS)
def test_an_outline_nobody_moved_changes_nothing(bits: BoolArray, ring: Ring) -> None:
    mask = mask_from_frame(bits)
    assert mask is not None
    assert reshaped(mask, ring, ring, SIZE) == mask


def test_a_hole_and_another_part_stay() -> None:
    bits = np.zeros((18, 24), dtype=np.bool_)
    bits[2:10, 2:10] = True
    bits[5:7, 5:7] = False
    bits[2:5, 15:20] = True
    mask = mask_from_frame(bits)
    assert mask is not None
    [outer] = [ring for ring in rings_of(mask) if np.ptp(ring) == 8]
    wider = np.where(outer == 10, 12, outer)
    result = reshaped(mask, outer, wider, SIZE)
    bits[2:12, 10:12] = True
    bits[10:12, 2:12] = True
    assert result == mask_from_frame(bits)


def test_an_outline_pulled_shut_leaves_nothing() -> None:
    square = np.array([(2, 2), (2, 6), (6, 6), (6, 2)], dtype=np.float64)
    mask = mask_from_rings([square], SIZE)
    assert mask is not None
    assert reshaped(mask, square, square * 0, SIZE) is None
