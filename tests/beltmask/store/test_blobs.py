"""Bytes under their hash, in a folder and in memory."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest

from beltmask.errors import NotFoundError, SettingsError, StoreError
from beltmask.store.blobs import Blobs, Shelf


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    folder = request.param == "folder"
    return Blobs(str(tmp_path / "store") if folder else f"memory://{uuid4().hex}")


def test_bytes_come_back_under_their_hash(blobs: Blobs) -> None:
    sha256 = blobs.keep(Shelf.REPLIES, b"belt")
    assert sha256 == hashlib.sha256(b"belt").hexdigest()
    assert blobs.get(Shelf.REPLIES, sha256) == b"belt"
    assert blobs.has(Shelf.REPLIES, sha256)


def test_shelves_are_kept_apart(blobs: Blobs) -> None:
    blobs.put(Shelf.THUMBNAILS, "ab" * 32, b"small")
    assert not blobs.has(Shelf.PREVIEWS, "ab" * 32)
    with pytest.raises(NotFoundError, match="previews abab"):
        blobs.get(Shelf.PREVIEWS, "ab" * 32)


def test_what_is_there_already_stays(blobs: Blobs) -> None:
    blobs.put(Shelf.PREVIEWS, "ab" * 32, b"first")
    blobs.put(Shelf.PREVIEWS, "ab" * 32, b"second")
    assert blobs.get(Shelf.PREVIEWS, "ab" * 32) == b"first"


def test_empty_bytes_are_bytes(blobs: Blobs) -> None:
    assert blobs.get(Shelf.REPLIES, blobs.keep(Shelf.REPLIES, b"")) == b""


def test_a_write_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs(str(tmp_path))

    def disk_full(path: str, data: bytes) -> None:
        Path(path).write_bytes(data[:1])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs._files, "pipe_file", disk_full)
    with pytest.raises(StoreError, match="No space left"):
        blobs.keep(Shelf.ORIGINALS, b"belt")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_is_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("not a folder")
    with pytest.raises(StoreError, match="originals cannot be written"):
        Blobs(str(tmp_path / "store")).keep(Shelf.ORIGINALS, b"belt")


def test_an_unknown_kind_of_storage_is_explained() -> None:
    with pytest.raises(SettingsError, match="BELTMASK_STORAGE_URL"):
        Blobs("nosuch://bucket")


def test_a_part_can_be_read_alone(blobs: Blobs) -> None:
    sha256 = blobs.keep(Shelf.PYRAMIDS, b"conveyor belt")
    assert blobs.get_part(Shelf.PYRAMIDS, sha256, (9, 13)) == b"belt"
    assert blobs.get_part(Shelf.PYRAMIDS, sha256, (0, 0)) == b""
    with pytest.raises(NotFoundError, match="pyramids abab"):
        blobs.get_part(Shelf.PYRAMIDS, "ab" * 32, (0, 4))
