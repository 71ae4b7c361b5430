"""ZIPs as the packers of other desks write them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO


class _Named(zipfile.ZipInfo):
    """An entry whose name is given as bytes, without a word about their code page."""

    raw = b""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.raw, 0


def packed(files: Mapping[bytes, bytes], *, extra: bytes = b"") -> bytes:
    """A ZIP of these names and contents."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number, (raw, content) in enumerate(files.items()):
            entry = _Named(f"{number}")
            entry.raw, entry.extra = raw, extra
            archive.writestr(entry, content)
    return target.getvalue()


def unicode_path(raw: bytes, name: str) -> bytes:
    """Info-ZIP's extra field with a second name, in UTF-8."""
    content = b"\1" + struct.pack("<I", zlib.crc32(raw)) + name.encode()
    return struct.pack("<HH", 0x7075, len(content)) + content
