"""The browser's masks are those of ``beltmask.masks``, bit for bit."""

from __future__ import annotations

import zlib

import cv2
import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from beltmask import masks
from beltmask.model import BoolArray, Box, Mask
from tests.components.frontend import CanvasFunctions
from tests.components.reference_outlines import reshaped

SIZE = (24, 18)
FRAME = Box(0, 0, *SIZE)

numbers = st.integers(-40, 224).map(lambda number: number / 8) | st.floats(-9, 33, width=64)
rings = arrays.arrays(np.float64, st.tuples(st.integers(0, 9), st.just(2)), elements=numbers)
outlines = st.lists(rings, max_size=3)


@st.composite
def shapes(draw: st.DrawFn, lowest: int = -6, longest: int = 12) -> Mask:
    """A mask of any form at all, partly outside of ``SIZE`` when ``lowest`` is below 0."""
    sides = draw(st.tuples(st.integers(1, longest), st.integers(1, longest)))
    made = masks.mask_from_crop(
        draw(arrays.arrays(np.bool_, sides).filter(lambda bits: bool(bits.any()))),
        draw(st.integers(lowest, SIZE[0] - longest)),
        draw(st.integers(lowest, SIZE[1] - longest)),
    )
    assert made is not None
    return made


whole = masks.mask_from_box(FRAME)
pixel = masks.mask_from_box(Box(23, 17, 24, 18))
chessboard = Mask(0, 0, np.indices((18, 24)).sum(axis=0) % 2 == 0)


@given(mask=shapes())
@example(mask=whole)
@example(mask=pixel)
@example(mask=chessboard)
def test_run_lengths_and_keys_are_the_same(browser: CanvasFunctions, mask: Mask) -> None:
    counts = masks.encode(mask)
    assert browser.ask("encode", mask) == counts.decode()
    box = mask.box
    assert browser.mask("decode", counts.decode(), *corner_and_size(box)) == mask
    key = ",".join(map(str, corner_and_size(box)))
    assert browser.ask("shapeKey", mask) == f"{key}:{zlib.crc32(counts):08x}"


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32 - 1), density=st.floats(0.001, 0.999))
def test_run_lengths_of_large_masks_are_the_same(
    browser: CanvasFunctions, seed: int, density: float
) -> None:
    bits = np.random.default_rng(seed).random((211, 307)) < density
    mask = masks.mask_from_crop(cv2.medianBlur(bits.astype(np.uint8), 5) > 0, 1000, 2000)
    if mask is not None:
        counts = masks.encode(mask).decode()
        assert browser.ask("encode", mask) == counts
        assert browser.mask("decode", counts, *corner_and_size(mask.box)) == mask
        assert ring_set(browser.rings(mask)) == ring_set(masks.rings_of(mask))


@given(crop=arrays.arrays(np.bool_, (7, 9)), x=st.integers(-9, 9), y=st.integers(-9, 9))
def test_crops_are_made_tight_alike(
    browser: CanvasFunctions, crop: BoolArray, x: int, y: int
) -> None:
    assert browser.mask("tight", Mask(x, y, crop)) == masks.mask_from_crop(crop, x, y)


@given(drawn=outlines, bounded=st.booleans())
def test_outlines_are_filled_alike(
    browser: CanvasFunctions, drawn: list[masks.Ring], bounded: bool
) -> None:
    size = SIZE if bounded else None
    told = [ring.tolist() for ring in drawn]
    found = browser.mask("maskFromRings", told, *([size] if size else []))
    assert found == masks.mask_from_rings(drawn, size)


@given(mask=shapes())
@example(mask=whole)
@example(mask=pixel)
@example(mask=chessboard)
def test_outlines_are_the_same_whatever_corner_they_start_at(
    browser: CanvasFunctions, mask: Mask
) -> None:
    found = browser.rings(mask)
    assert ring_set(found) == ring_set(masks.rings_of(mask))
    assert masks.mask_from_rings(found) == mask


@given(one=shapes(), other=shapes())
def test_masks_are_joined_and_cut_alike(browser: CanvasFunctions, one: Mask, other: Mask) -> None:
    assert browser.mask("union", one, other) == masks.union(one, other)
    assert browser.mask("difference", one, other) == masks.difference(one, other)
    shared = masks.difference(one, masks.difference(one, other))
    assert browser.mask("intersection", one, other) == shared
    assert browser.ask("overlaps", one, other) == (shared is not None)
    assert browser.mask("clipped", one, SIZE) == masks.clipped(one, SIZE)
    assert browser.mask("moved", one, 3, -40) == masks.moved(one, 3, -40)
    assert browser.ask("area", one) == one.area
    assert browser.ask("same", one, other) == (one == other)


@given(mask=shapes(lowest=0), shown=rings, changed=rings)
def test_masks_are_reshaped_alike(
    browser: CanvasFunctions, mask: Mask, shown: masks.Ring, changed: masks.Ring
) -> None:
    found = browser.mask("reshaped", mask, shown.tolist(), changed.tolist(), SIZE)
    assert found == reshaped(mask, shown, changed, SIZE)


def corner_and_size(box: Box) -> tuple[int, int, int, int]:
    return (box.x0, box.y0, box.width, box.height)


def ring_set(found: list[masks.Ring]) -> set[tuple[tuple[float, ...], ...]]:
    """Rings without their order, direction and starting corner."""
    return {min(turned(ring), turned(ring[::-1])) for ring in found}


def turned(ring: masks.Ring) -> tuple[tuple[float, ...], ...]:
    """The ring from its first corner on; that may be passed twice."""
    corners = [tuple(corner) for corner in ring.tolist()]
    starts = [i for i, corner in enumerate(corners) if corner == min(corners)]
    return min(tuple(corners[i:] + corners[:i]) for i in starts)
