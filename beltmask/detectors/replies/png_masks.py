"""A mask written as a PNG, as a data URI or bare base64 -> grey levels. Refuses bombs."""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from zlib_ng import zlib_ng

from beltmask.detectors.replies.decode_limits import DecodeLimits
from beltmask.errors import UnusableValueError
from beltmask.messages import Message
from beltmask.model import Pixels

MAX_SIDE = 16_384
MAX_PIXELS = 16_000_000
_START = re.compile(r"iVBOR[\w+/=\s-]*")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TO_STANDARD = str.maketrans("-_", "+/", "\r\n\t =")
_PLAIN_GREY = (8, 0, 0, 0, 0)
"""Bit depth, colour, compression, filter method and interlacing of the masks models return."""
_BRIGHTNESS = np.array([0.114, 0.587, 0.299])
"""Shares of blue, green and red."""
_BROKEN = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class _Png:
    """A PNG whose check sums are right. ``packed`` is its pixels as they are compressed."""

    data: bytes
    width: int
    height: int
    kind: tuple[int, ...]
    packed: bytes
    has_transparency: bool

    @property
    def one(self) -> int:
        """What a grey sample of 1 is once it is widened to 8 bits."""
        depth, colour = self.kind[:2]
        return 255 // (2**depth - 1) if colour == 0 and depth < 8 else 1


def looks_like_png(text: str) -> bool:
    return "data:image/" in text or "iVBOR" in text


def read_png_mask(text: str, limits: DecodeLimits) -> Pixels:
    """Grey levels 0..255, shape (rows, columns), of the first PNG in ``text``.

    Any mode is read: alpha where there is one that varies, else brightness. Where no sample is
    larger than 1, they are truth values.

    Raises:
        ValueError: There is no whole PNG, or it claims to be too large; the message says which.
        OverLimitError: The reply's masks are too much together.
    """
    png = _checked(_png_bytes(text))
    limits.spend("drawn pixels", png.width * png.height)
    plain = _plain_grey(png)
    if plain is not None:
        return plain
    try:
        with Image.open(io.BytesIO(png.data), formats=["PNG"]) as image:
            image.load()
            return _grey(image, png)
    except _BROKEN as error:
        raise UnusableValueError(Message("replies.png_not_decoded", reason=str(error))) from error


def _png_bytes(text: str) -> bytes:
    found = _START.search(text)
    if found is None:
        raise UnusableValueError(Message("replies.no_png"))
    letters = found.group().translate(_TO_STANDARD)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnusableValueError(Message("replies.base64_broken", reason=str(error))) from error


def _checked(data: bytes) -> _Png:
    """Size and check sums, before anything is decoded."""
    if data[:8] != _SIGNATURE or data[12:16] != b"IHDR" or len(data) < 33:
        raise UnusableValueError(Message("replies.not_like_a_png"))
    width, height, *kind = struct.unpack(">IIBBBBB", data[16:29])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
        raise UnusableValueError(Message("replies.png_too_large", width=width, height=height))
    chunks = list(_chunks(data))
    if not any(name == b"IEND" for name, _ in chunks):
        raise UnusableValueError(Message("replies.png_cut_short"))
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    has_transparency = any(name == b"tRNS" for name, _ in chunks)
    return _Png(data, width, height, tuple(kind), packed, has_transparency)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        checksum = data[at + 8 + length : at + 12 + length]
        if len(checksum) == 4 and zlib_ng.crc32(kind + body) != int.from_bytes(checksum):
            raise UnusableValueError(Message("replies.png_check_sum", part=kind.decode("latin-1")))
        at += 12 + length
        yield kind, body


def _plain_grey(png: _Png) -> Pixels | None:
    """The pixels of a grey PNG whose rows are not filtered, without Pillow; None for others.

    Every mask recorded from Gemini is one: this is five times as fast.
    """
    if png.kind != _PLAIN_GREY or png.has_transparency:
        return None
    stride = png.width + 1
    try:
        raw = zlib_ng.decompressobj().decompress(png.packed, png.height * stride)
    except zlib_ng.error:  # type: ignore[misc]  # a class, which its stub calls an instance
        return None
    if len(raw) != png.height * stride:
        return None
    rows = np.frombuffer(raw, dtype=np.uint8).reshape(png.height, stride)
    return None if rows[:, 0].any() else _stretched(rows[:, 1:])


def _grey(image: Image.Image, png: _Png) -> Pixels:
    if image.mode.startswith("I"):
        return _narrowed(np.asarray(image, dtype=np.int32))
    if png.kind[0] == 16:
        return _narrowed(_telling_band(_deep_bands(png)))
    if "A" in image.getbands() or "transparency" in image.info:
        alpha = np.asarray(image.convert("RGBA"))[:, :, 3]
        if alpha.min() != alpha.max():
            return _stretched(alpha)
    return _stretched(np.asarray(image.convert("L")), one=png.one)


def _deep_bands(png: _Png) -> NDArray[np.int32]:
    """Samples of 16 bits, shape (rows, columns, 3 or 4); Pillow keeps their upper halves only."""
    decoded = cv2.imdecode(np.frombuffer(png.data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None:
        raise UnusableValueError(Message("replies.png_deep_samples"))
    return decoded.astype(np.int32)


def _telling_band(bands: NDArray[np.int32]) -> NDArray[np.int32]:
    """Alpha where it varies, else how bright it is."""
    alpha = bands[:, :, 3] if bands.shape[2] == 4 else bands[:, :, 0]
    if bands.shape[2] == 4 and alpha.min() != alpha.max():
        return alpha
    brightness: NDArray[np.float64] = bands[:, :, :3] @ _BRIGHTNESS
    return brightness.round().astype(np.int32)


def _narrowed(deep: NDArray[np.int32]) -> Pixels:
    """Samples of 16 bits as 8; those that need no more than 8 stay as they are."""
    shown = deep >> 8 if deep.max() > 255 else deep
    return _stretched(shown.clip(0, 255).astype(np.uint8))


def _stretched(grey: Pixels, *, one: int = 1) -> Pixels:
    """0 and ``one`` alone are truth values: 0 and 255."""
    return np.where(grey == one, np.uint8(255), np.uint8(0)) if grey.max() == one else grey
