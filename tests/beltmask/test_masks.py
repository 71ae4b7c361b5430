from __future__ import annotations

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco_mask

from beltmask import masks
from beltmask.model import BoolArray, Box, Mask
from tests.frames import frame_of

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIZE = (23, 17)
AROUND = Box(-20, -20, 60, 60)


def bits_of(*rows: str) -> BoolArray:
    return np.array([[letter == "#" for letter in row] for row in rows])


def grids(longest: int = 12) -> st.SearchStrategy[BoolArray]:
    sides = st.tuples(st.integers(1, longest), st.integers(1, longest))
    return sides.flatmap(lambda shape: arrays.arrays(np.bool_, shape))


@st.composite
def shapes(draw: st.DrawFn, lowest: int = -6) -> Mask:
    """A mask of any form at all, partly outside of ``SIZE`` when ``lowest`` is below 0."""
    made = masks.mask_from_crop(
        draw(grids(8).filter(lambda bits: bool(bits.any()))),
        draw(st.integers(lowest, SIZE[0] - 8)),
        draw(st.integers(lowest, SIZE[1] - 8)),
    )
    assert made is not None
    return made


inside = shapes(lowest=0)
TRICKY = {
    "one pixel": bits_of("#"),
    "a row": bits_of("#####"),
    "a column": bits_of("#", "#", "#"),
    "a diagonal": bits_of("#..", ".#.", "..#"),
    "two touching corners": bits_of("##..", "##..", "..##", "..##"),
    "a ring": bits_of("###", "#.#", "###"),
    "an island in a hole": bits_of("#####", "#...#", "#.#.#", "#...#", "#####"),
    "holes touching at a corner": bits_of("####", "#.##", "##.#", "####"),
    "parts apart": bits_of("#.#", "...", "#.#"),
    "a chessboard": np.indices((7, 8)).sum(axis=0) % 2 == 0,
    "a whole frame": np.ones((17, 23), dtype=np.bool_),
}


def in_frame(mask: Mask | None) -> BoolArray:
    empty = np.zeros((AROUND.height, AROUND.width), dtype=np.bool_)
    return empty if mask is None else masks.bits_in(mask, AROUND)


@given(grids(), st.integers(-9, 9), st.integers(-9, 9))
def test_a_crop_is_made_tight_and_loses_nothing(bits: BoolArray, x: int, y: int) -> None:
    mask = masks.mask_from_crop(bits, x, y)
    if mask is None:
        assert not bits.any()
        return
    window = Box(x, y, x + bits.shape[1], y + bits.shape[0])
    assert np.array_equal(masks.bits_in(mask, window), bits)
    edges = (mask.bits[0], mask.bits[-1], mask.bits[:, 0], mask.bits[:, -1])
    assert all(edge.any() for edge in edges)
    assert mask.area == np.count_nonzero(bits)


def test_a_mask_does_not_change_with_the_array_it_came_from() -> None:
    bits = np.ones((3, 3), dtype=np.bool_)
    mask = masks.mask_from_crop(bits)
    bits[:] = False
    assert mask is not None
    assert mask.area == 9
    with pytest.raises(ValueError, match="read-only"):
        mask.bits[0, 0] = False


@given(shapes())
def test_encoding_is_lossless(mask: Mask) -> None:
    assert masks.decode(masks.encode(mask), mask.box) == mask


@given(inside)
def test_coco_run_lengths_are_those_of_pycocotools(mask: Mask) -> None:
    frame = np.asfortranarray(frame_of(mask, SIZE).astype(np.uint8))
    expected = coco_mask.encode(frame)
    ours = masks.to_coco_rle(mask, SIZE)
    assert (ours["size"], ours["counts"].encode()) == (expected["size"], expected["counts"])
    assert np.array_equal(coco_mask.decode(ours), frame)


@given(inside)
def test_coco_run_lengths_come_back(mask: Mask) -> None:
    counts = masks.to_coco_rle(mask, SIZE)["counts"].encode()
    assert masks.from_coco_rle(counts, SIZE) == mask


def test_an_empty_frame_is_no_mask() -> None:
    counts = coco_mask.encode(np.zeros((17, 23), dtype=np.uint8, order="F"))["counts"]
    assert masks.from_coco_rle(counts, SIZE) is None
    assert masks.mask_from_frame(np.zeros((17, 23), dtype=np.bool_)) is None


@given(st.binary(max_size=30) | st.text("0123456789:;<=PQRabcmno", max_size=30).map(str.encode))
def test_damaged_run_lengths_raise_value_error_only(counts: bytes) -> None:
    try:
        found = masks.from_coco_rle(counts, SIZE)
    except ValueError:
        return
    assert found is None or found.box.clipped(SIZE) == found.box


