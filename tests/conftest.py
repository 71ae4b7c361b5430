"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import copy
from typing import NoReturn

import certifi
import psycopg
import pytest
from hypothesis import settings

from beltmask.settings import Settings
from beltmask.store.blobs import Blobs
from beltmask.store.database import Database
from beltmask.store.records import Store
from tests.postgres import fresh_database, make_empty, server_programs, throw_away_server

KEPT = ("BELTMASK_SHARED_DATA", "BELTMASK_WEIGHTS", "BELTMASK_CHROMIUM")
KEPT_PREFIXES = ("BELTMASK_REQUIRE_", "BELTMASK_TEST_")
KEYS = ("GEMINI_API_KEY", "GOOGLE_API_KEY")

# No deadline: a busy machine is slow, not broken.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=40)
settings.register_profile("exploring", deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def data_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where data of tests may be: most keep none, and to make each a folder takes its time."""
    parent = tmp_path_factory.mktemp("data")
    return (parent / str(number) for number in count())


@pytest.fixture(scope="session")
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Whom tests trust: every client reads all of it, and none meets a server that shows one."""
    first, end, _ = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----\n")
    file = tmp_path_factory.mktemp("trust") / "one.pem"
    file.write_text(first + end)
    return file


@pytest.fixture(autouse=True)
def own_settings(
    data_folders: Iterator[Path], one_certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test meets a developer's data, key or ``.env``."""
    for name in os.environ:
        chosen = name.startswith("BELTMASK_") and not name.startswith(KEPT_PREFIXES)
        if name in KEYS or (chosen and name not in KEPT):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BELTMASK_DATA", str(next(data_folders)))
    monkeypatch.setenv("SSL_CERT_FILE", str(one_certificate))
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real belt pictures and recorded replies, read in place."""
    folder = Path(os.environ.get("BELTMASK_SHARED_DATA", ""))
    if (folder / "pictures").is_dir():
        return folder.resolve()
    return missing("PICTURES", "BELTMASK_SHARED_DATA does not name the folder of real pictures")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server where databases may be made."""
    running = os.environ.get("BELTMASK_TEST_POSTGRES_URL")
    if running:
        yield running
        return
    programs = server_programs()
    if programs is None:
        missing("POSTGRES", "PostgreSQL is not installed, so it was not tested")
    with throw_away_server(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """An empty database of each kind, without tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.sqlite3'}"
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("tables") / "records.sqlite3"
    _make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture
def data_with_tables(sqlite_tables: Path) -> Path:
    """The data folder of this test, its database made already."""
    folder = Path(os.environ["BELTMASK_DATA"])
    folder.mkdir()
    copy(sqlite_tables, folder / "beltmask.sqlite3")
    return folder


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: str) -> Iterator[tuple[str, psycopg.Connection]]:
    """A PostgreSQL database with all tables and no rows, and a connection to empty it again."""
    with fresh_database(postgres_server) as url:
        _make_tables(url)
        with psycopg.connect(url, autocommit=True) as connection:
            yield url, connection


@pytest.fixture
def tables_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind with its tables made and no rows."""
    if database_kind == "sqlite":
        path = copy(request.getfixturevalue("sqlite_tables"), tmp_path / "records.sqlite3")
        yield f"sqlite:///{path}"
        return
    url, connection = request.getfixturevalue("postgres_tables")
    yield url
    make_empty(connection)


@pytest.fixture
def database(tables_url: str) -> Iterator[Database]:
    """A database of each kind with its tables made."""
    database = Database(tables_url)
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> Store:
    """Records in each kind of database, bytes in memory."""
    return Store(database, Blobs("memory://"))


def missing(what: str, reason: str) -> NoReturn:
    """Skip a test for want of something, or fail where ``BELTMASK_REQUIRE_...`` says so."""
    if os.environ.get(f"BELTMASK_REQUIRE_{what}") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _make_tables(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()
