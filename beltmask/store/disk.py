"""Files and folders on a disk of this machine: whole or not there, on the disk, and private.

Whoever runs BeltMask may read what it makes and nobody else, whatever the umask says. A folder
with the set-group-ID bit is shared with its group on purpose, and so is what is made inside it.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

log = logging.getLogger(__name__)

PART = ".part"
"""How the name of a file ends while it is written; one that stays was left by a process killed."""
_PIECE = 1 << 20
_KNOWS_MODES = os.name == "posix"
_NO_SYNC_OF_FOLDERS = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
"""How a file system says that it has no such thing."""


def make_folder(folder: Path) -> None:
    """Make a folder and those missing above it; what is there stays as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):  # another process was first
        folder.mkdir(0o700)
        if _is_shared(folder.parent):
            folder.chmod(0o2770)
    _sync_folder(folder.parent)


def write_file(path: Path, data: bytes) -> None:
    """Let ``data`` be the file, in one step, and on the disk when this returns."""
    make_folder(path.parent)
    with _part_of(path) as part:
        with open(part, "xb", opener=_privately) as file:
            if _is_shared(path.parent):
                part.chmod(0o660)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    _sync_folder(path.parent)


def holds(path: Path, data: bytes) -> bool:
    """Whether the file is there with exactly these bytes; one that cannot be read is not.

    Then it is as if it had just been written.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size != len(data):
                return False
            pieces = range(0, len(data), _PIECE)
            if any(file.read(_PIECE) != data[start : start + _PIECE] for start in pieces):
                return False
    except OSError:
        return False
    with suppress(OSError):
        os.utime(path)
    return True


def make_file(path: Path) -> None:
    """Make an empty file if there is none."""
    make_folder(path.parent)
    with suppress(FileExistsError), open(path, "xb", opener=_privately):
        if _is_shared(path.parent):
            path.chmod(0o660)


def close_file(path: Path) -> None:
    """Take from others what they could do with a file of ours; anything else is left alone."""
    if _KNOWS_MODES and path.is_file():
        _close(path, shared=_is_shared(path.parent))


def close_folder(folder: Path, *, ours: Iterable[str] = (".",)) -> None:
    """The same for a folder that we made: of one a person named, something of ``ours`` is in it.

    A home, and a folder where everybody may write and nobody delete, are left as they are.
    """
    if not _KNOWS_MODES or not any((folder / name).exists() for name in ours):
        return
    if not (_is_of_all(folder.resolve()) or folder.stat().st_mode & stat.S_ISVTX):
        _close(folder, shared=_is_shared(folder))


def _close(path: Path, *, shared: bool) -> None:
    """Of what is shared on purpose the group keeps what it could do."""
    mode = stat.S_IMODE(path.stat().st_mode)
    closed = mode & ~(0o007 if shared else 0o077)
    if mode == closed:
        return
    try:
        path.chmod(closed)
    except OSError:
        log.warning("%s is open to others on this machine; only its owner can close it", path)
    else:
        log.warning("%s was open to others on this machine and is closed now", path)


def _is_of_all(folder: Path) -> bool:
    """Whether more than ours lies there: in a home, or at the root of everything."""
    try:
        return folder in (Path.home(), Path(folder.anchor))
    except RuntimeError:  # nobody's home is known
        return folder == Path(folder.anchor)


def _is_shared(folder: Path) -> bool:
    return _KNOWS_MODES and bool(folder.stat().st_mode & stat.S_ISGID)


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    part = path.with_name(f"{path.name}.{uuid4().hex}{PART}")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Let the names in a folder be on the disk; Windows has no such thing."""
    if not _KNOWS_MODES:
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _NO_SYNC_OF_FOLDERS:
            raise
    finally:
        os.close(opened)
