"""TIFFs byte by byte, also of kinds no library writes."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.generic]
SHORTS, LONGS = 3, 4
WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
OFFSETS, SAMPLES, ROWS, COUNTS, PLANAR = 273, 277, 278, 279, 284
EXTRA, FORMAT, SUB_DIRECTORIES, KIND, MAKE = 338, 339, 330, 254, 271
Tags = dict[int, int | Sequence[int]]


def tiff(
    values: Values,
    *,
    photometric: int,
    order: str = "<",
    bits: int = 0,
    extra: Sequence[int] | None = None,
    planar: bool = False,
    tags: Mapping[int, int | Sequence[int]] | None = None,
) -> bytes:
    """One page, uncompressed. ``bits`` packs unsigned values into fewer than their type has."""
    rows, columns, samples = values.shape if values.ndim == 3 else (*values.shape, 1)
    planes = [values[..., at] for at in range(samples)] if planar else [values]
    parts = [packed(plane, bits, order) for plane in planes]
    kind = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    written: Tags = {
        WIDTH: columns,
        HEIGHT: rows,
        BITS: [bits or values.dtype.itemsize * 8] * samples,
        COMPRESSION: 1,
        PHOTOMETRIC: photometric,
        SAMPLES: samples,
        ROWS: rows,
        PLANAR: 2 if planar else 1,
        FORMAT: [kind] * samples,
        **({} if extra is None else {EXTRA: list(extra)}),
        **(tags or {}),
    }
    return file_of([(written, parts)], order=order)


def packed(values: Values, bits: int, order: str) -> bytes:
    if not bits or bits == values.dtype.itemsize * 8:
        return values.astype(f"{order}{values.dtype.char}").tobytes()
    rows = values.reshape(values.shape[0], -1).astype(np.uint64)
    shifts = np.arange(bits - 1, -1, -1, dtype=np.uint64)
    each = (rows[..., None] >> shifts & np.uint64(1)).astype(np.uint8)
    return np.packbits(each.reshape(values.shape[0], -1), axis=1).tobytes()


def file_of(
    pages: Sequence[tuple[Tags, Sequence[bytes]]],
    *,
    order: str = "<",
    below_first: Sequence[tuple[Tags, Sequence[bytes]]] = (),
    loop: bool = False,
) -> bytes:
    """Pages in a row, and directories below the first of them."""
    file = bytearray(b"II*\0\0\0\0\0" if order == "<" else b"MM\0*\0\0\0\0")
    below = [_directory(file, order, *each) for each in below_first]
    link = 4
    for number, (tags, parts) in enumerate(pages):
        more: Tags = {SUB_DIRECTORIES: below} if below and not number else {}
        at = _directory(file, order, {**tags, **more}, parts)
        file[link : link + 4] = struct.pack(order + "I", at)
        link = len(file) - 4
    if loop:
        file[link : link + 4] = file[4:8]
    return bytes(file)


def _directory(file: bytearray, order: str, tags: Tags, parts: Sequence[bytes]) -> int:
    """Append one with its pixels; where it begins."""
    offsets = []
    for part in parts:
        file.extend(bytes(len(file) % 2))
        offsets.append(len(file))
        file.extend(part)
    if parts:
        tags = {**tags, OFFSETS: offsets, COUNTS: [len(part) for part in parts]}
    entries = []
    for tag, value in sorted(tags.items()):
        numbers = [value] if isinstance(value, int) else list(value)
        kind = (
            LONGS if tag in {OFFSETS, COUNTS, SUB_DIRECTORIES} or max(numbers) > 65535 else SHORTS
        )
        body = struct.pack(f"{order}{len(numbers)}{'HI'[kind == LONGS]}", *numbers)
        if len(body) > 4:
            file.extend(bytes(len(file) % 2))
            file.extend(body)
            body = struct.pack(order + "I", len(file) - len(body))
        entries.append(struct.pack(order + "HHI", tag, kind, len(numbers)) + body.ljust(4, b"\0"))
    file.extend(bytes(len(file) % 2))
    at = len(file)
    file.extend(struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4))
    return at
