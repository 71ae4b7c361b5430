"""Untrusted bytes -> an upright, bounded, decoded image, and pixels -> bytes again.

Everything downstream lives in the upright picture this makes: pixel (0, 0) is the one that
everybody sees at the top left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np

from beltmask.decoding.memory import DECODE_MEMORY
from beltmask.decoding.pictures import DEFAULT_LIMITS, Contents, ImageLimits, decoded
from beltmask.decoding.signatures import kind_of
from beltmask.model import ImageFacts, Pixels
from beltmask.samples import Samples, by_planes, plane_of, shown_in_8_bits

__all__ = [
    "DECODE_MEMORY",
    "DEFAULT_LIMITS",
    "KINDS",
    "PREVIEW_SIDE",
    "SUFFIXES",
    "THUMBNAIL_SIDE",
    "DecodedImage",
    "ImageLimits",
    "encode_jpeg",
    "encode_png",
    "kind_of",
    "opened_image",
    "opened_samples",
    "preview_jpeg",
    "read_image",
    "read_samples",
    "shrunk",
    "thumbnail_jpeg",
    "upright_bytes",
]

PREVIEW_SIDE = 2048
THUMBNAIL_SIDE = 256
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})
_SUFFIX_OF = {"PNG": ".png", "JPEG": ".jpg", "WebP": ".webp", "BMP": ".bmp", "TIFF": ".tif"}
KINDS = frozenset(_SUFFIX_OF)
"""Kinds of files that are read, as ``kind_of`` names them."""


@dataclass(frozen=True, slots=True, eq=False)
class DecodedImage:
    """``pixels`` are upright 8-bit RGB, shape (rows, columns, 3), not to be written into: those of
    a grey picture are one plane, seen three times.

    ``transparent`` says that parts were laid over white; ``first_of_many`` that the file holds
    further pages or frames, of which only the first was taken; ``alpha_ignored`` that it has an
    alpha which is 0 everywhere, so that other programs may show nothing.
    """

    facts: ImageFacts
    pixels: Pixels
    transparent: bool = False
    first_of_many: bool = False
    alpha_ignored: bool = False


def read_image(data: bytes, *, name: str, limits: ImageLimits = DEFAULT_LIMITS) -> DecodedImage:
    """Decode a PNG, JPEG, WebP, BMP or TIFF.

    CMYK is converted without its colour profile. Samples of more than 8 bits are shown through
    ``facts.window``; ``read_samples`` returns them as they are.

    Raises:
        ImageRefusedError: The message names the file and says why.
    """
    with opened_image(data, name=name, limits=limits) as decoded_image:
        return decoded_image


@contextmanager
def opened_image(
    data: bytes, *, name: str, limits: ImageLimits = DEFAULT_LIMITS
) -> Iterator[DecodedImage]:
    """Like ``read_image``, keeping memory for what is made of the picture within the block.

    Raises:
        ImageRefusedError: The message names the file and says why.
    """
    with decoded(data, name=name, limits=limits) as found:
        pixels, window = shown_in_8_bits(found.samples)
        facts = _facts(found, data, name, window)
        told = (found.transparent, found.first_of_many, found.alpha_ignored)
        del found  # the samples are not needed any more
        yield DecodedImage(facts, pixels, *told)


def read_samples(
    data: bytes, *, name: str = "the picture", limits: ImageLimits = DEFAULT_LIMITS
) -> Samples:
    """The upright samples as stored: rows x columns, or rows x columns x 3 for colour (RGB).

    8-, 16- and 32-bit integers and floats keep their type and values.

    Raises:
        ImageRefusedError: The message names the file and says why.
    """
    with opened_samples(data, name=name, limits=limits) as samples:
        return samples


@contextmanager
def opened_samples(
    data: bytes, *, name: str, limits: ImageLimits = DEFAULT_LIMITS
) -> Iterator[Samples]:
    """Like ``read_samples``, keeping memory for what is made of them within the block.

    Raises:
        ImageRefusedError: The message names the file and says why.
    """
    with decoded(data, name=name, limits=limits) as found:
        yield found.samples


def upright_bytes(data: bytes, decoded: DecodedImage) -> tuple[bytes, str]:
    """The picture for an export and its suffix (``".png"``), which no reader needs to turn.

    The bytes stay as they are when they are upright and have no alpha that hides anything.
    Otherwise what people saw is written anew without loss: as PNG, or as TIFF when PNG cannot
    hold the samples.
    """
    facts = decoded.facts
    if facts.orientation == 1 and not decoded.transparent and not decoded.alpha_ignored:
        return data, _SUFFIX_OF[facts.file_format]
    if facts.bit_depth == 8:
        return encode_png(decoded.pixels), ".png"
    samples = read_samples(data, name=facts.name)
    suffix = ".png" if samples.dtype == np.uint16 else ".tif"
    return _encoded(suffix, samples), suffix


def encode_jpeg(pixels: Pixels, quality: int = 85) -> bytes:
    """RGB or grey pixels as JPEG."""
    return _encoded(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])


def encode_png(pixels: Samples) -> bytes:
    """RGB or grey pixels, 8 or 16 bits, as PNG without loss."""
    return _encoded(".png", pixels)


def shrunk(pixels: Samples, side: int) -> Samples:
    """The picture with its longest side at most ``side`` px, averaged; never enlarged."""
    rows, columns = pixels.shape[:2]
    scale = side / max(rows, columns)
    if scale >= 1:
        return pixels
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    return by_planes(lambda plane: cv2.resize(plane, size, interpolation=cv2.INTER_AREA), pixels)


def preview_jpeg(pixels: Pixels) -> bytes:
    """What pages show: at most 2048 px."""
    return encode_jpeg(shrunk(pixels, PREVIEW_SIDE))


def thumbnail_jpeg(pixels: Pixels) -> bytes:
    """What galleries show: at most 256 px."""
    return encode_jpeg(shrunk(pixels, THUMBNAIL_SIDE))


def _facts(
    found: Contents, data: bytes, name: str, window: tuple[float, float] | None
) -> ImageFacts:
    return ImageFacts(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        width=found.samples.shape[1],
        height=found.samples.shape[0],
        file_format=found.file_format,
        byte_count=len(data),
        orientation=found.orientation,
        bit_depth=found.samples.dtype.itemsize * 8,
        window=window,
        captured_at=found.captured_at,
    )


def _encoded(suffix: str, pixels: Samples, options: list[int] | None = None) -> bytes:
    plane = plane_of(pixels)
    stored = plane if plane.ndim == 2 else cv2.cvtColor(plane, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(suffix, stored, options or [])
    if not done:
        raise ValueError(f"cannot write {pixels.dtype} pixels as {suffix}")
    return bytes(data)
