"""Brush, parts, holes, cuts: what only the browser does, against slower ways to say the same."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

import cv2
import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from beltmask import masks
from beltmask.model import BoolArray, Box, Mask
from tests.components.frontend import CanvasFunctions
from tests.components.reference_outlines import reshaped
from tests.frames import frame_of

SIZE = (24, 18)
FRAME = Box(0, 0, *SIZE)
Place = tuple[float, float]
Floats = NDArray[np.float64]

frames = arrays.arrays(np.bool_, (18, 24)).filter(lambda bits: bool(bits.any()))
eighths = st.integers(-40, 224).map(lambda number: number / 8)
places = st.tuples(st.floats(-9, 33), st.floats(-9, 27)) | st.tuples(eighths, eighths)
lines = st.lists(places, min_size=1, max_size=6)


@given(bits=frames)
def test_parts_are_8_connected_and_come_largest_first(
    browser: CanvasFunctions, bits: BoolArray
) -> None:
    mask = mask_of(bits)
    found = browser.masks("parts", mask)
    assert [masks.encode(part) for part in found] == [masks.encode(part) for part in parts_of(mask)]
    assert [part.box for part in found] == [part.box for part in parts_of(mask)]


@given(bits=frames, smallest=st.integers(0, 12))
def test_specks_are_parts_too_small(
    browser: CanvasFunctions, bits: BoolArray, smallest: int
) -> None:
    mask = mask_of(bits)
    kept = [part for part in parts_of(mask) if part.area >= smallest]
    assert browser.mask("specksRemoved", mask, smallest) == reduce(masks.union, kept, None)


@given(bits=frames)
@example(bits=np.indices((18, 24)).sum(axis=0) % 2 == 0)
def test_holes_are_what_no_way_leads_out_of(browser: CanvasFunctions, bits: BoolArray) -> None:
    around = np.pad(bits, 1).astype(np.uint8)
    cv2.floodFill(around, None, (0, 0), (2,), flags=4)
    filled = browser.mask("holesFilled", mask_of(bits))
    assert filled is not None
    assert np.array_equal(frame_of(filled, SIZE), (around != 2)[1:-1, 1:-1])


@given(line=lines, radius=st.floats(0.5, 9))
def test_a_brush_covers_what_is_within_its_radius(
    browser: CanvasFunctions, line: list[Place], radius: float
) -> None:
    distance = distances(line)
    stroke = browser.mask("strokeMask", line, radius, SIZE)
    found = np.zeros_like(distance, dtype=bool) if stroke is None else frame_of(stroke, SIZE)
    doubtful = np.isclose(distance, radius) | under(line)
    assert np.array_equal(found & ~doubtful, (distance < radius) & ~doubtful)
    assert found[under(line)].all()


@given(line=lines, radius=st.floats(0.5, 9))
def test_a_stroke_is_the_sum_of_its_pieces(
    browser: CanvasFunctions, line: list[Place], radius: float
) -> None:
    pieces = [line[:1], *pairwise(line)]
    strokes = [browser.mask("strokeMask", piece, radius, SIZE) for piece in pieces]
    assert browser.mask("strokeMask", line, radius, SIZE) == reduce(masks.union, strokes, None)


@given(bits=frames, line=lines)
def test_a_cut_loses_and_doubles_no_pixel(
    browser: CanvasFunctions, bits: BoolArray, line: list[Place]
) -> None:
    mask = mask_of(bits)
    pieces = browser.masks("split", mask, line)
    assert reduce(masks.union, pieces, None) == mask
    assert sum(piece.area for piece in pieces) == mask.area
    assert [piece.area for piece in pieces] == sorted((p.area for p in pieces), reverse=True)


@given(start=st.floats(-3, 21), end=st.floats(-3, 21))
def test_a_straight_cut_leaves_each_pixel_on_its_side(
    browser: CanvasFunctions, start: float, end: float
) -> None:
    rows, columns = np.indices((18, 24)) + 0.5
    line = start + (end - start) / 30 * (columns + 3)
    assume(np.abs(rows - line).min() > 1e-4)
    above = rows < line
    sides = [mask for mask in map(masks.mask_from_frame, (above, ~above)) if mask is not None]
    if min(side.area for side in sides) < 9:
        sides = [masks.mask_from_box(FRAME)]
    pieces = browser.masks("split", masks.mask_from_box(FRAME), [(-3, start), (27, end)])
    assert sorted(map(masks.encode, pieces)) == sorted(map(masks.encode, sides))


@given(
    bits=frames,
    shown=st.lists(st.tuples(eighths, eighths), min_size=3, max_size=9),
    which=st.integers(0, 8),
    to=st.tuples(eighths, eighths),
)
def test_a_vertex_is_moved_as_the_engine_moves_it(
    browser: CanvasFunctions, bits: BoolArray, shown: list[Place], which: int, to: Place
) -> None:
    mask = mask_of(bits)
    changed = [to if i == which % len(shown) else corner for i, corner in enumerate(shown)]
    expected = reshaped(mask, np.array(shown), np.array(changed), SIZE)
    assert browser.mask("reshaped", mask, shown, changed, SIZE) == expected


def mask_of(bits: BoolArray) -> Mask:
    mask = masks.mask_from_frame(bits)
    assert mask is not None
    return mask


def parts_of(mask: Mask) -> list[Mask]:
    """The 8-connected parts, largest first, those of one size from the top down."""
    count, labels = cv2.connectedComponents(mask.bits.astype(np.uint8), connectivity=8)
    found = [masks.mask_from_crop(labels == i, mask.x, mask.y) for i in range(1, count)]
    parts = [part for part in found if part is not None]
    return sorted(parts, key=lambda part: (-part.area, first_pixel(part)))


def first_pixel(part: Mask) -> tuple[int, int]:
    row, column = np.argwhere(part.bits)[0].tolist()
    return part.y + row, part.x + column


def distances(line: list[Place]) -> Floats:
    """From each pixel's centre to the nearest point of the line."""
    rows, columns = np.indices((18, 24)) + 0.5
    centres = np.dstack([columns, rows])
    pieces = pairwise(line if line[1:] else line * 2)
    found = np.array([distance_to(centres, np.array(a), np.array(b)) for a, b in pieces])
    nearest: Floats = found.min(axis=0)
    return nearest


def distance_to(centres: Floats, a: Floats, b: Floats) -> Floats:
    along = b - a
    length = float(along @ along)
    share = np.clip((centres - a) @ along / length, 0, 1) if length else np.zeros((18, 24))
    found: Floats = np.linalg.norm(centres - (a + share[..., None] * along), axis=-1)
    return found


def under(line: list[Place]) -> BoolArray:
    """The pixels of the frame that points of the line lie in."""
    found = np.zeros((18, 24), dtype=np.bool_)
    for x, y in line:
        if 0 <= x < 24 and 0 <= y < 18:
            found[int(y), int(x)] = True
    return found
