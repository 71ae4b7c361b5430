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
from beltmask.decoding.signatures import CAMERA_RAW, kind_of, unsupported
from beltmask.decoding.tiff import CameraRawError, open_tiff
from beltmask.decoding.webp import open_webp
from beltmask.errors import ImageRefusedError
from beltmask.messages import Message
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

_SMALLER = Message("images.make_smaller")
_AGAIN = Message("images.copy_again")
_ANEW = Message("images.save_anew")
_DEVELOP = Message("images.develop")
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
        reason = Message("images.coded_oddly", name=name)
        raise ImageRefusedError(reason, hint=_ANEW)
    return max(most, working)


def _recognised(data: bytes, name: str, limits: ImageLimits) -> str:
    if not data:
        raise ImageRefusedError(Message("images.empty", name=name))
    if len(data) > limits.max_bytes:
        limit = limits.max_bytes
        reason = Message("images.too_many_bytes", name=name, size=len(data), limit=limit)
        raise ImageRefusedError(reason, hint=_SMALLER)
    file_format = kind_of(data)
    if file_format is None:
        raise ImageRefusedError(Message("images.no_picture", name=name))
    if file_format == CAMERA_RAW:
        _refuse_raw(name)
    if file_format not in _OPENERS:
        raise ImageRefusedError(unsupported(name, file_format))
    return file_format


def _refuse_raw(name: str) -> NoReturn:
    raise ImageRefusedError(Message("images.camera_raw", name=name), hint=_DEVELOP)


def _check_size(size: Size, *, name: str, limits: ImageLimits) -> None:
    width, height = size
    if min(size) < 1:
        raise ImageRefusedError(Message("images.no_size", name=name, width=width, height=height))
    if width * height > limits.max_pixels:
        most = limits.max_pixels
        raise ImageRefusedError(
            Message("images.too_many_pixels", name=name, width=width, height=height, limit=most),
            hint=_SMALLER,
        )
    if max(size) > limits.max_side:
        most = limits.max_side
        raise ImageRefusedError(
            Message("images.side_too_long", name=name, width=width, height=height, limit=most),
            hint=_SMALLER,
        )


@contextmanager
def _refusing(name: str, file_format: str) -> Iterator[None]:
    try:
        with _kept_quiet():
            yield
    except CameraRawError:
        _refuse_raw(name)
    except UnsupportedKindError as refused:
        kind = refused.kind
        reason = Message("images.unsupported_kind", name=name, format=file_format, kind=kind)
        raise ImageRefusedError(reason, hint=_ANEW) from refused
    except Image.DecompressionBombError as error:
        reason = Message("images.too_large_to_decode", name=name)
        raise ImageRefusedError(reason, hint=_SMALLER) from error
    except _DAMAGE as error:
        text = str(error).lower()
        cut = "truncated" in text or "end of file" in text
        cut_short = Message("images.cut_short", name=name)
        damaged = Message("images.damaged", name=name)
        raise ImageRefusedError(cut_short if cut else damaged, hint=_AGAIN) from error


@contextmanager
def _kept_quiet() -> Iterator[None]:
    """Odd tags are no news to anybody. Bound to the decoders, so that a thread which restores
    the filters of another thread can at worst leave these behind.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(PIL|tifffile|imagecodecs|simplejpeg)\.?")
        yield
