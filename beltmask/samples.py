"""Sample values: taken from an open picture as they are, and brought to 8 bits for showing."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from beltmask.exif import turned_upright
from beltmask.model import Pixels

Samples = NDArray[Any]
"""Rows x columns (grey) or rows x columns x 3 (RGB), in the file's own number type."""

_PNG_DEPTH_AT = 24
_TIFF_DEPTH, _TIFF_SAMPLE_FORMAT = 258, 339
_UNSIGNED = 1
_SENSOR_BITS = (8, 10, 12, 14, 16)
_LOOKED_AT = 1_000_000


def flat_samples(picture: Image.Image, data: bytes, turn: int) -> tuple[Samples, bool]:
    """Upright samples and whether white shows through.

    Transparent pixels are laid over white, as a page would show them; opaque ones keep their
    values. Palettes, CMYK and 1-bit pictures become 8-bit RGB or grey.

    Args:
        picture: Loaded by Pillow from ``data``, so known to be whole.
        turn: The EXIF orientation still to be applied.
    """
    alpha = None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = turned_upright(np.asarray(picture.getchannel("A")), turn)
    samples = turned_upright(_stored_samples(picture, data), turn)
    if alpha is None or bool((alpha == 255).all()):
        return samples, False
    return _over_white(samples, alpha), True


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
    return _as_rgb(_through_window(samples, *window))


def _stored_samples(picture: Image.Image, data: bytes) -> Samples:
    if picture.mode in {"RGB", "RGBA"} and _bits_per_sample(picture, data) == 16:
        return _sixteen_bit_colour(picture, data)
    if picture.mode.startswith("I;16"):
        return np.asarray(picture).astype(np.uint16)
    if picture.mode == "I":
        return _integers(picture)
    if picture.mode in {"L", "RGB", "F"}:
        return np.array(picture)
    return np.array(picture.convert("L" if picture.mode == "1" else "RGB"))


def _bits_per_sample(picture: Image.Image, data: bytes) -> int:
    if isinstance(picture, TiffImageFile):
        return int(max(picture.tag_v2.get(_TIFF_DEPTH, (8,))))
    return data[_PNG_DEPTH_AT] if data.startswith(b"\x89PNG") else 8


def _sixteen_bit_colour(picture: Image.Image, data: bytes) -> Samples:
    """Pillow drops the low byte of 16-bit colour; OpenCV keeps it. A TIFF comes out turned."""
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    expected = (picture.height, picture.width)
    if decoded is None or decoded.dtype != np.uint16 or decoded.shape[:2] != expected:
        raise ValueError("16-bit colour in a form that cannot be read exactly")
    samples: Samples = decoded[..., 2::-1] if decoded.ndim == 3 else decoded
    return samples


def _integers(picture: Image.Image) -> Samples:
    samples = np.array(picture)
    if isinstance(picture, TiffImageFile):
        if _bits_per_sample(picture, b"") == 16:
            return samples.astype(np.int16)
        if picture.tag_v2.get(_TIFF_SAMPLE_FORMAT, (_UNSIGNED,))[0] == _UNSIGNED:
            return samples.view(np.uint32)
    return samples


def _over_white(samples: Samples, alpha: Pixels) -> Samples:
    white = np.iinfo(samples.dtype).max
    cover = (alpha if samples.ndim == 2 else alpha[..., None]).astype(np.uint32)
    mixed = (samples * cover + white * (255 - cover) + 127) // 255
    return mixed.astype(samples.dtype)


def _as_rgb(pixels: Pixels) -> Pixels:
    if pixels.ndim == 3:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def _colour_window(samples: Samples) -> tuple[float, float]:
    brightest = int(samples.max())
    return 0.0, float(next(2**bits - 1 for bits in _SENSOR_BITS if brightest < 2**bits))


def _grey_window(samples: Samples) -> tuple[float, float]:
    """Of at most a million samples spread over the picture."""
    flat = samples.ravel()[:: max(1, samples.size // _LOOKED_AT)]
    flat = flat[np.isfinite(flat)].astype(np.float64)
    if flat.size == 0:
        return 0.0, 1.0
    low, high = (float(value) for value in np.percentile(flat, (0.1, 99.9)))
    return low, high if high > low else low + max(1.0, abs(low) * 1e-6)


def _through_window(samples: Samples, low: float, high: float) -> Pixels:
    if samples.dtype == np.uint16:
        table = _through_window(np.arange(65536, dtype=np.float64), low, high)
        return table[samples]
    with np.errstate(invalid="ignore"):  # signalling NaNs complain about being widened
        wide = samples.astype(np.float64)
    finite = np.nan_to_num(wide, nan=low, posinf=high, neginf=low)
    return np.rint((np.clip(finite, low, high) - low) / (high - low) * 255).astype(np.uint8)
