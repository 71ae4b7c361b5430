"""A database or a store that goes away for a moment, at each moment of a run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal

import psycopg
import pytest
from sqlalchemy import make_url

from beltmask.detectors.base import Event
from beltmask.images import DEFAULT_LIMITS
from beltmask.model import Picture, Project, Prompt, Task, TaskState
from beltmask.runs import FIRST_PAUSE, LONGEST_PAUSE, Runner
from beltmask.store.blobs import Blobs, Shelf
from beltmask.store.database import Database
from beltmask.store.records import Store
from beltmask.workflows.task_store import StoredTasks
from tests.beltmask.line_at_work import ANN, PATIENCE, WORKERS, Line, WatchedTasks, check_answered
from tests.beltmask.outages import Outage, Pauses, StorageOutage, once_at, work_off
from tests.beltmask.simple_detectors import BrightSpots
from tests.postgres import fresh_database


class ReadsTheStore(BrightSpots):
    """Reads what is kept while it is asked, as detectors look for answers kept before."""

    def __init__(self, store: Store, before_answer: Callable[[Picture], None]) -> None:
        super().__init__(before_answer)
        self._store = store

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        for told in super().detect(picture, prompt):
            yield told
            with self._store.read() as records:
                records.runs.unfinished()


def test_a_run_goes_on_when_the_database_is_back_and_says_meanwhile_that_it_waits(
    line: Line, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    outage, run_id = Outage(database), line.add_run(3)
    pauses = Pauses(outage.end, after=7)
    outage.begin()
    with caplog.at_level(logging.WARNING):
        runner = work_off(line, run_id, BrightSpots(), pauses)
    assert line.counts(run_id) == {TaskState.DONE: 3}
    check_answered(line, run_id)
    assert pauses.seconds == [FIRST_PAUSE, 2.0, 4.0, 8.0, 16.0, LONGEST_PAUSE, LONGEST_PAUSE]
    assert [told.startswith("the database does not") for told in pauses.told] == [True] * 7
    assert "run 1 waits: the database does not" in caplog.text
    assert runner.trouble(run_id) is None


def test_an_answer_waits_for_the_database_and_is_not_asked_for_again(
    line: Line, database: Database
) -> None:
    outage, run_id, looked = Outage(database), line.add_run(3), list[str]()
    pauses = Pauses(outage.end, after=3)
    strike = once_at("belt-1.png", outage.begin)

    def look(picture: Picture) -> None:
        looked.append(picture.name)
        strike(picture)

    work_off(line, run_id, BrightSpots(look), pauses)
    assert line.counts(run_id) == {TaskState.DONE: 3}
    check_answered(line, run_id)
    assert sorted(looked) == ["belt-0.png", "belt-1.png", "belt-2.png"]
    assert pauses.seconds == [1.0, 2.0, 4.0]


def test_an_answer_on_its_way_can_be_seen_until_the_database_has_it(
    line: Line, database: Database
) -> None:
    outage, run_id, seen = Outage(database), line.add_run(1), list[bool]()
    with line.store.read() as records:
        image_id = records.runs.tasks(run_id, TaskState.QUEUED)[0].image_id
    pauses = Pauses()

    def end() -> None:
        assert pauses.runner is not None
        seen.append(pauses.runner.so_far(image_id) is not None)
        outage.end()

    pauses = Pauses(end)
    runner = work_off(line, run_id, BrightSpots(lambda _: outage.begin()), pauses)
    assert seen == [True]
    assert runner.so_far(image_id) is None


def test_a_detector_that_met_the_outage_is_asked_again_and_no_reply_is_lost(
    line: Line, database: Database
) -> None:
    outage, run_id = Outage(database), line.add_run(2)
    pauses = Pauses(outage.end, after=2)
    detector = ReadsTheStore(line.store, once_at("belt-1.png", outage.begin))
    work_off(line, run_id, detector, pauses)
    assert line.counts(run_id) == {TaskState.DONE: 2}
    check_answered(line, run_id, broken_off=1)


def test_a_failure_waits_for_the_database_too(line: Line, database: Database) -> None:
    outage, run_id = Outage(database), line.add_run(2)

    def fail(_: Picture) -> None:
        outage.begin()
        raise ZeroDivisionError("a bug")

    def once(picture: Picture) -> None:
        if picture.name == "belt-0.png":
            fail(picture)

    pauses = Pauses(outage.end, after=2)
    work_off(line, run_id, BrightSpots(once), pauses)
    assert line.counts(run_id) == {TaskState.DONE: 1, TaskState.FAILED: 1}
    assert pauses.seconds == [1.0, 2.0]


@pytest.mark.parametrize(
    ("shelf", "moment"), [(Shelf.REPLIES, "belt-1.png"), (Shelf.ORIGINALS, "belt-0.png")]
)
def test_a_store_that_is_full_or_away_fails_no_task(
    shelf: Shelf, moment: str, line: Line, tmp_path: Path
) -> None:
    """What was answered meanwhile is kept when it can be, and not asked for again."""
    outage, run_id, looked = StorageOutage(tmp_path / "store" / shelf), line.add_run(3), list[str]()
    strike = once_at(moment, outage.begin)

    def look(picture: Picture) -> None:
        looked.append(picture.name)
        strike(picture)

    pauses = Pauses(outage.end, after=2)
    work_off(line, run_id, BrightSpots(look), pauses)
    assert line.counts(run_id) == {TaskState.DONE: 3}
    check_answered(line, run_id)
    assert sorted(looked) == ["belt-0.png", "belt-1.png", "belt-2.png"]
    assert [f"{shelf} cannot be" in told for told in pauses.told] == [True] * 2


def test_a_run_whose_server_was_cut_off_goes_on(postgres_server: str, tmp_path: object) -> None:
    """Every connection is cut and no new one let in, from the middle of an answer on."""
    with fresh_database(postgres_server) as url, psycopg.connect(postgres_server) as admin:
        admin.autocommit = True
        name = make_url(url).database
        database = Database(url)
        database.migrate()
        store = Store(database, Blobs(f"file://{tmp_path}/store"))

        def cut() -> None:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )

        def restore() -> None:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

        with ThreadPoolExecutor(WORKERS) as pool:
            line = Line(store, added_project(store), pool)
            run_id = line.add_run(3)
            pauses = Pauses(restore, after=2)
            work_off(line, run_id, BrightSpots(once_at("belt-1.png", cut)), pauses)
        assert line.counts(run_id) == {TaskState.DONE: 3}
        check_answered(line, run_id)
        database.close()


def added_project(store: Store) -> Project:
    with store.write() as records:
        return records.projects.add("Belt 3", actor=ANN)


def test_tasks_under_way_tell_that_they_are_until_they_are_over(line: Line) -> None:
    """Longer than any lease, if need be."""
    run_id, beats, renewed = line.add_run(1), list[Callable[[], None]](), list[int]()

    class Renewing(StoredTasks):
        def renew(self, task: object) -> None:
            super().renew(task)  # type: ignore[arg-type]
            renewed.append(1)

    tasks = Renewing(line.store, limits=DEFAULT_LIMITS, lease=timedelta(hours=1))
    reached, go_on = Signal(), Signal()

    def look(_: Picture) -> None:
        reached.set()
        assert go_on.wait(PATIENCE)

    def later(_: float, call: Callable[[], None]) -> None:
        beats.append(call)

    detectors = {"bright": BrightSpots(look)}
    runner = Runner(tasks, detectors=detectors, executor=line.pool, workers=1, later=later)
    done = line.pool.submit(runner.answer_next, run_id)
    assert reached.wait(PATIENCE)
    beats.pop()()
    beats.pop()()
    go_on.set()
    assert done.result(PATIENCE)
    beats.pop()()
    assert (beats, renewed) == ([], [1, 1])


def test_a_run_takes_up_what_another_process_gives_back(line: Line) -> None:
    """It asks again and again, less and less often, and is not over before."""
    run_id, far = line.add_run(2), "far/away/7/1.5"

    def give_back() -> None:
        with line.store.write() as records:
            records.runs.give_back([far])

    with line.store.write() as records:
        assert records.runs.claim(run_id, worker=far, lease=timedelta(hours=1)) is not None
    pauses, tasks = Pauses(give_back, after=3), WatchedTasks(line.store)
    with ThreadPoolExecutor(1) as pool:
        detectors = {"bright": BrightSpots()}
        runner = Runner(tasks, detectors=detectors, executor=pool, workers=1, later=pauses)
        runner.start(run_id)
        for _ in range(4):
            assert tasks.idle.acquire(timeout=PATIENCE)
    assert line.counts(run_id) == {TaskState.DONE: 2}
    assert pauses.seconds == [1.0, 2.0, 4.0]


def test_a_bug_of_the_book_is_not_met_over_and_over_without_a_pause(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    class Buggy(WatchedTasks):
        bugs = 2

        def claim(self, run_id: int) -> Task | None:
            if self.bugs:
                self.bugs -= 1
                raise ZeroDivisionError("a bug")
            return super().claim(run_id)

    run_id, pauses, tasks = line.add_run(1), Pauses(), Buggy(line.store)
    with ThreadPoolExecutor(1) as pool, caplog.at_level(logging.ERROR):
        detectors = {"bright": BrightSpots()}
        Runner(tasks, detectors=detectors, executor=pool, workers=1, later=pauses).start(run_id)
        assert tasks.idle.acquire(timeout=PATIENCE)
    assert line.counts(run_id) == {TaskState.DONE: 1}
    assert pauses.seconds == [1.0, 2.0]
    assert len(caplog.records) == 2


def test_a_runner_that_was_stopped_starts_nothing_more(line: Line) -> None:
    run_id, tasks = line.add_run(3), WatchedTasks(line.store)
    with ThreadPoolExecutor(1) as pool:

        def stop() -> None:
            runner.stop()

        detectors = {"bright": BrightSpots(once_at("belt-0.png", stop))}
        runner = Runner(tasks, detectors=detectors, executor=pool, workers=1)
        runner.start(run_id)
        pool.submit(int).result(PATIENCE)
    assert line.counts(run_id) == {TaskState.DONE: 1, TaskState.QUEUED: 2}
