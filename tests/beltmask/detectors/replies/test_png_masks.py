"""PNG masks of every kind the format knows, against Pillow; 0 and 1 are truth values in all."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from beltmask.detectors.replies.decode_limits import DecodeLimits
from beltmask.detectors.replies.png_masks import read_png_mask
from beltmask.model import BoolArray, Pixels
from tests.examples import examples

Samples = NDArray[np.int64]
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
KINDS = [
    *((depth, GREY) for depth in (1, 2, 4, 8, 16)),
    *((depth, PALETTE) for depth in (1, 2, 4, 8)),
    *((depth, colour) for depth in (8, 16) for colour in (RGB, GREY_ALPHA, RGBA)),
]
SPOT: BoolArray = np.tri(9, 7, dtype=np.bool_)
FILTERS = st.lists(st.integers(0, 4), min_size=1, max_size=4)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    samples: Samples, *, depth: int, colour: int, filters: list[int], extra: bytes = b""
) -> bytes:
    """A PNG of samples (rows, columns, bands); its rows are filtered in turn by ``filters``."""
    height, width, bands = samples.shape
    step = max(1, depth * bands // 8)
    before, packed = bytes(len(_row(samples[0], depth))), b""
    for number, row in enumerate(samples):
        plain, kind = _row(row, depth), filters[number % len(filters)]
        packed += bytes([kind]) + _filtered(plain, before, kind, step)
        before = plain
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = _chunk(b"IHDR", header) + extra + _chunk(b"IDAT", zlib.compress(packed))
    return b"\x89PNG\r\n\x1a\n" + body + _chunk(b"IEND", b"")


def _row(row: Samples, depth: int) -> bytes:
    if depth >= 8:
        return row.astype(">u2" if depth == 16 else np.uint8).tobytes()
    bits = (row.reshape(-1)[:, None] >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits.astype(np.uint8).reshape(-1)).tobytes()


def _filtered(plain: bytes, above: bytes, kind: int, step: int) -> bytes:
    left, corner = bytes(step) + plain, bytes(step) + above
    guess: Callable[[int], int] = [
        lambda _: 0,
        lambda i: left[i],
        lambda i: above[i],
        lambda i: (left[i] + above[i]) // 2,
        lambda i: _paeth(left[i], above[i], corner[i]),
    ][kind]
    return bytes((byte - guess(i)) % 256 for i, byte in enumerate(plain))


def _paeth(left: int, above: int, corner: int) -> int:
    likely = left + above - corner
    return min((left, above, corner), key=lambda one: abs(likely - one))


def in_bands(levels: Samples, colour: int, most: int) -> Samples:
    """Levels as grey, as grey colours, as indices, or as alpha over one colour."""
    if colour in {GREY, PALETTE}:
        return levels[:, :, None]
    if colour == RGB:
        return np.repeat(levels[:, :, None], 3, axis=2)
    flat = np.full((*levels.shape, 1 if colour == GREY_ALPHA else 3), most // 2)
    return np.concatenate([flat, levels[:, :, None]], axis=2)


def levels_read(data: bytes) -> Pixels:
    return read_png_mask(base64.b64encode(data).decode(), DecodeLimits())


def _palette(depth: int, high: int) -> bytes:
    colours = [0, 0, 0, high, high, high] + [90] * 3 * (2**depth - 2)
    return _chunk(b"PLTE", bytes(colours))


@pytest.mark.parametrize("filters", [[0], [0, 1, 2, 3, 4], [4]])
@pytest.mark.parametrize("high", ["one", "most"])
@pytest.mark.parametrize(("depth", "colour"), KINDS)
def test_an_unfiltered_mask_of_0_and_1_is_a_mask_like_a_filtered_one(
    *, depth: int, colour: int, high: str, filters: list[int]
) -> None:
    most = 2**depth - 1
    index = colour == PALETTE
    level = 1 if high == "one" or index else most
    samples = in_bands(SPOT.astype(np.int64) * level, colour, most)
    extra = _palette(depth, 1 if high == "one" else 255) if index else b""
    data = png(samples, depth=depth, colour=colour, filters=filters, extra=extra)
    assert np.array_equal(levels_read(data) > 127, SPOT)


@settings(max_examples=examples(40, exploring=120))
@given(st.data(), st.sampled_from(KINDS), FILTERS, st.integers(1, 9), st.integers(1, 9))
def test_soft_masks_are_what_pillow_makes_of_them(
    data: st.DataObject,
    kind: tuple[int, int],
    filters: list[int],
    height: int,
    width: int,
) -> None:
    depth, colour = kind
    most = 2**depth - 1
    drawn = data.draw(
        st.lists(st.integers(0, most), min_size=height * width, max_size=height * width)
    )
    levels = np.array(drawn, dtype=np.int64).reshape(height, width)
    extra = _chunk(b"PLTE", bytes(range(256)) * 3) if colour == PALETTE and depth == 8 else b""
    extra = extra or (_palette(depth, 255) if colour == PALETTE else b"")
    raw = png(
        in_bands(levels, colour, most), depth=depth, colour=colour, filters=filters, extra=extra
    )
    assert np.array_equal(levels_read(raw), _as_pillow_reads(raw, levels, depth, colour))


def _as_pillow_reads(raw: bytes, levels: Samples, depth: int, colour: int) -> Pixels:
    """By Pillow alone; of 16 bits, which it cuts, by the samples themselves."""
    if depth == 16:
        told = levels if levels.min() != levels.max() or colour not in {GREY_ALPHA, RGBA} else None
        told = np.full_like(levels, (2**16 - 1) // 2) if told is None else told
        shown = told >> 8 if told.max() > 255 else told
        return _truth(shown.astype(np.uint8), 1)
    with Image.open(io.BytesIO(raw)) as image:
        grey = np.asarray(image.convert("L"))
        alpha = np.asarray(image.getchannel("A")) if "A" in image.getbands() else None
    if alpha is not None and alpha.min() != alpha.max():
        return _truth(alpha, 1)
    return _truth(grey, 255 // (2**depth - 1) if colour == GREY and depth < 8 else 1)


def _truth(grey: Pixels, one: int) -> Pixels:
    return np.where(grey == one, np.uint8(255), grey) if grey.max() == one else grey


def test_a_transparent_grey_counts_whatever_the_filter() -> None:
    samples = np.where(SPOT, 200, 100)[:, :, None]
    clear = _chunk(b"tRNS", struct.pack(">H", 200))
    read = [
        levels_read(png(samples, depth=8, colour=GREY, filters=filters, extra=clear))
        for filters in ([0], [2])
    ]
    assert np.array_equal(read[0], read[1])
    assert np.array_equal(read[0] > 127, ~SPOT)
