"""The bytes of one entry of a ZIP, never more at once than are asked for.

``zipfile`` keeps to that for stored and deflated entries. Of bzip2 and LZMA it unpacks all that a
few packed bytes hold, and four thousand of them may hold gigabytes.
"""

from __future__ import annotations

import bz2
import copy
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol
from zipfile import ZIP_BZIP2, ZIP_LZMA, BadZipFile, ZipFile, ZipInfo

_PACKED = 4096


class Stream(Protocol):
    """What an entry is read from."""

    def read(self, most: int, /) -> bytes:
        """At most ``most`` bytes; none at the end.

        Raises:
            zipfile.BadZipFile, EOFError, OSError, lzma.LZMAError: The entry is damaged.
        """
        ...


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


@contextmanager
def opened(archive: ZipFile, entry: ZipInfo) -> Iterator[Stream]:
    """One entry, open for reading."""
    if entry.compress_type not in (ZIP_BZIP2, ZIP_LZMA):
        with archive.open(entry) as stream:
            yield stream
        return
    with archive.open(_as_packed(entry)) as packed:
        lzma_packed = entry.compress_type == ZIP_LZMA
        unpacker = _lzma_of(packed, entry.file_size) if lzma_packed else bz2.BZ2Decompressor()
        yield _Unpacked(packed, unpacker, entry)


def _as_packed(entry: ZipInfo) -> ZipInfo:
    """The entry as if its packed bytes had been stored as they are."""
    packed = copy.copy(entry)
    packed.compress_type, packed.file_size = 0, entry.compress_size
    del packed.CRC
    return packed


def _lzma_of(packed: IO[bytes], size: int) -> lzma.LZMADecompressor:
    """After version and length come five bytes: how to read it, and how far it looks back."""
    header = packed.read(9)
    if len(header) < 9 or header[2:4] != b"\5\0" or header[4] >= 9 * 5 * 5:
        raise BadZipFile("an LZMA header that nobody writes")
    powers, literals = divmod(header[4], 9)
    far = min(int.from_bytes(header[5:], "little"), size)
    return lzma.LZMADecompressor(
        lzma.FORMAT_RAW,
        filters=[
            {
                "id": lzma.FILTER_LZMA1,
                "dict_size": max(far, 4096),
                "lc": literals,
                "lp": powers % 5,
                "pb": powers // 5,
            }
        ],
    )


class _Unpacked:
    def __init__(self, packed: IO[bytes], unpacker: _Decompressor, entry: ZipInfo) -> None:
        self._packed, self._unpacker = packed, unpacker
        self._left, self._wanted, self._checksum = entry.file_size, entry.CRC, 0

    def read(self, most: int, /) -> bytes:
        found = b""
        while self._left and not found:
            found = self._unpacker.decompress(self._more(), min(most, self._left))
        self._left -= len(found)
        self._checksum = zlib.crc32(found, self._checksum)
        if not self._left and self._checksum != self._wanted:
            raise BadZipFile("the checksum is another")
        return found

    def _more(self) -> bytes:
        if self._unpacker.eof:
            raise EOFError("it ends too early")
        if not self._unpacker.needs_input:
            return b""
        data = self._packed.read(_PACKED)
        if not data:
            raise EOFError("it is cut short")
        return data
