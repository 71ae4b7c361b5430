"""Picture files of this machine: those below a folder, and the bytes of one, trusting neither.

Folders may hold devices, pipes, links that lead out, and trees without end. What cannot be
looked at is refused by name, folder by folder; the rest goes through.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from beltmask.errors import ImageRefusedError
from beltmask.file_checks import HEAD, is_litter, refuse_archive, refuse_by_head
from beltmask.images import DEFAULT_LIMITS, ImageLimits
from beltmask.messages import Message
from beltmask.names import folded

__all__ = ["FoundFile", "files_of", "open_file", "picture_bytes", "shortened", "told_apart"]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file somebody named, or one below a folder somebody named.

    ``within`` is its path below that folder, with ``/`` between the parts; of a file that was
    named itself its base name. ``chosen`` says that it was named itself.
    """

    path: Path
    within: str
    chosen: bool
    folder: str = ""
    """The name of the folder that was named."""

    @property
    def name(self) -> str:
        """The folder that was named, and the path below it."""
        return f"{self.folder}/{self.within}" if self.folder else self.within


def files_of(paths: Iterable[Path]) -> Iterator[FoundFile | ImageRefusedError]:
    """The files that were named and those below the folders that were, in order, one by one.

    Below a folder, what systems hide or leave behind is passed over; links are followed to files
    within the folder only, and never to other folders.
    """
    for path in paths:
        if _is_folder(path):
            yield from _files_below(path)
        else:
            yield FoundFile(path, path.name, chosen=True)


def told_apart(files: Sequence[FoundFile]) -> list[str]:
    """A name for each file: its path below the folder that was named, and before it as many
    folders as tell it from the others. The same file named twice has one name.
    """
    wholes = [[*Path(os.path.normpath(found.path.absolute())).parts[1:]] for found in files]
    lengths = [found.within.count("/") + 1 for found in files]
    while True:
        names = ["/".join(w[-n:]) for w, n in zip(wholes, lengths, strict=True)]
        owners = defaultdict[str, set[str]](set)
        for name, whole in zip(names, wholes, strict=True):
            owners[folded(name)].add("/".join(whole))
        shared = [len(owners[folded(name)]) > 1 for name in names]
        longer = [
            min(length + more, len(whole))
            for length, more, whole in zip(lengths, shared, wholes, strict=True)
        ]
        if longer == lengths:
            return names
        lengths = longer


def picture_bytes(found: FoundFile, *, limits: ImageLimits = DEFAULT_LIMITS) -> bytes:
    """All bytes of a file. One that was not named itself is looked at first.

    Raises:
        NotAPictureError: It only lay there, and nothing makes it a picture.
        ImageRefusedError: It is no regular file, too long, or cannot be read; names it.
    """
    with open_file(found) as file, _refusing(found.path):
        return _read(file, found, limits)


def open_file(found: FoundFile) -> BinaryIO:
    """A regular file, open for reading; never a pipe to wait for, or a device without end.

    Raises:
        ImageRefusedError: It is none, or cannot be opened; names it.
    """
    with _refusing(found.path):
        _check_regular(found.path.stat().st_mode, found.path)
        file = open(found.path, "rb", opener=_without_waiting)  # noqa: SIM115 - Path.open has no opener
        _check_regular(os.fstat(file.fileno()).st_mode, found.path)
        return file


def shortened(path: Path | str) -> str:
    """A path as a sentence can hold it."""
    text = str(path)
    return text if len(text) <= 200 else f"{text[:80]}…{text[-110:]}"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False  # reading it tells why


def _files_below(folder: Path) -> Iterator[FoundFile | ImageRefusedError]:
    """In the order of their names. Without recursion: a tree may be deeper than Python's stack."""
    home = os.path.realpath(folder)
    name = Path(home).name if folder.name in ("", "..") else folder.name
    levels = [_entries(str(folder))]
    while levels:
        entry = next(levels[-1], None)
        if entry is None:
            levels.pop()
        elif isinstance(entry, ImageRefusedError):
            yield entry
        elif entry.is_dir(follow_symlinks=False):
            levels.append(_entries(entry.path))
        elif not entry.is_symlink() or _stays_in(entry, home):
            path = Path(entry.path)
            within = path.relative_to(folder).as_posix()
            yield FoundFile(path, within, chosen=False, folder=name)


def _entries(folder: str) -> Iterator[os.DirEntry[str] | ImageRefusedError]:
    """What lies in a folder, or why that cannot be told."""
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError as error:
        hint = Message("images.check_who_may_read")
        message = Message("images.folder_not_listed", path=shortened(folder), reason=error.strerror)
        yield ImageRefusedError(message, hint=hint)
    else:
        yield from (entry for entry in entries if not is_litter(entry.name))


def _stays_in(link: os.DirEntry[str], home: str) -> bool:
    """Whether a link leads to a file within the folder."""
    target = Path(os.path.realpath(link.path))
    return target.is_relative_to(home) and target.is_file()


def _without_waiting(path: str, flags: int) -> int:
    """A pipe that took the file's place a moment ago must not make us wait for a writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _read(file: BinaryIO, found: FoundFile, limits: ImageLimits) -> bytes:
    size = os.fstat(file.fileno()).st_size
    if not found.chosen:
        refuse_archive(found.name, within_archive=False)
        refuse_by_head(found.name, file.read(HEAD))
        file.seek(0)
    if size > limits.max_bytes:
        told = Message(
            "images.too_many_bytes", name=shortened(found.path), size=size, limit=limits.max_bytes
        )
        raise ImageRefusedError(told, hint=Message("images.make_smaller"))
    return file.read(size + 1)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else Message("images.no_usable_name")
        hint = Message("images.check_path_and_rights")
        message = Message("images.file_not_read", path=shortened(path), reason=reason)
        raise ImageRefusedError(message, hint=hint) from error


def _check_regular(mode: int, path: Path) -> None:
    if not stat.S_ISREG(mode):
        if stat.S_ISDIR(mode):
            raise ImageRefusedError(Message("images.a_folder", path=shortened(path)))
        raise ImageRefusedError(Message("images.no_file", path=shortened(path)))
