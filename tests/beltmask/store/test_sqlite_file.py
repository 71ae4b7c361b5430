"""The file of a SQLite database while people write to it, together, and while it is taken away."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import text

from beltmask.errors import DatabaseUnavailableError
from beltmask.store.database import Database
from beltmask.store.turns import Turns

GONE = "was removed or replaced"
WRITE_ON_AND_ON = """
import sys
from sqlalchemy import text
from beltmask.store.database import Database
database = Database(sys.argv[1])
print("ready", flush=True)
for number in range(20):
    with database.write() as connection:
        connection.execute(text("INSERT INTO belts VALUES ('theirs')"))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite3"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE belts (name text)"))
    yield database
    database.close()


def write(database: Database, name: str = "belt 3") -> None:
    with database.write() as connection:
        connection.execute(text("INSERT INTO belts VALUES (:name)"), {"name": name})


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM belts")).scalar_one())


def remove(file: Path) -> None:
    file.unlink()


def replace(file: Path) -> None:
    copy(file, file.with_suffix(".copy"))
    file.with_suffix(".copy").replace(file)


def remove_the_log(file: Path) -> None:
    file.with_name(f"{file.name}-wal").unlink()


def replace_the_log(file: Path) -> None:
    replace(file.with_name(f"{file.name}-wal"))


def move_the_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name(f"{file.parent.name}-elsewhere"))


AWAY = [remove, replace, remove_the_log, replace_the_log, move_the_folder]


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("work", [write, count])
def test_nothing_is_saved_into_a_file_that_was_taken_away(
    away: Callable[[Path], None],
    work: Callable[[Database], object],
    database: Database,
    file: Path,
) -> None:
    away(file)
    was_there = file.exists()
    for _ in range(2):
        with pytest.raises(DatabaseUnavailableError, match=f"records.sqlite3 {GONE}") as caught:
            work(database)
    assert "start BeltMask again" in caught.value.hint
    assert str(file.parent) not in caught.value.explanation
    assert file.exists() is was_there


@pytest.mark.parametrize("away", AWAY)
def test_what_was_written_while_the_file_was_taken_away_is_not_called_saved(
    away: Callable[[Path], None], database: Database, file: Path
) -> None:
    with pytest.raises(DatabaseUnavailableError, match=GONE), database.write():
        away(file)


def test_a_connection_opened_later_does_not_make_a_new_file(database: Database, file: Path) -> None:
    with database.read() as connection:
        connection.execute(text("SELECT 1"))
        file.unlink()
        with pytest.raises(DatabaseUnavailableError, match=GONE):
            count(database)
    assert not file.exists()


def test_work_goes_on_once_the_file_is_back(database: Database, file: Path) -> None:
    write(database)
    aside = file.with_name("aside")
    file.rename(aside)
    with pytest.raises(DatabaseUnavailableError, match=GONE):
        write(database)
    aside.rename(file)
    write(database)
    assert count(database) == 2


def test_a_database_in_memory_has_no_file_to_lose() -> None:
    database = Database("sqlite://")
    with database.write() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    database.close()


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, came = Turns(), list[int]()

    def wait(number: int) -> None:
        with turns.taken(patience=60):
            came.append(number)

    with ThreadPoolExecutor(8) as pool, turns.taken(patience=60):
        for number in range(8):
            pool.submit(wait, number)
            while turns.waiting < number + 1:
                pass
    assert came == [*range(8)]


def test_a_turn_that_does_not_come_is_given_up_and_the_next_one_still_comes() -> None:
    turns = Turns()
    late = pytest.raises(DatabaseUnavailableError, match="others have been writing")
    with turns.taken(patience=60), late, turns.taken(patience=0):
        pytest.fail("it came")
    with turns.taken(patience=0):
        assert turns.waiting == 0


def test_a_turn_ends_with_the_error_of_whoever_had_it(database: Database) -> None:
    with pytest.raises(KeyError), database.write():
        raise KeyError
    write(database)
    assert count(database) == 1


def test_many_threads_and_other_processes_all_come_to_write(database: Database) -> None:
    """Each wrote on and on; SQLite's own waiting left some behind until they gave up."""
    url = "sqlite:///" + str(_path_of(database))
    code = [sys.executable, "-c", WRITE_ON_AND_ON, url]
    others = [subprocess.Popen(code, stdout=subprocess.PIPE) for _ in range(2)]
    for each in others:
        assert each.stdout is not None
        each.stdout.readline()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: write(database), range(40)))
    for each in others:
        each.communicate()
    assert [each.returncode for each in others] == [0, 0]
    assert count(database) == 40 + 2 * 20


def test_whoever_cannot_write_within_a_minute_is_told_and_waits_no_longer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beltmask.store.sqlite_file.PATIENCE", 0.05)
    other = Database("sqlite:///" + str(_path_of(database)))
    with other.write() as connection:
        connection.execute(text("INSERT INTO belts VALUES ('theirs')"))
        with pytest.raises(DatabaseUnavailableError, match="others have been writing"):
            write(database)
    write(database)
    assert count(database) == 2
    other.close()


def test_readers_do_not_wait_for_a_writer_nor_a_writer_for_readers(database: Database) -> None:
    with database.read() as reading:
        assert reading.execute(text("SELECT count(*) FROM belts")).scalar_one() == 0
        with database.write() as writing:
            writing.execute(text("INSERT INTO belts VALUES ('belt 3')"))
            assert count(database) == 0
        assert reading.execute(text("SELECT count(*) FROM belts")).scalar_one() == 0
    assert count(database) == 1


def _path_of(database: Database) -> str:
    with database.read() as connection:
        return str(connection.execute(text("PRAGMA database_list")).all()[0][2])
