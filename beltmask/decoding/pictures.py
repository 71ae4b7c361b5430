"""Untrusted bytes -> exact samples, upright. ``beltmask.images`` is the door to this."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NoReturn

import imagecodecs
from PIL import Image
from tifffile import TiffFileError

from beltmask.decoding.bmp import open_bmp
from beltmask.decoding.jpeg import open_jpeg
from beltmask.decoding.memory import DECODE_MEMORY
from beltmask.decoding.pillow import Admit, Opened
from beltmask.decoding.png import open_png
from beltmask.decoding.signatures import CAMERA_RAW, kind_of
from beltmask.decoding.tiff import CameraRawError, open_tiff
from beltmask.decoding.webp import open_webp
from beltmask.errors import ImageRefusedError
from beltmask.model import Size
from beltmask.samples import Samples, UnsupportedKindError, flat_samples


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What a picture may measure before it is refused, checked before it is decoded."""

    max_pixels: int = 150_000_000
    max_bytes: int = 1_000_000_000
    max_side: int = 65_535


DEFAULT_LIMITS = ImageLimits()


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """Everything a file held. ``transparent`` says that white showed through somewhere;
    ``first_of_many`` that further pages or frames were left out; ``alpha_ignored`` that an alpha
    would have hidden everything.
    """

    file_format: str
    samples: Samples
    orientation: int
    captured_at: datetime | None
    transparent: bool
    first_of_many: bool
    alpha_ignored: bool


MOST_TIMES, MOST_BESIDES = 2.5, 200_000_000
"""What decoding a picture may take: so many times the bytes of its samples, and bytes besides."""

_SMALLER = "Make it smaller, or cut it into parts."
_AGAIN = "Copy the file again from where it came, or save it anew as PNG."
_ANEW = "Save it anew as PNG or as a plain TIFF."
_DEVELOP = "Develop it with the camera's program, and add the PNG, TIFF or JPEG."
_OPENERS: dict[str, Callable[[bytes, Admit], Opened]] = {
    "PNG": open_png,
    "JPEG": open_jpeg,
    "WebP": open_webp,
    "BMP": open_bmp,
    "TIFF": open_tiff,
}
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RuntimeError,
    AssertionError,
    ZeroDivisionError,
    MemoryError,
    EOFError,
    struct.error,
    zlib.error,
    TiffFileError,
    imagecodecs.DelayedImportError,
)
"""What the decoders raise for damaged files, found by fuzzing."""


@contextmanager
def decoded(data: bytes, *, name: str, limits: ImageLimits = DEFAULT_LIMITS) -> Iterator[Contents]:
    """Read a whole file; the memory this takes is kept for the picture while the block runs.

    Raises:
        ImageRefusedError: It is no picture, of an unknown kind, too large or damaged.
    """
    file_format = _recognised(data, name, limits)
    with _refusing(name, file_format):
        opened = _OPENERS[file_format](data, partial(_check_size, name=name, limits=limits))
    with DECODE_MEMORY.room(_needed(opened, name) + len(data), name=name):
        yield _contents(opened, name, file_format)


def _contents(opened: Opened, name: str, file_format: str) -> Contents:
    with _refusing(name, file_format):
        flat = flat_samples(opened.read(), opened.orientation)
    return Contents(
        file_format,
        flat.samples,
        opened.orientation,
        opened.captured_at,
        flat.transparent,
        opened.first_of_many,
        flat.alpha_ignored,
    )


def _needed(opened: Opened, name: str) -> int:
    """Bytes, at most what every picture may take."""
    working = opened.sample_bytes + opened.working_bytes
    most = int(MOST_TIMES * opened.sample_bytes)
    if working > most + MOST_BESIDES:
        reason = f"{name} is coded in a way that takes too much memory at this size"
        raise ImageRefusedError(reason, hint=_ANEW)
    return max(most, working)


def _recognised(data: bytes, name: str, limits: ImageLimits) -> str:
    if not data:
        raise ImageRefusedError(f"{name} is empty: it has no bytes")
    if len(data) > limits.max_bytes:
        raise ImageRefusedError(
            f"{name} has {len(data):,} bytes; the limit is {limits.max_bytes:,}", hint=_SMALLER
        )
    file_format = kind_of(data)
    if file_format is None:
        raise ImageRefusedError(f"{name} is not a picture")
    if file_format == CAMERA_RAW:
        _refuse_raw(name)
    if file_format not in _OPENERS:
        article = "an" if file_format[0] in "AEIO" else "a"
        raise ImageRefusedError(f"{name} is {article} {file_format} file, which is not supported")
    return file_format


def _refuse_raw(name: str) -> NoReturn:
    raise ImageRefusedError(f"{name} is a camera raw file, which is not supported", hint=_DEVELOP)


def _check_size(size: Size, *, name: str, limits: ImageLimits) -> None:
    width, height = size
    if min(size) < 1:
        raise ImageRefusedError(f"{name} is damaged: it measures {width} x {height} pixels")
    if width * height > limits.max_pixels:
        raise ImageRefusedError(
            f"{name} measures {width} x {height} pixels; the limit is {limits.max_pixels:,} pixels",
            hint=_SMALLER,
        )
    if max(size) > limits.max_side:
        raise ImageRefusedError(
            f"{name} measures {width} x {height} pixels; the longest side may be {limits.max_side}",
            hint=_SMALLER,
        )


@contextmanager
def _refusing(name: str, file_format: str) -> Iterator[None]:
    try:
        with _kept_quiet():
            yield
    except CameraRawError:
        _refuse_raw(name)
    except UnsupportedKindError as kind:
        reason = f"{name} is a {file_format} of a kind that is not supported: {kind}"
        raise ImageRefusedError(reason, hint=_ANEW) from kind
    except Image.DecompressionBombError as error:
        reason = f"{name} is too large to be decoded safely"
        raise ImageRefusedError(reason, hint=_SMALLER) from error
    except _DAMAGE as error:
        text = str(error).lower()
        cut = "truncated" in text or "end of file" in text
        reason = "is cut short" if cut else "is damaged or cut short"
        raise ImageRefusedError(f"{name} {reason} and cannot be decoded", hint=_AGAIN) from error


@contextmanager
def _kept_quiet() -> Iterator[None]:
    """Odd tags are no news to anybody. Bound to the decoders, so that a thread which restores
    the filters of another thread can at worst leave these behind.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(PIL|tifffile|imagecodecs|simplejpeg)\.?")
        yield
