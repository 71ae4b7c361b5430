"""PNG by libpng, which is handed nothing but the picture: no texts, no profiles, no films."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import imagecodecs
from zlib_ng import zlib_ng

from beltmask.decoding.pillow import Admit, Opened, camera_notes
from beltmask.messages import Message
from beltmask.samples import Stored, UnsupportedKindError

_SIGNATURE_LENGTH = 8
_MOST_CHUNKS = 1_000_000
_OF_THE_PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_HARMLESS = _OF_THE_PICTURE | {b"pHYs", b"gAMA", b"cHRM", b"sRGB", b"bKGD", b"sBIT", b"tIME"}
_CHANNELS = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}


@dataclass(frozen=True, slots=True)
class _Chunk:
    name: bytes
    start: int
    end: int
    """Of the chunk with its length, name and check sum."""


def open_png(data: bytes, admit: Admit) -> Opened:
    """Read the header and go over all chunks.

    Raises:
        UnsupportedKindError: It is in more chunks than any program writes.
        ValueError: It is cut short, or a check sum is wrong.
    """
    if data[12:16] != b"IHDR":
        raise ValueError("no header")
    width, height, depth, kind = struct.unpack_from(">IIBB", data, 16)
    admit((width, height))
    chunks = list(_chunks(data))
    names = {chunk.name for chunk in chunks}
    channels = _CHANNELS.get(kind, 4) + (b"tRNS" in names)
    orientation, taken = camera_notes(_body_of(b"eXIf", chunks, data))
    return Opened(
        size=(width, height),
        sample_bytes=width * height * channels * (2 if depth == 16 else 1),
        read=partial(_stored, data, chunks, names),
        orientation=orientation,
        captured_at=taken,
        first_of_many=b"acTL" in names,
    )


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Up to the end chunk; what follows it is nobody's."""
    at, view = _SIGNATURE_LENGTH, memoryview(data)
    for _ in range(_MOST_CHUNKS):
        if at + 12 > len(data):
            raise ValueError("truncated: a chunk is cut short")
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("truncated: a chunk is cut short")
        if zlib_ng.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end]):
            raise ValueError("a check sum is wrong")
        yield _Chunk(name, at, end)
        if name == b"IEND":
            return
        at = end
    raise UnsupportedKindError(Message("images.png_chunks", most=_MOST_CHUNKS))


def _body_of(name: bytes, chunks: list[_Chunk], data: bytes) -> bytes:
    found = (data[each.start + 8 : each.end - 4] for each in chunks if each.name == name)
    return next(found, b"")


def _stored(data: bytes, chunks: list[_Chunk], names: set[bytes]) -> Stored:
    values = imagecodecs.png_decode(data if names <= _HARMLESS else _bare(data, chunks))
    white = 2 ** (8 * values.dtype.itemsize) - 1
    if values.ndim == 2 or values.shape[2] == 3:
        return Stored(values, white=white)
    alpha = values.shape[2] - 1
    return Stored(values, channels=tuple(range(alpha)), alpha=alpha, white=white)


def _bare(data: bytes, chunks: list[_Chunk]) -> bytes:
    view = memoryview(data)
    kept = (view[each.start : each.end] for each in chunks if each.name in _OF_THE_PICTURE)
    return b"".join((view[:_SIGNATURE_LENGTH], *kept))
