"""Bytes of pictures and replies, kept under their SHA-256 on any file system fsspec speaks."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

import fsspec
from fsspec.implementations.local import LocalFileSystem

from beltmask.errors import NotFoundError, SettingsError, StoreError


class Shelf(StrEnum):
    """What kind of bytes. What is made from an original goes by its hash, and when it goes."""

    ORIGINALS = "originals"
    PREVIEWS = "previews"
    THUMBNAILS = "thumbnails"
    PYRAMIDS = "pyramids"
    SAMPLE_PYRAMIDS = "sample-pyramids"
    REPLIES = "replies"


class Blobs:
    def __init__(self, url: str) -> None:
        try:
            self._files, self._root = fsspec.url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise SettingsError(f"BELTMASK_STORAGE_URL cannot be used: {error}") from error

    def keep(self, shelf: Shelf, data: bytes) -> str:
        """Store ``data`` under its own SHA-256 (hexadecimal), which is returned."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.put(shelf, sha256, data)
        return sha256

    def put(self, shelf: Shelf, sha256: str, data: bytes) -> None:
        """Store ``data`` under a given hash; what is there already stays."""
        path = self._path(shelf, sha256)
        try:
            if not self._files.exists(path):
                self._write(path, data)
        except OSError as error:
            hint = "Check the disk, and BELTMASK_DATA or BELTMASK_STORAGE_URL."
            raise StoreError(f"{shelf} cannot be written: {error}", hint=hint) from error

    def get(self, shelf: Shelf, sha256: str) -> bytes:
        return self.get_part(shelf, sha256, (None, None))

    def get_part(self, shelf: Shelf, sha256: str, span: tuple[int | None, int | None]) -> bytes:
        """The bytes [start, end) without the others; None is the start or end of them all."""
        start, end = span
        try:
            data: bytes = self._files.cat_file(self._path(shelf, sha256), start=start, end=end)
        except FileNotFoundError as error:
            raise NotFoundError(f"{shelf} {sha256[:12]} is not in the store") from error
        return data

    def has(self, shelf: Shelf, sha256: str) -> bool:
        return bool(self._files.exists(self._path(shelf, sha256)))

    def _path(self, shelf: Shelf, sha256: str) -> str:
        return f"{self._root}/{shelf}/{sha256[:2]}/{sha256[2:]}"

    def _write(self, path: str, data: bytes) -> None:
        if not isinstance(self._files, LocalFileSystem):
            self._files.pipe_file(path, data)  # object stores show a new object only when whole
            return
        part = f"{path}.{uuid4().hex}.part"
        self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        try:
            self._files.pipe_file(part, data)
            self._files.mv(part, path)
        finally:
            Path(part).unlink(missing_ok=True)
