"""WebP: a still picture, or the first frame of a film."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

import imagecodecs

from beltmask.decoding.pillow import Admit, Opened, camera_notes
from beltmask.model import Size
from beltmask.samples import Stored

_MOST_CHUNKS = 100_000
_OF_FILMS = 12
"""Bytes a pixel that libwebp takes to lay frames over one another."""
_LOSSY_START = b"\x9d\x01\x2a"


def open_webp(data: bytes, admit: Admit) -> Opened:
    """Read the head.

    Raises:
        ValueError: It is cut short, or has no picture.
    """
    if int.from_bytes(data[4:8], "little") + 8 > len(data):
        raise ValueError("truncated: shorter than it says")
    chunks: dict[bytes, bytes] = {}
    for name, body in islice(_chunks(data), _MOST_CHUNKS):
        chunks.setdefault(name, body)
    size, film = _size(chunks), b"ANMF" in chunks
    admit(size)
    orientation, taken = camera_notes(chunks.get(b"EXIF", b""))
    area = size[0] * size[1]
    return Opened(
        size=size,
        sample_bytes=area * 3,
        read=partial(_stored, data, film=film),
        orientation=orientation,
        captured_at=taken,
        first_of_many=film,
        working_bytes=area * (_OF_FILMS if film else 4),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and the beginning of the body, whole for EXIF."""
    at = 12
    while at + 8 <= len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + (length if name == b"EXIF" else min(length, 32))]
        yield name, body
        at += 8 + length + length % 2


def _size(chunks: dict[bytes, bytes]) -> Size:
    if b"VP8X" in chunks:
        whole = chunks[b"VP8X"]
        return _number(whole[4:7]) + 1, _number(whole[7:10]) + 1
    if b"VP8L" in chunks:
        bits = _number(chunks[b"VP8L"][1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    lossy = chunks.get(b"VP8 ", b"")
    if lossy[3:6] != _LOSSY_START:
        raise ValueError("no picture")
    return _number(lossy[6:8]) & 0x3FFF, _number(lossy[8:10]) & 0x3FFF


def _stored(data: bytes, *, film: bool) -> Stored:
    """Frames may cover a part of the picture only; the rest of it is transparent."""
    values = imagecodecs.webp_decode(data, hasalpha=True if film else None)
    return Stored(values, (0, 1, 2), alpha=3) if values.shape[2] == 4 else Stored(values)


def _number(body: bytes) -> int:
    return int.from_bytes(body, "little")
