"""Connections, transactions and what is said when the database does not answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from beltmask.errors import DatabaseUnavailableError, NameTakenError, SettingsError, StoreError
from beltmask.model import Actor, ImageFacts
from beltmask.store.database import Database
from beltmask.store.records import Store

ANN = Actor("Ann")


def test_a_clean_end_commits(store: Store) -> None:
    with store.write() as records:
        records.projects.add("Belt 3", actor=ANN)
    with store.read() as records:
        assert [project.name for project in records.projects.all()] == ["Belt 3"]


def test_an_error_rolls_everything_back(store: Store) -> None:
    def fail_half_way() -> None:
        with store.write() as records:
            records.projects.add("Belt 3", actor=ANN)
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    with store.read() as records:
        assert records.projects.all() == []


def test_times_come_back_in_utc(store: Store) -> None:
    tokyo = datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=9)))
    facts = ImageFacts("a.png", "00", 4, 3, "PNG", 99, captured_at=tokyo)
    with store.write() as records:
        project = records.projects.add("Belt 3", actor=ANN)
        image = records.images.add(project.id, facts, actor=ANN)
    with store.read() as records:
        captured = records.images.get(image.id).facts.captured_at
    assert captured == datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    assert captured.tzinfo is UTC


def test_of_projects_made_at_the_same_moment_that_differ_by_capitals_one_is_made(
    store: Store,
) -> None:
    together = threading.Barrier(4)

    def make(name: str) -> bool:
        together.wait()
        with suppress(NameTakenError), store.write() as records:
            records.projects.add(name, actor=ANN)
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, ["Belt 3", "BELT 3", "belt 3", "bElT 3"]))
    assert sum(made) == 1
    with store.read() as records:
        assert len(records.projects.all()) == 1


def test_classes_added_at_the_same_moment_get_positions_of_their_own(store: Store) -> None:
    with store.write() as records:
        project = records.projects.add("Belt 3", actor=ANN)
    together = threading.Barrier(4)

    def add_class(number: int) -> None:
        together.wait()
        with store.write() as records:
            held = records.projects.get(project.id, lock=True)
            records.classes.add(held.id, name=f"class {number}", color="#ff0000", key=None)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_class, range(4)))
    with store.read() as records:
        assert [each.position for each in records.classes.of_project(project.id)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("url", "error"),
    [
        pytest.param("nonsense", SettingsError, id="not a URL"),
        pytest.param("postgresql://host:port/db", SettingsError, id="port is no number"),
        pytest.param("nosuch://host/db", SettingsError, id="unknown database"),
        pytest.param("mysql+nosuch://host/db", SettingsError, id="no driver"),
        pytest.param("sqlite:////dev/null/x.db", SettingsError, id="folder cannot be made"),
        pytest.param("sqlite:////dev", DatabaseUnavailableError, id="a folder"),
        pytest.param(
            "postgresql://ann:hunter2@127.0.0.1:1/x", DatabaseUnavailableError, id="nobody there"
        ),
    ],
)
def test_a_url_that_does_not_work_is_explained_without_its_password(
    url: str, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        migrated(url)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_tables_of_a_newer_version_are_left_alone(database_url: str) -> None:
    migrated(database_url)
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="do not fit this version"):
        database.migrate()
    database.close()


@pytest.mark.parametrize("database_kind", ["postgresql"])  # SQLite takes text of any length
def test_a_value_the_database_refuses_is_explained(store: Store) -> None:
    with pytest.raises(StoreError, match="refused a value"), store.write() as records:
        records.projects.add("x" * 201, actor=ANN)


def migrated(url: str) -> None:
    database = Database(url)
    try:
        database.migrate()
    finally:
        database.close()
