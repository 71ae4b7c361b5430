"""Squares of every level, each where it belongs, and found again in the packed file."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beltmask.errors import NotFoundError
from beltmask.pyramids import (
    SQUARE_SIDE,
    Pyramid,
    levels_of,
    packed,
    pyramid_of,
    span_of_part,
    span_of_places,
    squares_of,
)
from beltmask.samples import Samples

SIDES = st.integers(1, 3000)


def test_a_long_line_scan_has_three_levels_above_its_preview() -> None:
    found = pyramid_of((12_000, 4_000), longest=2048)
    assert [found.level_size(level) for level in range(found.levels)] == [
        (12_000, 4_000),
        (6_000, 2_000),
        (3_000, 1_000),
    ]
    assert [found.grid(level) for level in range(3)] == [(24, 8), (12, 4), (6, 2)]
    assert found.count == 24 * 8 + 12 * 4 + 6 * 2


@pytest.mark.parametrize("size", [(2048, 2048), (1, 1), (2048, 3)])
def test_a_picture_no_larger_than_its_preview_has_none(size: tuple[int, int]) -> None:
    assert pyramid_of(size, longest=2048).count == 0


def test_one_pixel_more_makes_a_level() -> None:
    assert pyramid_of((7, 2049), longest=2048) == Pyramid((7, 2049), 1)


@given(SIDES, SIDES)
def test_every_place_has_a_number_of_its_own_and_every_square_its_size(
    width: int, height: int
) -> None:
    pyramid = pyramid_of((width, height), longest=700)
    samples = np.zeros((height, width), dtype=np.uint8)
    sizes = [
        square.shape[::-1]
        for level in levels_of(samples, pyramid.levels)
        for square in squares_of(level)
    ]
    assert len(sizes) == pyramid.count
    seen = []
    for level in range(pyramid.levels):
        columns, rows = pyramid.grid(level)
        across, down = pyramid.level_size(level)
        for row in range(rows):
            for column in range(columns):
                number = pyramid.number(level, column, row)
                left, below = across - column * SQUARE_SIDE, down - row * SQUARE_SIDE
                assert sizes[number] == (min(left, SQUARE_SIDE), min(below, SQUARE_SIDE))
                seen.append(number)
    assert seen == list(range(pyramid.count))


@pytest.mark.parametrize(
    "place", [(-1, 0, 0), (2, 0, 0), (0, -1, 0), (0, 8, 0), (0, 0, -1), (0, 0, 2), (1, 4, 0)]
)
def test_there_are_no_other_places(place: tuple[int, int, int]) -> None:
    pyramid = pyramid_of((4_000, 1_000), longest=1_500)
    assert (pyramid.levels, pyramid.grid(0), pyramid.grid(1)) == (2, (8, 2), (4, 1))
    with pytest.raises(NotFoundError, match=r"no level|no square"):
        pyramid.number(*place)


@given(
    arrays(
        st.sampled_from([np.uint8, np.uint16, np.float32]),
        st.tuples(st.integers(1, 9), st.integers(1, 9)),
        elements=st.integers(0, 255),
    )
)
def test_a_pixel_of_a_level_is_the_mean_of_those_under_it(samples: Samples) -> None:
    _, half = levels_of(samples, 2)
    padded = np.pad(samples.astype(np.float64), [(0, n % 2) for n in samples.shape], mode="edge")
    rows, columns = half.shape
    means = padded.reshape(rows, 2, columns, 2).mean(axis=(1, 3))
    assert half.dtype == samples.dtype
    assert np.abs(half - means).max() <= 0.5


@given(st.lists(st.binary(max_size=20), min_size=1))
def test_each_part_of_a_packed_file_can_be_read_alone(parts: list[bytes]) -> None:
    file = packed(parts)
    for number, part in enumerate(parts):
        start, end = span_of_places(number)
        first, last = span_of_part(file[start:end])
        assert file[first:last] == part
