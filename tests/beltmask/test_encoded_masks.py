"""Masks as they are read: run lengths until somebody looks at the bits."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.masks import encode, encoded, intersection_area, mask_from_rings, rings_of
from beltmask.model import Mask
from tests.beltmask.store.builders import mask

masks = st.builds(mask, st.integers(-5, 60), st.integers(-5, 60), st.integers(0, 99))


@given(masks, masks)
def test_an_encoded_mask_is_the_mask(shape: Mask, other: Mask) -> None:
    read = encoded(encode(shape), shape.box)
    assert (read.box, read.x, read.y) == (shape.box, shape.x, shape.y)
    assert encode(read) == encode(shape)
    assert read == shape
    assert shape == read
    assert (read == other) == (shape == other)
    assert read.area == shape.area
    assert intersection_area(read, other) == intersection_area(shape, other)
    assert mask_from_rings(rings_of(read)) == shape


def test_the_bits_of_an_encoded_mask_cannot_be_written() -> None:
    read = encoded(encode(mask()), mask().box)
    with pytest.raises(ValueError, match="read-only"):
        read.bits[0, 0] = True


def test_a_copy_of_an_encoded_mask_is_a_plain_one() -> None:
    copy = deepcopy(encoded(encode(mask()), mask().box))
    assert copy == mask()
    assert type(copy) is Mask
