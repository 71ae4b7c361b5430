"""Small files of large pictures: what makes decoders take the most memory and time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.beltmask.decoding.tiff_writer import BITS, COMPRESSION, PHOTOMETRIC, Tags, file_of

STRIP = 64
DEFLATE = 8
ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
"""Left, top, and steps across and down of each pass."""


@dataclass(frozen=True)
class Worst:
    """``sample_bytes`` are those of a pixel, as the file has them; a bit takes a byte."""

    name: str
    write: Callable[[int], bytes]
    sample_bytes: int


def worst_pictures() -> list[Worst]:
    """Each is written as a square of that many pixels a side."""
    return [
        Worst("PNG of 1 bit", lambda side: png(side, 1, 0), 1),
        Worst("PNG with a palette", lambda side: png(side, 8, 3), 3),
        Worst("PNG of 16-bit grey", lambda side: png(side, 16, 0), 2),
        Worst("PNG of 16-bit colour", lambda side: png(side, 16, 2), 6),
        Worst("PNG with 16-bit alpha", lambda side: png(side, 16, 6, first=b"\0\0\0\0\0\0\1"), 8),
        Worst(
            "PNG, interlaced, turned", lambda side: png(side, 8, 2, interlaced=True, turned=6), 3
        ),
        Worst("PNG with alpha", lambda side: png(side, 8, 6, first=b"\0\0\0\1"), 4),
        Worst("TIFF of 1 bit", lambda side: tiff(side, bits=[1], photometric=0), 1),
        Worst("TIFF of floats", lambda side: tiff(side, bits=[32], photometric=1, kind=3), 4),
        Worst(
            "TIFF of floats in colour",
            lambda side: tiff(side, bits=[32] * 3, photometric=2, kind=3),
            12,
        ),
        Worst(
            "TIFF of 16 bits, in planes",
            lambda side: tiff(side, bits=[16] * 3, photometric=2, planar=True),
            6,
        ),
        Worst(
            "TIFF of inks, turned",
            lambda side: tiff(side, bits=[8] * 4, photometric=5, turned=8),
            4,
        ),
        Worst("JPEG, progressive", progressive_jpeg, 3),
        Worst("JPEG of inks", lambda side: jpeg(side, "CMYK"), 4),
        Worst("WebP with alpha", webp, 4),
        Worst("BMP of 8 bits", lambda side: saved(Image.new("P", (side, side)), "BMP"), 3),
    ]


def png(
    side: int,
    depth: int,
    kind: int,
    *,
    first: bytes = b"",
    interlaced: bool = False,
    turned: int = 1,
) -> bytes:
    """All zero but the ``first`` bytes."""
    samples = {0: 1, 2: 3, 3: 1, 6: 4}[kind]
    header = struct.pack(">IIBBBBB", side, side, depth, kind, 0, 0, interlaced)
    exif = b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1" + struct.pack(">HHI", turned, 0, 0)
    palette = bytes((n * 7) % 256 for n in range(768)) if kind == 3 else b""
    passes = ADAM7 if interlaced else ((0, 0, 1, 1),)
    lengths = [
        (-(-(side - left) // across) * samples * depth + 7) // 8 + 1
        for left, top, across, down in passes
        for _ in range(top, side, down)
    ]
    packed = deflated(first.rjust(len(first) + 1, b"\0") if first else b"", sum(lengths))
    chunks = [(b"IHDR", header), (b"eXIf", exif), (b"PLTE", palette), (b"IDAT", packed)]
    parts = [chunk(*each) for each in chunks if each[1]]
    return b"".join((b"\x89PNG\r\n\x1a\n", *parts, chunk(b"IEND", b"")))


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def deflated(first: bytes, length: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join((*(packer.compress(each) for each in zeros(first, length)), packer.flush()))


def zeros(first: bytes, length: int) -> Iterator[bytes]:
    yield first
    left, block = length - len(first), bytes(1 << 20)
    while left > 0:
        yield block[:left]
        left -= len(block)


def tiff(
    side: int,
    *,
    bits: list[int],
    photometric: int,
    kind: int = 1,
    planar: bool = False,
    turned: int = 1,
) -> bytes:
    """In strips that are all the same."""
    planes = len(bits) if planar else 1
    row = (side * sum(bits) // planes + 7) // 8
    strip, last = (deflated(b"", row * rows) for rows in (STRIP, side % STRIP or STRIP))
    parts = ([strip] * (-(-side // STRIP) - 1) + [last]) * planes
    tags: Tags = {256: side, 257: side, BITS: bits, COMPRESSION: DEFLATE, PHOTOMETRIC: photometric}
    more: Tags = {274: turned, 277: len(bits), 278: STRIP, 284: 1 + planar, 339: [kind] * len(bits)}
    return file_of([({**tags, **more}, parts)])


def jpeg(side: int, mode: str, **options: object) -> bytes:
    return saved(Image.new(mode, (side, side)), "JPEG", **options)


def progressive_jpeg(side: int) -> bytes:
    return jpeg(side, "RGB", progressive=True, subsampling=0)


def webp(side: int) -> bytes:
    picture = Image.new("RGBA", (side, side), (9, 9, 9, 255))
    picture.putpixel((0, 0), (9, 9, 9, 100))
    return saved(picture, "WEBP", lossless=True, quality=0, method=0)


def saved(picture: Image.Image, file_format: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def forget_peak() -> int:
    """Let this process's peak begin anew; bytes it has now. Linux only."""
    Path("/proc/self/clear_refs").write_text("5")
    return _of_status("VmRSS")


def peak() -> int:
    """Bytes, since it was forgotten."""
    return _of_status("VmHWM")


def _of_status(key: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(key + ":"))
