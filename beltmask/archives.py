"""Pictures out of ZIP files and folders, one at a time, trusting neither.

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
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO

from beltmask.errors import ImageRefusedError
from beltmask.images import DEFAULT_LIMITS, SUFFIXES, ImageLimits

__all__ = ["ArchiveLimits", "pictures_in_folder", "pictures_in_zip"]

_ARCHIVES = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"})
_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_SMALLER = "Pack fewer pictures into one ZIP, or add the pictures themselves."
_THEMSELVES = "Unpack it and add the pictures themselves."
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

    Hidden files and what systems leave behind (``__MACOSX``, ``Thumbs.db``) are passed over in
    silence. Whatever else is no picture, or unsafe to read, is refused by name; the rest goes
    through. When the file itself is no ZIP, or proves a bomb, the refusal bears its name and is
    the last. Nothing is raised.

    Args:
        file: Open for reading, seekable.
    """
    own_name = PurePath(str(getattr(file, "name", "") or "the archive")).name
    try:
        with zipfile.ZipFile(file) as archive:
            budget = _Budget.of(file, archive_limits)
            entries = archive.infolist()
            if len(entries) > archive_limits.max_entries:
                yield _refused(own_name, f"holds {len(entries):,} files, too many to be safe")
                return
            for entry in entries:
                if not _passed_over(entry):
                    yield entry.filename, _content(archive, entry, limits, budget)
    except _BombError:
        yield _refused(own_name, "unpacks to far more than its size and may be a bomb", _SMALLER)
    except _DAMAGE:
        yield _refused(own_name, "is not a ZIP, or it is damaged", "Pack the pictures again.")


def pictures_in_folder(path: Path) -> Iterator[Path]:
    """Files with a picture's suffix below ``path``, sorted, hidden ones left out.

    Links are followed to files within the folder only, and never to other folders.

    Raises:
        OSError: ``path`` cannot be listed.
    """
    yield from _pictures_below(path, path.resolve())


def _pictures_below(folder: Path, home: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name.lower() in _LITTER:
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _pictures_below(entry, home)
        elif entry.suffix.lower() in SUFFIXES and entry.is_file() and _stays_in(entry, home):
            yield entry


def _stays_in(entry: Path, home: Path) -> bool:
    return not entry.is_symlink() or entry.resolve().is_relative_to(home)


@dataclass(slots=True)
class _Budget:
    """How many bytes may still come out of the archive."""

    left: int

    @classmethod
    def of(cls, file: BinaryIO, limits: ArchiveLimits) -> _Budget:
        size = file.seek(0, 2)
        allowed = max(limits.harmless_bytes, limits.max_ratio * size)
        return cls(min(limits.max_total_bytes, allowed))

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise _BombError


def _refused(name: str, reason: str, hint: str | None = None) -> tuple[str, ImageRefusedError]:
    return name, ImageRefusedError(f"{name} {reason}", hint=hint)


def _passed_over(entry: zipfile.ZipInfo) -> bool:
    parts = _path_of(entry).parts
    hidden = any(part.startswith(".") and part != ".." for part in parts)
    no_file = not entry.filename or entry.filename.endswith("/")
    return no_file or hidden or any(part.lower() in _LITTER for part in parts)


def _path_of(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Some packers on Windows write backslashes."""
    return PurePosixPath(entry.filename.replace("\\", "/"))


def _content(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ImageLimits, budget: _Budget
) -> bytes | ImageRefusedError:
    name = entry.filename
    reason, hint = _objection(entry)
    if reason:
        return ImageRefusedError(f"{name} {reason}", hint=hint)
    try:
        return _read(archive, entry, limits.max_bytes, budget)
    except _TooLargeError:
        return ImageRefusedError(f"{name} is longer than {limits.max_bytes:,} bytes")
    except _DAMAGE:
        return ImageRefusedError(f"{name} is damaged inside the ZIP", hint=_THEMSELVES)


def _objection(entry: zipfile.ZipInfo) -> tuple[str, str | None]:
    """Why an entry is not even opened, and what to do about it; "" when it may be."""
    path = _path_of(entry)
    if path.is_absolute() or ".." in path.parts or ":" in str(path):
        return "has a path that leads out of the ZIP", _THEMSELVES
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link, not a picture", _THEMSELVES
    if path.suffix.lower() in _ARCHIVES:
        return "is an archive within the archive", _THEMSELVES
    if path.suffix.lower() not in SUFFIXES:
        return "has no picture's suffix", None
    if entry.flag_bits & _ENCRYPTED:
        return "is encrypted", _THEMSELVES
    return "", None


def _read(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, max_bytes: int, budget: _Budget
) -> bytes:
    data = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            budget.spend(len(chunk))
            data += chunk
            if len(data) > max_bytes:
                raise _TooLargeError
    return bytes(data)
