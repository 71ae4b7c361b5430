"""Sample values: as a file has them, upright and opaque, and brought to 8 bits for showing.

Large pictures are worked on in strips, so that nothing but the picture itself takes memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from beltmask.exif import as_stored, upright_shape
from beltmask.messages import Message
from beltmask.model import Pixels

Samples = NDArray[Any]
"""Rows x columns (grey) or rows x columns x 3 (RGB), in the file's own number type."""

_SENSOR_BITS = (8, 10, 12, 14, 16)
_LOOKED_AT = 1_000_000
_STRIP = 250_000
"""Pixels worked on at a time."""


class UnsupportedKindError(Exception):
    """A sound file of a kind that cannot be read exactly."""

    def __init__(self, kind: Message) -> None:
        super().__init__(kind)
        self.kind = kind


def unchanged(values: Samples) -> Samples:
    return values


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """What a decoder made of a file.

    ``values`` are rows x columns [x channels], turned as stored. ``colours`` makes grey or RGB
    of the ``channels`` of some rows (all, if they are None); ``white`` is white in what it makes.
    """

    values: Samples
    channels: tuple[int, ...] | None = None
    alpha: int | None = None
    premultiplied: bool = False
    white: int = 255
    colours: Callable[[Samples], Samples] = unchanged


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """Upright, opaque samples. ``transparent`` says that white showed through somewhere;
    ``alpha_ignored`` that there was an alpha which hid everything.
    """

    samples: Samples
    transparent: bool = False
    alpha_ignored: bool = False


def flat_samples(stored: Stored, turn: int) -> Flat:
    """Lay what a file holds over white and turn it upright.

    Transparent pixels are laid over white, as a page would show them; opaque ones keep their
    values. An alpha that is 0 everywhere says nothing: somebody wrote none.

    Args:
        stored: From a decoder.
        turn: The EXIF orientation still to be applied.

    Raises:
        UnsupportedKindError: Samples without a white are transparent.
    """
    values = stored.values
    if stored.channels is None and stored.colours is unchanged and turn == 1:
        return Flat(np.ascontiguousarray(values))
    alpha = None if stored.alpha is None else values[..., stored.alpha]
    ignored = alpha is not None and not alpha.any()
    cover = None if alpha is None or ignored else _cover(alpha, stored.white)
    one = _flat(stored, slice(0, 1), None)
    samples = np.empty((*upright_shape(values.shape[:2], turn), *one.shape[2:]), one.dtype)
    turned = as_stored(samples, turn)
    for rows in strips(values):
        turned[rows] = _flat(stored, rows, cover)
    return Flat(samples, transparent=cover is not None, alpha_ignored=ignored)


def shown_in_8_bits(samples: Samples) -> tuple[Pixels, tuple[float, float] | None]:
    """RGB for the screen, and the (low, high) samples that became 0 and 255.

    The window is None for 8-bit pictures. Grey ones show their 0.1 to 99.9 percentile, for
    X-ray and heat use a sliver of their range; colour ones show the full range of the smallest
    usual sensor (8 to 16 bits) that holds them, so that colours stay what they were.
    """
    if samples.dtype == np.uint8:
        return _as_rgb(samples), None
    low, high = _colour_window(samples) if samples.ndim == 3 else _grey_window(samples)
    return shown_through(samples, (low, high)), (low, high)


def shown_through(samples: Samples, window: tuple[float, float]) -> Pixels:
    """RGB for the screen, the samples (low, high) as 0 and 255."""
    shown = np.empty(samples.shape, np.uint8)
    table = _windowed(np.arange(65536), *window) if samples.dtype == np.uint16 else None
    for rows in strips(samples):
        part = samples[rows]
        shown[rows] = _windowed(part, *window) if table is None else table[part]
    return _as_rgb(shown)


def plane_of(pixels: Samples) -> Samples:
    """The one plane of a grey picture that is shown as RGB, others as they are."""
    return pixels[..., 0] if pixels.ndim == 3 and pixels.strides[2] == 0 else pixels


def by_planes(change: Callable[[Samples], Samples], pixels: Samples) -> Samples:
    """``change`` a picture; a grey one shown as RGB only once, and it stays one."""
    plane = plane_of(pixels)
    return change(pixels) if plane is pixels else _as_rgb(change(plane))


def strips(values: Samples) -> Iterator[slice]:
    """Rows from top to bottom, a quarter of a million pixels or one row at a time."""
    height = max(1, _STRIP // max(1, values.shape[1]))
    for top in range(0, values.shape[0], height):
        yield slice(top, top + height)


def _cover(alpha: Samples, white: int) -> Samples | None:
    """The alpha, unless it is opaque everywhere."""
    if alpha.min() == (1 if alpha.dtype.kind == "f" else white):
        return None
    if alpha.dtype.kind != "u":
        raise UnsupportedKindError(Message("images.signed_alpha"))
    return alpha


def _flat(stored: Stored, rows: slice, cover: Samples | None) -> Samples:
    part = stored.values[rows]
    if stored.channels is not None:
        chosen = list(stored.channels)
        part = part[..., chosen[0]] if len(chosen) == 1 else part[..., chosen]
    colours = stored.colours(part)
    if cover is None:
        return colours
    return _over_white(colours, cover[rows], stored)


def _over_white(colours: Samples, alpha: Samples, stored: Stored) -> Samples:
    white = stored.white
    wide = np.uint32 if white <= 255 else np.uint64
    cover = (alpha if colours.ndim == 2 else alpha[..., None]).astype(wide)
    through = white - cover
    if stored.premultiplied:
        mixed = np.minimum(colours + through, white)
    else:
        mixed = (colours * cover + white * through + white // 2) // white
    return np.asarray(mixed, colours.dtype)


def _as_rgb(pixels: Pixels) -> Pixels:
    """A grey picture has one plane, seen three times."""
    if pixels.ndim == 3:
        return pixels
    return np.broadcast_to(pixels[..., None], (*pixels.shape, 3))


def _colour_window(samples: Samples) -> tuple[float, float]:
    if samples.dtype.kind == "f":
        return _bright_colours(samples)
    brightest = int(samples.max())
    fits = (2**bits - 1 for bits in _SENSOR_BITS if brightest < 2**bits)
    return min(0.0, float(samples.min())), float(next(fits, brightest))


def _bright_colours(samples: Samples) -> tuple[float, float]:
    """Floats mean 0 to 1, unless they are brighter."""
    low, high = _grey_window(samples)
    return (0.0, max(1.0, high)) if low >= 0 else (low, high)


def _grey_window(samples: Samples) -> tuple[float, float]:
    """Of at most a million samples spread over the picture."""
    flat = samples.ravel()[:: max(1, samples.size // _LOOKED_AT)]
    flat = flat[np.isfinite(flat)].astype(np.float64)
    if flat.size == 0:
        return 0.0, 1.0
    low, high = (float(value) for value in np.percentile(flat, (0.1, 99.9)))
    return low, high if high > low else low + max(1.0, abs(low) * 1e-6)


def _windowed(samples: Samples, low: float, high: float) -> Pixels:
    with np.errstate(invalid="ignore"):  # signalling NaNs complain about being widened
        wide = samples.astype(np.float64)
    finite = np.nan_to_num(wide, nan=low, posinf=high, neginf=low)
    return np.rint((np.clip(finite, low, high) - low) / (high - low) * 255).astype(np.uint8)
