"""Bytes under their hash, in a folder and in memory."""

from __future__ import annotations

import hashlib
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import pytest
from fsspec import AbstractFileSystem, register_implementation

from beltmask.errors import (
    DamagedError,
    NotFoundError,
    SettingsError,
    StorageUnavailableError,
    StoreError,
)
from beltmask.store.blobs import Blobs, Shelf

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such limits and links")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """As on a full disk: what is written beyond so many bytes of a file is refused."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    folder = request.param == "folder"
    return Blobs(str(tmp_path / "store") if folder else f"memory://{uuid4().hex}")


def test_bytes_come_back_under_their_hash(blobs: Blobs) -> None:
    sha256 = blobs.keep(Shelf.REPLIES, b"belt")
    assert sha256 == hashlib.sha256(b"belt").hexdigest()
    assert blobs.get(Shelf.REPLIES, sha256) == b"belt"
    assert blobs.has(Shelf.REPLIES, sha256)


@pytest.mark.parametrize(
    "shelf", ["originals", "previews", "thumbnails", "pyramids", "sample-pyramids", "replies"]
)
def test_files_of_every_earlier_version_are_found_where_they_were_put(
    shelf: str, tmp_path: Path
) -> None:
    """Their names never change: the first two digits of the hash are a folder."""
    sha256 = hashlib.sha256(b"belt").hexdigest()
    file = tmp_path / shelf / sha256[:2] / sha256[2:]
    file.parent.mkdir(parents=True)
    file.write_bytes(b"belt")
    blobs = Blobs(str(tmp_path))
    assert blobs.get(Shelf(shelf), sha256) == b"belt"
    assert [each.sha256 for each in blobs.held(Shelf(shelf), sha256[:2])] == [sha256]


def test_shelves_are_kept_apart(blobs: Blobs) -> None:
    blobs.put(Shelf.THUMBNAILS, "ab" * 32, b"small")
    assert not blobs.has(Shelf.PREVIEWS, "ab" * 32)
    with pytest.raises(NotFoundError, match="previews abab"):
        blobs.get(Shelf.PREVIEWS, "ab" * 32)


def test_what_is_made_anew_takes_the_place_of_what_was_there(blobs: Blobs) -> None:
    blobs.put(Shelf.PREVIEWS, "ab" * 32, b"first")
    blobs.put(Shelf.PREVIEWS, "ab" * 32, b"second")
    assert blobs.get(Shelf.PREVIEWS, "ab" * 32) == b"second"


@pytest.mark.parametrize("wrong", [b"", b"be", b"bolt", b"belt and more"])
@pytest.mark.parametrize("shelf", Shelf)
def test_an_empty_short_or_wrong_blob_is_healed_when_the_same_bytes_are_stored_again(
    blobs: Blobs, shelf: Shelf, wrong: bytes
) -> None:
    sha256 = hashlib.sha256(b"belt").hexdigest()
    blobs.put(shelf, sha256, wrong)
    blobs.keep(shelf, b"belt")
    assert blobs.get(shelf, sha256) == b"belt"


@pytest.mark.parametrize("shelf", [Shelf.ORIGINALS, Shelf.REPLIES])
def test_what_was_exchanged_for_other_bytes_of_the_same_size_is_not_handed_out(
    blobs: Blobs, shelf: Shelf
) -> None:
    sha256 = blobs.keep(shelf, b"belt")
    blobs.put(shelf, sha256, b"bolt")
    with pytest.raises(DamagedError, match=f"{shelf} {sha256[:12]} is not what was stored"):
        blobs.get(shelf, sha256)


def test_bytes_that_are_there_are_not_written_again(tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path))
    sha256 = blobs.keep(Shelf.ORIGINALS, b"belt")
    [file] = files_in(tmp_path)
    number = file.stat().st_ino
    os.utime(file, (0, 0))
    blobs.put(Shelf.ORIGINALS, sha256, b"belt")
    assert file.stat().st_ino == number
    assert file.stat().st_mtime > 0, "left-overs are known by their age"


@posix
def test_a_blob_that_cannot_be_read_is_healed_too(tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path))
    sha256 = blobs.keep(Shelf.ORIGINALS, b"belt")
    [file] = files_in(tmp_path)
    file.unlink()
    file.symlink_to(file)
    with pytest.raises(StoreError, match=r"originals cannot be read: .*levels of symbolic links"):
        blobs.get(Shelf.ORIGINALS, sha256)
    with pytest.raises(StoreError):
        blobs.has(Shelf.ORIGINALS, sha256)
    blobs.put(Shelf.ORIGINALS, sha256, b"belt")
    assert blobs.get(Shelf.ORIGINALS, sha256) == b"belt"


def test_empty_bytes_are_bytes(blobs: Blobs) -> None:
    assert blobs.get(Shelf.REPLIES, blobs.keep(Shelf.REPLIES, b"")) == b""


@posix
def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path))
    refused = pytest.raises(StorageUnavailableError, match="File too large")
    with no_file_above(100), refused as caught:
        blobs.keep(Shelf.ORIGINALS, bytes(1000))
    assert str(tmp_path) in caught.value.hint
    assert files_in(tmp_path) == []


class UnknownError(Exception):
    """As drivers of buckets have them, of no kind that Python knows."""


class Unreachable(AbstractFileSystem):  # type: ignore[misc]
    """A bucket behind a network that is down, or with a bug in its driver."""

    protocol = "unreachable"
    trouble: Exception = UnknownError("Could not connect to the endpoint\nTry later")

    def _fail(self, *_: object, **__: object) -> NoReturn:
        raise self.trouble

    cat_file = pipe_file = info = _fail


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> Blobs:
    register_implementation("unreachable", Unreachable, clobber=True)
    return Blobs("unreachable://bucket")


CALLS: list[Callable[[Blobs], object]] = [
    lambda blobs: blobs.keep(Shelf.ORIGINALS, b"belt"),
    lambda blobs: blobs.get(Shelf.ORIGINALS, "ab" * 32),
    lambda blobs: blobs.get_part(Shelf.PYRAMIDS, "ab" * 32, (0, 16)),
    lambda blobs: blobs.has(Shelf.REPLIES, "ab" * 32),
]


@pytest.mark.parametrize("call", CALLS)
def test_errors_of_a_bucket_that_are_no_oserrors_are_explained(
    unreachable: Blobs, call: Callable[[Blobs], object]
) -> None:
    said = r": Could not connect to the endpoint Try later$"
    with pytest.raises(StorageUnavailableError, match=said) as told:
        call(unreachable)
    assert "BELTMASK_STORAGE_URL" in told.value.hint


@pytest.mark.parametrize("call", CALLS)
def test_a_bug_in_the_driver_of_a_bucket_stays_a_bug(
    unreachable: Blobs, call: Callable[[Blobs], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Unreachable, "trouble", TypeError("no"))
    with pytest.raises(TypeError):
        call(unreachable)


def test_a_file_that_cannot_be_read_says_nothing_of_the_whole_store(tmp_path: Path) -> None:
    (tmp_path / "originals" / "ab" / ("ab" * 31)).mkdir(parents=True)
    with pytest.raises(StoreError, match="originals cannot be read") as caught:
        Blobs(str(tmp_path)).get(Shelf.ORIGINALS, "ab" * 32)
    assert not isinstance(caught.value, StorageUnavailableError)


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