@pytest.mark.parametrize("size", [(0, 5), (-3, 5), (10**6, 10**6), (2**70, 2)])
def test_run_lengths_of_a_senseless_size_raise_value_error(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no image is"):
        masks.from_coco_rle(b"d0:Z5", size)


@given(shapes())
def test_rings_restore_the_mask(mask: Mask) -> None:
    assert masks.mask_from_rings(masks.rings_of(mask)) == mask


@pytest.mark.parametrize("bits", TRICKY.values(), ids=TRICKY.keys())
def test_rings_restore_tricky_shapes(bits: BoolArray) -> None:
    mask = masks.mask_from_crop(bits, 3, 5)
    assert mask is not None
    rings = masks.rings_of(mask)
    assert masks.mask_from_rings(rings) == mask
    assert masks.mask_from_rings([np.roll(ring[::-1], 1, axis=0) for ring in rings]) == mask


def test_a_rectangle_has_four_corners_on_pixel_edges() -> None:
    [ring] = masks.rings_of(masks.mask_from_box(Box(10, 4, 20, 9)))
    assert {tuple(corner) for corner in ring.tolist()} == {(10, 4), (20, 4), (20, 9), (10, 9)}


def test_an_outline_that_goes_up_and_down_takes_no_memory_for_each_row_it_crosses() -> None:
    height, times = 1_000, 4_000
    ring = np.array([(n / 80, height * (n % 2)) for n in range(times)], dtype=np.float64)
    tracemalloc.start()
    mask = masks.mask_from_rings([ring])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert mask is not None
    assert peak < 16 * height * times


eighths = st.integers(-40, 224).map(lambda number: number / 8)
rings = arrays.arrays(np.float64, st.tuples(st.integers(3, 9), st.just(2)), elements=eighths)


@given(st.lists(rings, max_size=3))
def test_a_ring_covers_the_pixels_whose_centre_lies_inside(drawn: list[masks.Ring]) -> None:
    found = masks.mask_from_rings(drawn, SIZE)
    frame = np.zeros((SIZE[1], SIZE[0]), dtype=np.bool_)
    for row, column in itertools.product(range(SIZE[1]), range(SIZE[0])):
        frame[row, column] = _crossings(drawn, column + 0.5, row + 0.5) % 2 == 1
    ours = frame_of(found, SIZE) if found is not None else np.zeros_like(frame)
    assert np.array_equal(ours, frame)


def _crossings(drawn: list[masks.Ring], x: float, y: float) -> int:
    """How many edges a ray from (x, y) to the left crosses."""
    count = 0
    for ring in drawn:
        for (xa, ya), (xb, yb) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            if (ya <= y) != (yb <= y):
                count += bool(xa + (y - ya) * (xb - xa) / (yb - ya) <= x)
    return count


@given(shapes(), shapes())
def test_set_operations_are_those_of_full_frames(one: Mask, other: Mask) -> None:
    a, b = in_frame(one), in_frame(other)
    assert np.array_equal(in_frame(masks.union(one, other)), a | b)
    assert np.array_equal(in_frame(masks.difference(one, other)), a & ~b)
    assert masks.intersection_area(one, other) == np.count_nonzero(a & b)
    assert masks.iou(one, other) == np.count_nonzero(a & b) / np.count_nonzero(a | b)


@given(shapes())
def test_set_operations_with_nothing_change_nothing(mask: Mask) -> None:
    assert masks.union(mask, None) == masks.union(None, mask) == mask
    assert masks.difference(mask, None) == mask
    assert masks.difference(None, mask) is None
    assert masks.union(None, None) is None
    assert masks.difference(mask, mask) is None


@given(st.lists(inside, min_size=1, max_size=4), st.lists(inside, min_size=1, max_size=4))
def test_iou_of_every_pair_is_that_of_pycocotools(ours: list[Mask], theirs: list[Mask]) -> None:
    found = [[masks.iou(one, other) for other in theirs] for one in ours]
    rles = [[masks.to_coco_rle(m, SIZE) for m in side] for side in (ours, theirs)]
    expected = coco_mask.iou(*rles, [0] * len(theirs))
    assert np.array(found) == pytest.approx(np.array(expected))


@given(shapes())
def test_clipping_keeps_what_lies_inside(mask: Mask) -> None:
    kept = masks.clipped(mask, SIZE)
    frame = frame_of(mask, SIZE)
    assert kept == masks.mask_from_frame(frame)
    assert frame.shape == (17, 23)


def test_a_box_is_a_mask_of_all_its_pixels() -> None:
    mask = masks.mask_from_box(Box(2, 3, 7, 5))
    assert (mask.box, mask.area) == (Box(2, 3, 7, 5), 10)
