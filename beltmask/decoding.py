"""Untrusted bytes -> exact samples, upright. ``beltmask.images`` is the door to this.

Pillow's file classes are called directly: ``Image.open`` would warn about large pictures
through a process-wide setting, where the limits here belong to the caller.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import cv2
from PIL import Image, ImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from beltmask import exif
from beltmask.errors import ImageRefusedError
from beltmask.samples import Samples, flat_samples


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
    ``first_of_many`` that further pages or frames were left out.
    """

    file_format: str
    samples: Samples
    orientation: int
    captured_at: datetime | None
    transparent: bool
    first_of_many: bool


_SMALLER = "Make it smaller, or cut it into parts."
_AGAIN = "Copy the file again from where it came, or save it anew as PNG."
_READERS: dict[str, type[ImageFile.ImageFile]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "WebP": WebPImageFile,
    "BMP": BmpImageFile,
    "TIFF": TiffImageFile,
}
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"GIF8": "GIF",
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP",
    b"8BPS": "Photoshop",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"<svg": "SVG",
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
    cv2.error,
)
"""What Pillow and OpenCV raise for damaged files, found by fuzzing."""


def contents(data: bytes, *, name: str, limits: ImageLimits = DEFAULT_LIMITS) -> Contents:
    """Read a whole file.

    Raises:
        ImageRefusedError: It is no picture, of an unknown kind, too large or damaged.
    """
    file_format = _recognised(data, name, limits)
    with _refusing(name), _pillow_kept_quiet():
        picture = _READERS[file_format](BytesIO(data))
        _check_size(picture.size, name, limits)
        _check_complete(data, file_format)
        return _decoded(picture, file_format, data)


def _decoded(picture: ImageFile.ImageFile, file_format: str, data: bytes) -> Contents:
    is_tiff = isinstance(picture, TiffImageFile)
    first_of_many = bool(getattr(picture, "is_animated", False))
    if not is_tiff:  # a PNG may carry EXIF after its pixels; a TIFF is turned while it loads
        picture.load()
    tags = exif.exif_of(picture)
    orientation, taken = exif.orientation_of(tags), exif.captured_at(tags)
    picture.load()
    samples, transparent = flat_samples(picture, data, 1 if is_tiff else orientation)
    return Contents(file_format, samples, orientation, taken, transparent, first_of_many)


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
    if file_format not in _READERS:
        raise ImageRefusedError(f"{name} is a {file_format} file, which is not supported")
    return file_format


def kind_of(data: bytes) -> str | None:
    """What a file is by its first bytes ("PNG", "PDF"); None when they say nothing."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "HEIC, AVIF or video"
    found = (kind for signature, kind in _SIGNATURES.items() if data.startswith(signature))
    return next(found, None)


def _check_size(size: tuple[int, int], name: str, limits: ImageLimits) -> None:
    width, height = size
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


def _check_complete(data: bytes, file_format: str) -> None:
    """Damage that the decoders would paint over in grey."""
    if file_format == "PNG":
        PngImageFile(BytesIO(data)).verify()
    # 0xFF is escaped inside a scan, so these bytes are the end-of-image marker itself.
    if file_format == "JPEG" and data.find(b"\xff\xd9", _first_scan(data)) < 0:
        raise OSError("truncated: the scan has no end")


def _first_scan(jpeg: bytes) -> int:
    """Where the first scan begins, past the thumbnails that APP segments may hold."""
    at = 2
    while jpeg[at : at + 1] == b"\xff" and jpeg[at + 1 : at + 2] != b"\xda":
        filler = jpeg[at + 1 : at + 2] == b"\xff"
        at += 1 if filler else 2 + max(2, int.from_bytes(jpeg[at + 2 : at + 4]))
    return at


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError as error:
        reason = f"{name} is too large to be decoded safely"
        raise ImageRefusedError(reason, hint=_SMALLER) from error
    except _DAMAGE as error:
        text = str(error).lower()
        cut = "truncated" in text or "end of file" in text
        reason = "is cut short" if cut else "is damaged or cut short"
        raise ImageRefusedError(f"{name} {reason} and cannot be decoded", hint=_AGAIN) from error


@contextmanager
def _pillow_kept_quiet() -> Iterator[None]:
    """Odd tags are no news to anybody. Bound to Pillow, so that a thread which restores the
    filters of another thread can at worst leave these behind.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield
