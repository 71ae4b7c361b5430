"""From revision 0001 to today, with data, on both databases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from beltmask.images import DEFAULT_LIMITS
from beltmask.model import Actor, Prompt, ReviewState, TaskState, Tiling
from beltmask.store.blobs import Blobs
from beltmask.store.database import Database
from beltmask.store.queue import Order, Spot
from beltmask.store.records import Store
from beltmask.store.schema import metadata
from beltmask.workflows.task_store import StoredTasks

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
    (
        """INSERT INTO prompts VALUES
        (7, :digest, 'gemini', 'all foreign objects', 'gemini-2.5-flash', 0.5, 'off', 25, 1024)""",
        {"digest": "00ff83ae516d31120a786afa3c6eb0c902a499c17249aa854dc0fba3d6669c75"},
    ),
    ("INSERT INTO runs VALUES (9, 1, 7, 'Ann', '2026-01-02 03:04:05')", {}),
    (
        """INSERT INTO tasks VALUES
        (9, 9, 1, 2, 'done', NULL, NULL, NULL, '2026-01-02 03:04:05', '2026-01-02 03:04:06')""",
        {},
    ),
    (
        """INSERT INTO replies VALUES
        (9, 9, 1, 'aa', :sha, 'png', 'STOP', NULL, 1, 2, NULL, 0.5, 0.01, '[]')""",
        {"sha": "cd" * 32},
    ),
)
ANSWERED_WITH_SCORES = (
    """INSERT INTO predictions VALUES
    (1, 9, 1, 1, 'tin', 2, 3, 4, 5, NULL, 'none', 0.5),
    (2, 9, 1, 2, 'tin', 2, 3, 4, 5, NULL, 'none', 0.25),
    (3, 9, 1, 3, 'tin', 2, 3, 4, 5, NULL, 'none', NULL)""",
    """UPDATE replies SET problems =
    '[{"kind"\\: "cut_off", "detail"\\: "", "object"\\: null, "span"\\: null}]'""",
)
OLD_PROMPT = Prompt("gemini", "all foreign objects", "gemini-2.5-flash", 0.5)


def migrated_from_0001(url: str, more: Sequence[str] = ()) -> Database:
    """What an installation of the first revision had kept, with today's tables."""
    database = Database(url)
    database.migrate("0001")
    with database.write() as connection:
        for statement, values in (*FIRST_DATA, *((each, dict[str, Any]()) for each in more)):
            connection.execute(text(statement), values)
    database.migrate()
    return database


def test_what_was_kept_in_revision_0001_is_there_today(database_url: str) -> None:
    database = migrated_from_0001(database_url)
    with Store(database, Blobs("memory://")).read() as records:
        [project] = records.projects.all()
        [can] = records.classes.of_project(project.id)
        image = records.images.get(1)
        [kept] = records.annotations.of_image(1)
        prompt = records.runs.get(9).prompt
        [reply] = records.replies.of_task(9)
        answered = records.replies.answered("aa", repeat=2)
    assert (project.name, project.created_at.isoformat()) == ("Belt 3", "2026-01-02T03:04:05+00:00")
    assert (can.name, can.aliases) == ("can", ("tin",))
    assert (image.review, image.facts.folder) == (ReviewState.APPROVED, "line 3")
    assert (kept.id, kept.class_id, kept.box.corners) == ("o1", can.id, (2, 3, 4, 5))
    assert (prompt, prompt.tiling) == (OLD_PROMPT, Tiling.WHOLE)
    assert (reply.reply.region, reply.reply.object_cap, reply.reply.cost) == (None, None, 0.01)
    assert answered == reply
    database.close()


def test_a_question_asked_before_tiles_is_the_same_question_today(database_url: str) -> None:
    database = migrated_from_0001(database_url)
    with Store(database, Blobs("memory://")).write() as records:
        run = records.runs.add(1, OLD_PROMPT, [1], actor=Actor("Ann"), again=True)
        task = records.runs.claim(run.id, worker="w", lease=timedelta(hours=1))
    assert task is not None
    assert task.repeat == 3
    database.close()


def test_the_queue_knows_of_answers_that_came_before_it(database_url: str) -> None:
    database = migrated_from_0001(database_url, ANSWERED_WITH_SCORES)
    with Store(database, Blobs("memory://")).read() as records:
        assert records.queue.spot(1, Order.LOWEST_SCORE) == Spot(1, 0.25)
        assert records.queue.problem_kinds(1) == ["cut_off"]
    database.close()


def test_projects_that_differed_by_capitals_already_outlive_the_rule_against_it(
    database_url: str,
) -> None:
    database = Database(database_url)
    database.migrate("0003")
    statement, values = FIRST_DATA[0]
    with database.write() as connection:
        for number, name in enumerate(("BELT 3", "Straße", "belt 3"), start=1):
            connection.execute(text(statement), {**values, "id": number, "name": name})
    database.migrate()
    with database.read() as connection:
        rows = connection.execute(text("SELECT folded FROM projects ORDER BY id")).scalars().all()
    assert rows == ["belt 3", "strasse", None]
    database.close()


def test_runs_of_before_go_on_and_cancelled_ones_stay_cancelled(database_url: str) -> None:
    """Their workers had names of another kind, and nobody counted how many had ended."""
    taken = """INSERT INTO tasks VALUES
    (10, {run}, 1, {repeat}, 'running', 'ended/12345/1767323045.67', '2026-01-02 03:04:05', NULL,
    '2026-01-02 03:04:05', NULL)"""
    cancelled = """INSERT INTO tasks VALUES
    (12, 10, 1, 0, 'cancelled', NULL, NULL, NULL, NULL, '2026-01-02 03:04:06')"""
    more = (
        "INSERT INTO runs VALUES (10, 1, 7, 'Ann', '2026-01-02 03:04:05')",
        taken.format(run=9, repeat=3),
        taken.format(run=10, repeat=1).replace("(10,", "(11,", 1),
        cancelled,
    )
    database = migrated_from_0001(database_url, more)
    store = Store(database, Blobs("memory://"))
    tasks = StoredTasks(store, limits=DEFAULT_LIMITS, lease=timedelta(hours=1))
    assert list(tasks.give_back_abandoned()) == [9]
    again = tasks.claim(9)
    assert again is not None
    assert (again.id, again.deaths) == (10, 1)
    with store.read() as records:
        assert records.runs.progress(10).counts == {TaskState.CANCELLED: 2}
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
