"""From revision 0001 to today, with data, on both databases."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from beltmask.model import ReviewState
from beltmask.store.blobs import Blobs
from beltmask.store.database import Database
from beltmask.store.records import Store
from beltmask.store.schema import metadata

FIRST_DATA: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "INSERT INTO projects VALUES (:id, :name, :at, :by)",
        {"id": 1, "name": "Belt 3", "at": "2026-01-02 03:04:05", "by": "Ann"},
    ),
    (
        "INSERT INTO classes VALUES (1, 1, 0, :name, '#ff0000', '1', :aliases)",
        {"name": "can", "aliases": '["tin"]'},
    ),
    (
        """INSERT INTO images VALUES (1, 1, :sha, 'a.png', 'line 3', 640, 480, 'PNG', 99, 1, 8,
        NULL, NULL, 'approved', 4, 1, '2026-01-02 03:04:05', 'Ann', NULL)""",
        {"sha": "ab" * 32},
    ),
    (
        """INSERT INTO annotations VALUES
        ('o1', 1, 1, 'tin', 2, 3, 4, 5, NULL, 'human', 'edited', NULL, 1, 1)""",
        {},
    ),
)


def test_what_was_kept_in_revision_0001_is_there_today(database_url: str) -> None:
    database = Database(database_url)
    database.migrate("0001")
    with database.write() as connection:
        for statement, values in FIRST_DATA:
            connection.execute(text(statement), values)
    database.migrate()
    with Store(database, Blobs("memory://")).read() as records:
        [project] = records.projects.all()
        [can] = records.classes.of_project(project.id)
        image = records.images.get(1)
        [kept] = records.annotations.of_image(1)
    assert (project.name, project.created_at.isoformat()) == ("Belt 3", "2026-01-02T03:04:05+00:00")
    assert (can.name, can.aliases) == ("can", ("tin",))
    assert (image.review, image.facts.folder) == (ReviewState.APPROVED, "line 3")
    assert (kept.id, kept.class_id, kept.box.corners) == ("o1", can.id, (2, 3, 4, 5))
    database.close()


def test_the_migrations_make_the_tables_the_code_expects(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()


def test_processes_that_start_at_the_same_moment_migrate_once(database_url: str) -> None:
    code = "import sys; from beltmask.store.database import Database as D; D(sys.argv[1]).migrate()"
    started = [subprocess.Popen([sys.executable, "-c", code, database_url]) for _ in range(3)]
    assert [process.wait() for process in started] == [0, 0, 0]
