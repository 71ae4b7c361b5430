"""The segments of a JPEG up to its end marker, whatever a camera put between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from beltmask.model import Size

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends the data of a scan: neither an escaped byte nor a restart."""
_MOST_SEGMENTS = 100_000
_SCAN, _END = 0xDA, 0xD9
_FRAMES = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
_EXIF, _ADOBE = b"Exif\0\0", b"Adobe"
_APP0, _APP1, _APP14 = 0xE0, 0xE1, 0xEE
_NO_LENGTH = {0x01, *range(0xD0, 0xD9)}
_TABLES = {0xC4, 0xCC, 0xDB, 0xDD}


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """``ids`` name the components; ``coefficients`` is how many there are of all of them."""

    process: int
    bits: int
    size: Size
    ids: tuple[int, ...]
    coefficients: int

    @property
    def components(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Scan:
    """Which coefficients (first, last) of which components; ``bits_left`` for later scans."""

    components: tuple[int, ...]
    coefficients: tuple[int, int]
    bits_left: int


@dataclass(frozen=True, slots=True)
class JpegHead:
    """What the segments say. ``end`` is where the end marker stands."""

    frame: JpegFrame
    scans: tuple[Scan, ...]
    exif: bytes
    end: int


@dataclass(frozen=True, slots=True)
class _Segment:
    marker: int
    start: int
    body: bytes


def head_of(data: bytes) -> JpegHead:
    """Read all segments.

    Raises:
        ValueError: There is no end, or no frame.
    """
    frame, scans, exif = None, [], b""
    for segment in _segments(data):
        if segment.marker == _END:
            if frame is None:
                raise ValueError("no frame")
            return JpegHead(frame, tuple(scans), exif, segment.start)
        if segment.marker in _FRAMES and frame is None:
            frame = _frame(segment)
        elif segment.marker == _SCAN:
            scans.append(_scan(segment.body))
        elif segment.marker == _APP1 and segment.body.startswith(_EXIF):
            exif = exif or segment.body
    raise ValueError("truncated: no end marker")


def plain(data: bytes, head: JpegHead) -> bytes:
    """The same picture without what is odd about its headers and not about its data."""
    parts = [b"\xff\xd8"]
    for segment in _segments(data):
        if segment.marker == _SCAN:
            parts.append(_plain_scan(segment, head.frame))
            begun = segment.start + 4 + len(segment.body)
            parts.append(data[begun : _data_end(data, begun)])
        elif segment.marker in _TABLES | _FRAMES:
            parts.append(_written(segment.marker, segment.body))
        elif segment.marker == _APP14 and segment.body.startswith(_ADOBE):
            parts.append(_written(_APP14, _plain_adobe(segment.body, head.frame)))
        elif segment.marker == _APP0 and segment.body.startswith(b"JFIF\0"):
            parts.append(_written(_APP0, b"JFIF\0\1\1" + segment.body[7:]))
        elif segment.marker == _END:
            break
    return b"".join((*parts, b"\xff\xd9"))


def _segments(data: bytes) -> Iterator[_Segment]:
    at = 2
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None:
            return
        at = found.start()
        marker = data[at + 1]
        if marker == _END:
            yield _Segment(marker, at, b"")
            return
        if marker in _NO_LENGTH:
            at += 2
            continue
        length = max(2, int.from_bytes(data[at + 2 : at + 4]))
        yield _Segment(marker, at, data[at + 4 : at + 2 + length])
        at += 2 + length


def _data_end(data: bytes, begun: int) -> int:
    found = _MARKER.search(data, begun)
    return len(data) if found is None else found.start()


def _frame(segment: _Segment) -> JpegFrame:
    body = segment.body
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise ValueError("truncated: the frame is cut short")
    height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
    parts = [body[at : at + 3] for at in range(6, 6 + 3 * body[5], 3)]
    samplings = [max(1, part[1] >> 4) * max(1, part[1] & 15) for part in parts]
    most = max(samplings, default=1)
    coefficients = sum(prod((width, height, each)) // most for each in samplings)
    return JpegFrame(
        segment.marker, body[0], (width, height), tuple(part[0] for part in parts), coefficients
    )


def _scan(body: bytes) -> Scan:
    if not body or len(body) < 4 + 2 * body[0]:
        raise ValueError("truncated: a scan is cut short")
    first, last, bits = body[1 + 2 * body[0] :][:3]
    return Scan(tuple(body[1 : 1 + 2 * body[0] : 2]), (first, min(last, 63)), bits & 15)


def _plain_scan(segment: _Segment, frame: JpegFrame) -> bytes:
    """Sequential scans hold all coefficients, whatever cameras write there."""
    body = segment.body
    if frame.process != 0xC2:
        body = body[: 1 + 2 * body[0]] + b"\x00\x3f\x00"
    return _written(_SCAN, body)


def _plain_adobe(body: bytes, frame: JpegFrame) -> bytes:
    """With a colour transform that is known: the one libjpeg falls back to."""
    if len(body) < 12 or body[11] in (0, 1, 2):
        return body
    return body[:11] + (b"\x02" if frame.components == 4 else b"\x01") + body[12:]


def _written(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body
