"""What is said when a database fails: what it is and what to do, and never where it is."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ProgrammingError

from beltmask.errors import DatabaseUnavailableError, StoreError
from beltmask.store.database import Database
from beltmask.store.records import Store
from tests.conftest import missing
from tests.postgres import running_server, server_programs

ONE = text("SELECT 1")


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database without tables."""
    database = Database(database_url)
    yield database
    database.close()


def cut_everybody_off(url: str) -> None:
    """What a server does to its connections before it starts again."""
    everybody = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(everybody)


def read_twice(database: Database, cut: Callable[[], None]) -> None:
    with database.read() as connection:
        connection.execute(ONE)
        cut()
        connection.execute(ONE)


def commit(database: Database, cut: Callable[[], None]) -> None:
    with database.write() as connection:
        connection.execute(text("CREATE TABLE belts (name text)"))
        cut()


def leave_a_savepoint(database: Database, cut: Callable[[], None]) -> None:
    with database.write() as connection, connection.begin_nested():
        connection.execute(ONE)
        cut()


def go_on_after_an_error(database: Database, cut: Callable[[], None]) -> None:
    def swallow(connection: Connection) -> None:
        with pytest.raises(Exception, match="terminating"):
            connection.execute(ONE)

    with database.write() as connection:
        cut()
        swallow(connection)
        connection.execute(ONE)


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("work", [read_twice, commit, leave_a_savepoint, go_on_after_an_error])
def test_a_connection_that_dies_is_told_without_its_address_and_the_next_one_lives(
    work: Callable[[Database, Callable[[], None]], None], empty: Database, database_url: str
) -> None:
    with pytest.raises(DatabaseUnavailableError) as caught:
        work(empty, lambda: cut_everybody_off(database_url))
    assert str(caught.value) == "the database does not answer"
    with empty.read() as connection:
        assert connection.execute(ONE).scalar_one() == 1


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_connections_that_died_while_nobody_used_them_are_replaced(
    empty: Database, database_url: str
) -> None:
    for begin in (empty.read, empty.write):
        with begin() as connection:
            connection.execute(ONE)
        cut_everybody_off(database_url)
        with begin() as connection:
            assert connection.execute(ONE).scalar_one() == 1


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"database": "secret_base"}, "no such database"),
        ({"username": "secret_ann"}, "does not know the user"),
        ({"host": "secret.invalid", "query": {}}, "host is not known"),
        ({"host": "127.0.0.1", "port": 1, "query": {}}, "does not answer"),
    ],
)
def test_what_keeps_one_from_connecting_is_told_without_the_address(
    part: dict[str, Any], why: str, database_url: str
) -> None:
    wrong = make_url(database_url).set(**part, password="secret").render_as_string(False)  # noqa: S106
    database = Database(wrong)
    with pytest.raises(DatabaseUnavailableError, match=why) as caught, database.read():
        pass
    assert "secret" not in caught.value.explanation
    assert "127.0.0.1" not in caught.value.explanation
    database.close()


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("53100", "disk of the database is full"),
        ("XX001", "is damaged"),
        ("25006", "can be read but not written"),
        ("40P01", "waited for each other"),
        ("42501", "does not let this user in"),
        ("57014", "does not answer"),
    ],
)
def test_every_failure_of_a_server_has_a_sentence_of_its_own(
    code: str, why: str, empty: Database
) -> None:
    fail = f"DO $$ BEGIN RAISE EXCEPTION 'at 10.0.0.7' USING ERRCODE = '{code}'; END $$"
    with pytest.raises(DatabaseUnavailableError, match=why) as caught, empty.read() as connection:
        connection.execute(text(fail))
    assert "10.0.0.7" not in caught.value.explanation


def test_a_table_that_is_not_there_is_told(empty: Database) -> None:
    with pytest.raises(DatabaseUnavailableError, match="tables"), empty.read() as connection:
        connection.execute(text("SELECT * FROM belts"))


def test_a_statement_nobody_can_read_is_a_bug_and_no_failure_of_the_database(
    empty: Database,
) -> None:
    with pytest.raises(Exception, match="syntax error") as caught, empty.read() as connection:
        connection.execute(text("SELEC 1"))
    assert not isinstance(caught.value, DatabaseUnavailableError)
    assert isinstance(caught.value, ProgrammingError) or "sqlite3" in str(caught.value)


def damage(path: Path) -> None:
    """Spoil every page but the first, which is looked at before all others."""
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)


def fill(connection: Connection) -> None:
    connection.execute(text("PRAGMA max_page_count = 1"))
    connection.execute(text("INSERT INTO belts VALUES (zeroblob(50000))"))


@pytest.fixture
def belts(tmp_path: Path) -> Path:
    """A SQLite file with a table of a few pages, closed."""
    path = tmp_path / "records.sqlite3"
    database = Database(f"sqlite:///{path}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE belts (name text)"))
        connection.execute(text("INSERT INTO belts VALUES (hex(zeroblob(20000)))"))
    database.close()
    return path


def said_of(path: Path, work: Callable[[Connection], object]) -> str:
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnavailableError) as caught, database.write() as connection:
        work(connection)
    database.close()
    return str(caught.value)


def test_a_damaged_page_is_called_that(belts: Path) -> None:
    damage(belts)
    look = "SELECT sum(length(name)) FROM belts"
    assert "is damaged" in said_of(belts, lambda c: c.execute(text(look)).all())


def test_a_full_disk_is_called_that(belts: Path) -> None:
    assert "disk of the database is full" in said_of(belts, fill)


def test_a_file_that_is_no_database_is_called_that(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("belts " * 1000)
    assert "not a database" in said_of(tmp_path / "notes.txt", lambda c: c.execute(ONE))


def test_a_folder_is_not_opened_and_stays_as_open_to_others_as_it_was(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert "cannot be opened" in said_of(tmp_path, lambda c: c.execute(ONE))
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_database_that_may_only_be_read_is_called_that(belts: Path) -> None:
    """For root no file is read-only, so SQLite is asked not to write."""
    database = Database(f"sqlite:///file:{belts}?mode=ro&uri=true")
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM belts")).scalar_one() == 1
    with (
        pytest.raises(DatabaseUnavailableError, match="read but not written"),
        database.write() as connection,
    ):
        connection.execute(text("DELETE FROM belts"))
    database.close()
    assert stat.S_IMODE(belts.stat().st_mode) == 0o600


def test_a_number_no_database_can_hold_is_no_bug(store: Store) -> None:
    with pytest.raises(StoreError), store.read() as records:
        records.images.get(2**70)


def test_a_server_that_starts_again_is_gone_on_with() -> None:
    programs = server_programs()
    if programs is None:
        missing("POSTGRES", "PostgreSQL is not installed, so it was not tested")
    with running_server(programs) as server:
        database = Database(server.url)
        with database.write() as connection:
            connection.execute(text("CREATE TABLE belts (name text)"))
        server.stop()
        for begin in (database.read, database.write):
            with pytest.raises(DatabaseUnavailableError) as caught, begin():
                pytest.fail("nobody is there")
            assert server.url.rpartition("=")[2] not in caught.value.explanation
        server.start()
        for begin in (database.read, database.write):
            with begin() as connection:
                assert connection.execute(text("SELECT count(*) FROM belts")).scalar_one() == 0
        database.close()
