"""What the samples of a TIFF mean: grey, colour, palette, inks, transparency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from tifffile import TiffPage

from beltmask.decoding.inks import rgb_of_inks
from beltmask.messages import Message
from beltmask.samples import Samples, Stored, UnsupportedKindError, unchanged

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK, _YCBCR = 0, 1, 2, 3, 5, 6
_CHANNELS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _PALETTE: 1, _CMYK: 4, _YCBCR: 3}
_UNSPECIFIED, _PREMULTIPLIED = 0, 1
_INK_SET, _PALETTE_TAG = 332, 320
_JPEG = 7

Change = Callable[[Samples], Samples]


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """How the stored values of a page become grey or RGB.

    ``whole_range`` brings values of a few bits to bytes first.
    """

    change: Change | None
    channels: int
    alpha: int | None
    premultiplied: bool
    white: int
    whole_range: Change | None

    def stored(self, values: Samples) -> Stored:
        """``values`` are rows x columns x samples; a single one loses its axis."""
        if self.whole_range is not None:
            values = self.whole_range(values)
        channels = tuple(range(self.channels)) if values.shape[2] > self.channels else None
        if values.shape[2] == 1:
            values = values[..., 0]
        return Stored(
            values, channels, self.alpha, self.premultiplied, self.white, self.change or unchanged
        )


def sample_type(page: TiffPage) -> np.dtype[np.generic]:
    """Of the values of a page: bits become bytes, half floats floats."""
    letter = np.dtype(page.dtype).char
    return np.dtype({"?": "B", "b": "h", "e": "f"}.get(letter, letter))


def colours_of(page: TiffPage) -> Colours:
    """What the tags say.

    Raises:
        UnsupportedKindError: They say something that is not read.
    """
    kind = int(page.photometric)
    channels = _CHANNELS.get(kind)
    if channels is None or (kind == _YCBCR and int(page.compression) != _JPEG):
        name = getattr(page.photometric, "name", kind)
        raise UnsupportedKindError(Message("images.tiff_colours", name=str(name)))
    bits = _bits(page)
    alpha, premultiplied = _alpha(page, channels)
    return Colours(
        change=_change(page, kind, bits),
        channels=channels,
        alpha=alpha,
        premultiplied=premultiplied,
        white=2 ** (8 if bits < 8 else bits) - 1,
        whole_range=None if kind == _PALETTE or bits >= 8 else partial(_full_range, bits=bits),
    )


def _bits(page: TiffPage) -> int:
    if isinstance(page.bitspersample, tuple):
        return 8  # such as 5, 6 and 5, which come out as bytes
    return int(page.bitspersample)


def _alpha(page: TiffPage, channels: int) -> tuple[int | None, bool]:
    """Its channel, and whether the colours were multiplied by it.

    A further sample nobody explained is taken for alpha, as most readers do; one that was said
    to be something else is left out.
    """
    found = int(page.samplesperpixel)
    further = found - channels
    if further < 0:
        raise UnsupportedKindError(Message("images.tiff_channels", number=found))
    if not further:
        return None, False
    if further > 1:
        raise UnsupportedKindError(Message("images.tiff_channels", number=found))
    told = [int(each) for each in page.extrasamples]
    if told == [_UNSPECIFIED]:
        return None, False
    return channels, told == [_PREMULTIPLIED]


def _change(page: TiffPage, kind: int, bits: int) -> Change | None:
    if kind == _WHITE_IS_ZERO:
        return partial(_inverted, white=2 ** max(bits, 8) - 1)
    if kind == _PALETTE:
        return partial(_looked_up, table=_table(page, bits))
    if kind != _CMYK:
        return None
    if page.tags.valueof(_INK_SET, 1) != 1 or sample_type(page).kind != "u":
        raise UnsupportedKindError(Message("images.tiff_inks"))
    return partial(rgb_of_inks, white=2**bits - 1)


def _table(page: TiffPage, bits: int) -> Samples:
    table = np.asarray(page.tags.valueof(_PALETTE_TAG, ()), dtype=np.uint32)
    if bits > 16 or table.size != 3 * 2**bits:
        raise UnsupportedKindError(Message("images.tiff_palette"))
    return (table.reshape(3, -1).T >> 8).astype(np.uint8)


def _looked_up(values: Samples, *, table: Samples) -> Samples:
    return table[values]


def _inverted(values: Samples, *, white: int) -> Samples:
    """Brightness: what is least becomes most. Floats and signed numbers change their sign."""
    if values.dtype.kind == "u":
        return (white - values).astype(values.dtype)
    return ~values if values.dtype.kind == "i" else -values


def _full_range(values: Samples, *, bits: int) -> Samples:
    """Samples of less than 8 bits as bytes, 0 to 255; in place where that is allowed."""
    values = np.require(values, requirements="W")
    steps = np.rint(np.arange(256) * (255 / (2**bits - 1))).clip(0, 255).astype(np.uint8)
    for row in values:
        row[...] = steps[row]
    return values
