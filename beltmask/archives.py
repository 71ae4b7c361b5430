"""Pictures out of ZIP files, one at a time, trusting none.

Nothing is unpacked to disk. Sizes are counted while reading: what a ZIP's directory claims is
only a claim.
"""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath, PurePosixPath
from typing import BinaryIO

from beltmask.archive_names import names_of
from beltmask.archive_streams import Stream, opened
from beltmask.errors import ImageRefusedError
from beltmask.file_checks import HEAD, is_litter, refuse_archive, refuse_by_head
from beltmask.images import DEFAULT_LIMITS, ImageLimits
from beltmask.messages import Message

__all__ = ["ArchiveLimits", "pictures_in_zip"]

_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_SMALLER = Message("images.pack_fewer")
_THEMSELVES = Message("images.unpack")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What ``zipfile`` raises for damaged or unusual archives, found by fuzzing."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """When a ZIP counts as a bomb: all that was read from it, against its own size.

    ``max_ratio`` matters above ``harmless_bytes``: a few blank bitmaps may shrink a thousandfold.
    """

    max_entries: int = 100_000
    max_total_bytes: int = 50_000_000_000
    max_ratio: int = 100
    harmless_bytes: int = 500_000_000


DEFAULT_ARCHIVE_LIMITS = ArchiveLimits()


class _BombError(Exception):
    """More came out of the archive than its limits allow."""


class _TooLargeError(Exception):
    """One entry is longer than a picture may be."""


def pictures_in_zip(
    file: BinaryIO,
    *,
    limits: ImageLimits = DEFAULT_LIMITS,
    archive_limits: ArchiveLimits = DEFAULT_ARCHIVE_LIMITS,
) -> Iterator[tuple[str, bytes | ImageRefusedError]]:
    """(path within the ZIP, bytes or why it was refused) of each entry, in the ZIP's order.

    Paths are as the machine that packed them wrote them, where that can be told. Hidden files
    and what systems leave behind (``__MACOSX``, ``Thumbs.db``) are passed over in silence.
    Whatever else is no picture, or unsafe to read, is refused by name, of a large entry after
    its first bytes; the rest goes through. When the file itself is no ZIP, or proves a bomb, the
    refusal bears its name and is the last. Nothing is raised.

    Args:
        file: Open for reading, seekable.
    """
    own_name = PurePath(str(getattr(file, "name", "") or "the archive")).name
    try:
        with zipfile.ZipFile(file) as archive:
            budget = _UnpackBudget.of(file, archive_limits)
            entries = archive.infolist()
            if len(entries) > archive_limits.max_entries:
                reason = Message("images.zip_too_many", name=own_name, files=len(entries))
                yield own_name, ImageRefusedError(reason)
                return
            for entry, name in zip(entries, names_of(entries), strict=True):
                if not _passed_over(name):
                    yield name, _content(archive, entry, name, limits, budget)
    except _BombError:
        reason = Message("images.zip_bomb", name=own_name)
        yield own_name, ImageRefusedError(reason, hint=_SMALLER)
    except _DAMAGE:
        reason, hint = Message("images.no_zip", name=own_name), Message("images.pack_again")
        yield own_name, ImageRefusedError(reason, hint=hint)


@dataclass(slots=True)
class _UnpackBudget:
    """How many bytes may still come out of the archive."""

    left: int

    @classmethod
    def of(cls, file: BinaryIO, limits: ArchiveLimits) -> _UnpackBudget:
        size = file.seek(0, 2)
        allowed = max(limits.harmless_bytes, limits.max_ratio * size)
        return cls(min(limits.max_total_bytes, allowed))

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise _BombError


def _passed_over(name: str) -> bool:
    parts = _path_of(name).parts
    no_file = not parts or name.endswith("/")
    return no_file or any(part != ".." and is_litter(part) for part in parts)


def _path_of(name: str) -> PurePosixPath:
    """Some packers on Windows write backslashes."""
    return PurePosixPath(name.replace("\\", "/"))


def _content(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    name: str,
    limits: ImageLimits,
    budget: _UnpackBudget,
) -> bytes | ImageRefusedError:
    try:
        _refuse_unopened(entry, name)
        return _read(archive, entry, name, limits.max_bytes, budget)
    except ImageRefusedError as refused:
        return refused
    except _TooLargeError:
        reason = Message("images.entry_too_long", name=name, limit=limits.max_bytes)
        return ImageRefusedError(reason)
    except _DAMAGE:
        return ImageRefusedError(Message("images.entry_damaged", name=name), hint=_THEMSELVES)


def _refuse_unopened(entry: zipfile.ZipInfo, name: str) -> None:
    path = _path_of(name)
    if path.is_absolute() or ".." in path.parts or _is_drive(path.parts[0]):
        reason = Message("images.entry_leads_out", name=name)
    elif stat.S_ISLNK(entry.external_attr >> 16):
        reason = Message("images.entry_link", name=name)
    elif entry.flag_bits & _ENCRYPTED:
        reason = Message("images.entry_encrypted", name=name)
    else:
        return refuse_archive(name, within_archive=True)
    raise ImageRefusedError(reason, hint=_THEMSELVES)


def _is_drive(part: str) -> bool:
    """``C:`` begins a path of Windows; elsewhere a colon is a letter of a name."""
    return len(part) == 2 and part[0].isalpha() and part[1] == ":"


def _read(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    name: str,
    max_bytes: int,
    budget: _UnpackBudget,
) -> bytes:
    data = BytesIO()  # gives its bytes away without a copy
    with opened(archive, entry) as stream:
        head = _head(stream)
        refuse_by_head(name, head)
        while chunk := head or stream.read(_CHUNK):
            budget.spend(len(chunk))
            data.write(chunk)
            head = b""
            if data.tell() > max_bytes:
                raise _TooLargeError
    return data.getvalue()


def _head(stream: Stream) -> bytes:
    """``HEAD`` bytes, fewer only at the end: a stream may give less than it is asked for."""
    found = b""
    while len(found) < HEAD and (more := stream.read(HEAD - len(found))):
        found += more
    return found
