"""Bytes of pictures and replies, kept under their SHA-256 on any file system fsspec speaks."""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from beltmask.errors import (
    BeltMaskError,
    DamagedError,
    NotFoundError,
    SettingsError,
    StorageUnavailableError,
    StoreError,
)
from beltmask.messages import Message
from beltmask.store.disk import PART, close_folder, holds, write_file

_HASH, _PREFIX = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{2}")
_OURS = re.compile(f"[0-9a-f]{{62}}(\\..*{re.escape(PART)})?")
"""Names of blobs and of what was to become one; systems leave files of their own."""


_OF_ONE_FILE = {errno.EACCES, errno.EPERM, errno.EIO, errno.EISDIR, errno.ENOTDIR}
"""What may be wrong with one file while others can be read."""


class Shelf(StrEnum):
    """What kind of bytes. What is made from an original goes by its hash, and when it goes."""

    ORIGINALS = "originals"
    PREVIEWS = "previews"
    THUMBNAILS = "thumbnails"
    PYRAMIDS = "pyramids"
    SAMPLE_PYRAMIDS = "sample-pyramids"
    REPLIES = "replies"
    LEFT_OVERS = "left-over"
    """Originals and replies that no record named when somebody tidied up."""

    @property
    def irreplaceable(self) -> bool:
        """Whether its bytes are nowhere else; they go by their own hash, and are held to it."""
        return self in (Shelf.ORIGINALS, Shelf.REPLIES, Shelf.LEFT_OVERS)


@dataclass(frozen=True, slots=True)
class BlobState:
    """Something that lies on a shelf; ``sha256`` is None of what is no blob.

    ``changed`` is when it was written or last found to be right; None where nobody knows.
    """

    path: str
    sha256: str | None
    changed: datetime | None


class Blobs:
    """Every call raises StoreError when the file system fails, with its reason and a hint.

    It is a StorageUnavailableError when the same call may go well later: nothing can be written,
    or the store does not answer. What only one file cannot give is none.
    """

    def __init__(self, url: str) -> None:
        try:
            self._files, self._root = fsspec.url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise SettingsError(Message("store.storage_url_unusable", reason=str(error))) from error
        self._local = isinstance(self._files, LocalFileSystem)
        if self._local:
            for shelf in Shelf:
                close_folder(Path(self._root, shelf))

    def keep(self, shelf: Shelf, data: bytes) -> str:
        """Store ``data`` under its own SHA-256 (hexadecimal), which is returned."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.put(shelf, sha256, data)
        return sha256

    def put(self, shelf: Shelf, sha256: str, data: bytes) -> None:
        """Let ``data`` be what is stored under a given hash, whatever lies there already.

        On return it is on the disk. A file of the same bytes is left alone: to read it costs less
        than to write and sync it, and its size tells most others. To another store the bytes are
        sent, which costs no more than to fetch them for comparison.
        """
        path = self._path(shelf, sha256)
        with self._explained(Message("store.shelf_not_written", shelf=shelf), writing=True):
            if not self._local:
                self._files.pipe_file(path, data)  # object stores show an object only when whole
            elif not holds(Path(path), data):
                write_file(Path(path), data)

    def get(self, shelf: Shelf, sha256: str) -> bytes:
        """All bytes under a hash; of an irreplaceable shelf they are the ones that were stored.

        Raises:
            NotFoundError: They are not there.
            DamagedError: They are others by now.
        """
        data = self.get_part(shelf, sha256, (None, None))
        if shelf.irreplaceable and hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedError(Message("store.blob_damaged", shelf=shelf, hash=sha256[:12]))
        return data

    def get_part(self, shelf: Shelf, sha256: str, span: tuple[int | None, int | None]) -> bytes:
        """The bytes [start, end) without the others; None is the start or end of them all.

        Raises:
            NotFoundError: They are not there.
        """
        start, end = span
        path = self._path(shelf, sha256)
        with self._explained(Message("store.shelf_not_read", shelf=shelf)):
            try:
                data: bytes = self._files.cat_file(path, start=start, end=end)
            except FileNotFoundError as error:
                missing = Message("store.blob_missing", shelf=shelf, hash=sha256[:12])
                raise NotFoundError(missing) from error
        return data

    def has(self, shelf: Shelf, sha256: str) -> bool:
        """Whether anything is stored under a hash."""
        with self._explained(Message("store.shelf_not_read", shelf=shelf)):
            try:
                self._files.info(self._path(shelf, sha256))
            except FileNotFoundError:
                return False
        return True

    def prefixes(self, shelf: Shelf) -> list[str]:
        """The first two digits of the hashes for which something lies on a shelf."""
        with self._explained(Message("store.shelf_not_read", shelf=shelf)):
            found = map(_name, self._listed(f"{self._root}/{shelf}"))
            return [name for name in found if _PREFIX.fullmatch(name)]

    def held(self, shelf: Shelf, prefix: str) -> list[BlobState]:
        """What lies on a shelf under hashes that begin with ``prefix`` (two digits)."""
        with self._explained(Message("store.shelf_not_read", shelf=shelf)):
            paths = self._listed(f"{self._root}/{shelf}/{prefix}")
            return [self._held(path, prefix) for path in paths if _OURS.fullmatch(_name(path))]

    def remove(self, held: BlobState) -> None:
        with self._explained(Message("store.left_overs_not_removed")), suppress(FileNotFoundError):
            self._files.rm_file(held.path)

    def _listed(self, folder: str) -> list[str]:
        self._files.invalidate_cache()
        try:
            return sorted(str(path).rstrip("/") for path in self._files.ls(folder, detail=False))
        except FileNotFoundError:
            return []

    def _held(self, path: str, prefix: str) -> BlobState:
        sha256 = f"{prefix}{_name(path)}"
        try:
            changed = self._files.modified(path)
        except (FileNotFoundError, NotImplementedError):
            changed = None
        return BlobState(path, sha256 if _HASH.fullmatch(sha256) else None, changed)

    def _path(self, shelf: Shelf, sha256: str) -> str:
        return f"{self._root}/{shelf}/{sha256[:2]}/{sha256[2:]}"

    @contextmanager
    def _explained(self, what: Message, *, writing: bool = False) -> Iterator[None]:
        try:
            yield
        except BeltMaskError:
            raise
        except Exception as error:
            # Any driver of fsspec may be at work. Each raises classes of its own (botocore's are no
            # OSErrors), which cannot be named where it is not installed. Bugs of ours go on.
            if not isinstance(error, OSError) and type(error).__module__ == "builtins":
                raise  # a bug
            kind = StorageUnavailableError if writing or not _is_of_one_file(error) else StoreError
            why = Message("errors.because", said=what, reason=_reason(error))
            raise kind(why, hint=self._hint) from error

    @property
    def _hint(self) -> Message:
        if self._local:
            return Message("store.check_disk", folder=self._root)
        return Message("store.check_storage_url")


def _name(path: str) -> str:
    return path.rsplit("/", 1)[1]


def _is_of_one_file(error: Exception) -> bool:
    return isinstance(error, OSError) and (
        isinstance(error, PermissionError) or error.errno in _OF_ONE_FILE
    )


def _reason(error: Exception) -> str:
    words = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
    return " ".join(words.split())[:200].rstrip(".")
