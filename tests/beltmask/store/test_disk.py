"""Who may read what BeltMask makes on a disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from beltmask.errors import BeltMaskError
from beltmask.settings import Settings
from beltmask.store.blobs import Blobs, Shelf
from beltmask.workflows.export import ExportChoice, export_for_download
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt
from tests.gestures import approve

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")


@pytest.fixture(params=[0o022, 0o002, 0o000])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    usual = os.umask(request.param)
    yield
    os.umask(usual)


def in_use(data: Path) -> dict[str, int]:
    """The mode of everything in a data folder with one picture, and its own, by path."""
    services = Services.open(Settings(data=data))
    project = create_project("Belt 3", services=services)
    image = add_picture("a.png", spotted_belt(1), project_id=project.id, services=services).image
    assert image is not None
    approve(image.id, seen=image.revision, services=services)
    export_for_download(project, ExportChoice(), services=services)
    found = {path.relative_to(data).as_posix(): mode(path) for path in data.rglob("*")}
    services.close()
    assert {"beltmask.sqlite3-wal", "store/originals"} <= found.keys()
    return {**found, ".": mode(data)}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def kinds(data: Path, modes: dict[str, int]) -> dict[str, set[int]]:
    folders = {name for name in modes if (data / name).is_dir()}
    return {
        "folders": {modes[name] for name in folders},
        "files": {each for name, each in modes.items() if name not in folders},
    }


@pytest.mark.usefixtures("umask")
def test_a_new_data_folder_and_all_files_in_it_are_read_by_nobody_else(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    assert kinds(data, in_use(data)) == {"folders": {0o700}, "files": {0o600}}


def test_the_data_folder_of_an_earlier_version_is_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    in_use(data)
    data.chmod(0o755)
    database, originals = data / "beltmask.sqlite3", data / "store" / "originals"
    database.chmod(0o644)
    originals.chmod(0o755)
    Services.open(Settings(data=data)).close()
    assert [mode(path) for path in (data, database, originals)] == [0o700, 0o600, 0o700]
    told = len(caplog.records)
    assert told
    Services.open(Settings(data=data)).close()
    assert len(caplog.records) == told, "it was told once"


@pytest.mark.usefixtures("umask")
def test_a_folder_shared_with_its_group_on_purpose_stays_shared(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o2770)
    assert kinds(data, in_use(data)) == {"folders": {0o2770}, "files": {0o660}}


def test_a_folder_where_everybody_may_write_is_not_closed(tmp_path: Path) -> None:
    data = tmp_path / "tmp"
    data.mkdir()
    data.chmod(0o1777)
    modes = in_use(data)
    assert modes["."] == 0o1777
    assert modes["beltmask.sqlite3"] == 0o600


def test_nothing_is_closed_that_beltmask_has_not_made(tmp_path: Path) -> None:
    """A database or a data folder may be named by mistake: /dev was closed to everybody."""
    foreign = tmp_path / "foreign"
    foreign.mkdir(0o755)
    foreign.chmod(0o755)
    with pytest.raises(BeltMaskError):
        Services.open(Settings(database_url=SecretStr(f"sqlite:///{foreign}")))
    other = SecretStr(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    Services.open(Settings(data=foreign, database_url=other, storage_url="memory://")).close()
    assert mode(foreign) == 0o755


def test_a_home_is_not_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert in_use(tmp_path)["."] == 0o755


def test_what_was_written_is_on_the_disk_before_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file before it gets its name, then every folder in which a name is new."""
    synced = list[tuple[int, bool]]()
    real = os.fsync

    def noted(file: int) -> None:
        synced.append((os.fstat(file).st_ino, any(tmp_path.rglob("*.part"))))
        real(file)

    monkeypatch.setattr(os, "fsync", noted)
    sha256 = Blobs(str(tmp_path)).keep(Shelf.ORIGINALS, b"belt")
    shelf = tmp_path / "originals"
    folder = shelf / sha256[:2]
    paths = (tmp_path, shelf, folder / sha256[2:], folder)
    parts = (False, False, True, False)
    expected = [(path.stat().st_ino, part) for path, part in zip(paths, parts, strict=True)]
    assert synced == expected
