"""Runs in the background on real threads, a real store and detectors that really look."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from beltmask.detectors.base import Event, ObjectFound
from beltmask.errors import DatabaseUnavailableError, DetectorBusyError
from beltmask.images import DEFAULT_LIMITS, read_image
from beltmask.model import (
    Actor,
    AnnotationState,
    ImageFacts,
    Picture,
    Project,
    Prompt,
    ReviewState,
    Task,
    TaskState,
)
from beltmask.runs import Answer, Runner
from beltmask.store.blobs import Blobs, Shelf
from beltmask.store.database import Database
from beltmask.store.records import Store
from beltmask.workflows.task_book import StoredTasks
from tests.beltmask.simple_detectors import BrightSpots, Gate, findings_in, spotted_belt

ANN = Actor("Ann")
PROMPT = Prompt("bright", "Detect bright spots")
HOUR = timedelta(hours=1)
WORKERS = 3
PATIENCE = 60.0


class WatchedTasks(StoredTasks):
    """The real task book, which also tells when a worker found nothing left to do."""

    def __init__(self, store: Store, lease: timedelta = HOUR) -> None:
        super().__init__(store, limits=DEFAULT_LIMITS, lease=lease)
        self.idle = threading.Semaphore(0)

    def claim(self, run_id: int) -> Task | None:
        task = super().claim(run_id)
        if task is None:
            self.idle.release()
        return task


@dataclass(frozen=True)
class Line:
    """A project with pictures in a store, and a pool of threads to work on them."""

    store: Store
    project: Project
    pool: ThreadPoolExecutor

    def add_run(self, count: int, prompt: Prompt = PROMPT) -> int:
        with self.store.write() as records:
            images = [
                records.images.add(self.project.id, self._kept(number), actor=ANN).id
                for number in range(count)
            ]
            return records.runs.add(self.project.id, prompt, images, actor=ANN).id

    def runner(self, detector: BrightSpots, tasks: StoredTasks | None = None) -> Runner:
        book = tasks or WatchedTasks(self.store)
        return Runner(book, detectors={"bright": detector}, executor=self.pool, workers=WORKERS)

    def work_off(self, run_id: int, detector: BrightSpots) -> None:
        tasks = WatchedTasks(self.store)
        self.runner(detector, tasks).start(run_id)
        for _ in range(WORKERS):
            assert tasks.idle.acquire(timeout=PATIENCE)

    def counts(self, run_id: int) -> dict[TaskState, int]:
        with self.store.read() as records:
            return dict(records.runs.progress(run_id).counts)

    def _kept(self, number: int) -> ImageFacts:
        data = spotted_belt(number, spots=number % 4)
        facts = read_image(data, name=f"belt-{number}.png").facts
        self.store.blobs.put(Shelf.ORIGINALS, facts.sha256, data)
        return facts


@pytest.fixture
def line(database: Database, tmp_path: Path) -> Iterator[Line]:
    store = Store(database, Blobs(str(tmp_path / "store")))
    with store.write() as records:
        project = records.projects.add("Belt 3", actor=ANN)
    with ThreadPoolExecutor(WORKERS) as pool:
        yield Line(store, project, pool)


def check_answered(line: Line, run_id: int, *, broken_off: int = 0) -> None:
    """Every task of the run was answered once, with all that its picture shows.

    Of tasks that were broken off, the reply that had come is there too.
    """
    replies = 0
    with line.store.read() as records:
        tasks = records.runs.tasks(run_id, TaskState.DONE)
        for task in tasks:
            image = records.images.get(task.image_id)
            data = line.store.blobs.get(Shelf.ORIGINALS, image.facts.sha256)
            wanted = findings_in(read_image(data, name=image.name).pixels)
            predictions = records.predictions.of_task(task.id)
            proposals = records.annotations.of_image(image.id)
            assert [p.finding.mask for p in predictions] == [each.mask for each in wanted]
            assert [p.mask for p in proposals] == [each.mask for each in wanted]
            assert {p.state for p in proposals} <= {AnnotationState.PROPOSED}
            assert (image.review, image.object_count) == (ReviewState.PREDICTED, len(wanted))
            kept = records.replies.of_task(task.id)
            assert {one.reply.request for one in kept} == {"aa", "bb"}
            replies += len(kept)
    assert replies == 2 * len(tasks) + broken_off


def test_every_task_is_answered(line: Line) -> None:
    run_id = line.add_run(13)
    line.work_off(run_id, BrightSpots())
    assert line.counts(run_id) == {TaskState.DONE: 13}
    check_answered(line, run_id)


def test_an_error_of_the_detector_fails_its_task_only_and_keeps_what_was_said(line: Line) -> None:
    run_id = line.add_run(6)
    line.work_off(run_id, BrightSpots(raising(DetectorBusyError("too many at once"))))
    assert line.counts(run_id) == {TaskState.DONE: 5, TaskState.FAILED: 1}
    with line.store.read() as records:
        [failed] = records.runs.tasks(run_id, TaskState.FAILED)
        [reply] = records.replies.of_task(failed.id)
        assert records.images.get(failed.image_id).review is ReviewState.NEW
    raw = line.store.blobs.get(Shelf.REPLIES, reply.raw_sha256)
    assert raw == b"looking at belt-2.png"
    assert [problem.kind for problem in reply.problems] == ["too dark"]
    assert failed.error is not None
    assert failed.error.startswith("too many at once. Wait a minute")


def test_a_bug_in_a_detector_is_logged_and_the_run_goes_on(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    run_id = line.add_run(6)
    with caplog.at_level(logging.ERROR):
        line.work_off(run_id, BrightSpots(raising(ZeroDivisionError("division by zero"))))
    assert line.counts(run_id) == {TaskState.DONE: 5, TaskState.FAILED: 1}
    with line.store.read() as records:
        [failed] = records.runs.tasks(run_id, TaskState.FAILED)
        assert len(records.replies.of_task(failed.id)) == 1
    assert failed.error == "an unexpected error; the log has the details"
    [record] = caplog.records
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_an_answer_that_cannot_be_kept_fails_its_task(line: Line) -> None:
    """A lone surrogate is text that no database takes."""

    class OddLabels(BrightSpots):
        def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
            for event in super().detect(picture, prompt):
                if isinstance(event, ObjectFound):
                    yield ObjectFound(replace(event.finding, label="\ud800"))
                else:
                    yield event

    run_id = line.add_run(3)
    line.work_off(run_id, OddLabels())
    assert line.counts(run_id) == {TaskState.DONE: 1, TaskState.FAILED: 2}


def test_a_detector_that_is_gone_is_named(line: Line) -> None:
    run_id = line.add_run(1, replace(PROMPT, detector="lost"))
    line.work_off(run_id, BrightSpots())
    with line.store.read() as records:
        [failed] = records.runs.tasks(run_id, TaskState.FAILED)
    assert failed.error == 'there is no detector "lost". Choose another detector.'


def test_cancelling_ends_a_run_after_the_tasks_under_way(line: Line) -> None:
    run_id = line.add_run(8)
    gate = Gate()
    tasks = WatchedTasks(line.store)
    line.runner(BrightSpots(gate), tasks).start(run_id)
    assert gate.reached.wait(PATIENCE)
    with line.store.write() as records:
        records.runs.cancel(run_id)
    gate.open.set()
    for _ in range(WORKERS):
        assert tasks.idle.acquire(timeout=PATIENCE)
    counts = line.counts(run_id)
    assert set(counts) == {TaskState.DONE, TaskState.CANCELLED}
    assert 1 <= counts[TaskState.DONE] <= WORKERS
    check_answered(line, run_id)


def test_an_executor_that_is_shut_down_leaves_the_rest_for_later(line: Line) -> None:
    run_id = line.add_run(8)
    gate = Gate()
    with ThreadPoolExecutor(1) as pool:
        book = WatchedTasks(line.store)
        detectors = {"bright": BrightSpots(gate)}
        Runner(book, detectors=detectors, executor=pool, workers=1).start(run_id)
        assert gate.reached.wait(PATIENCE)
        pool.shutdown(wait=False, cancel_futures=True)
        gate.open.set()
    assert line.counts(run_id) == {TaskState.DONE: 1, TaskState.QUEUED: 7}
    line.work_off(run_id, BrightSpots())
    assert line.counts(run_id) == {TaskState.DONE: 8}
    check_answered(line, run_id)


def test_a_run_does_not_ask_on_and_on_while_the_store_is_gone(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[int] = []

    class NoStore(WatchedTasks):
        def claim(self, run_id: int) -> Task | None:
            asked.append(run_id)
            raise DatabaseUnavailableError("the database did not answer")

    with ThreadPoolExecutor(1) as pool, caplog.at_level(logging.ERROR):
        runner = Runner(NoStore(line.store), detectors={}, executor=pool, workers=1)
        runner.start(1)
        pool.submit(asked.append, 0).result(timeout=PATIENCE)
    assert asked == [1, 0]
    assert "waits for the next start" in caplog.text


def test_a_task_taken_over_by_another_worker_is_answered_once(line: Line) -> None:
    run_id = line.add_run(2)
    tasks = WatchedTasks(line.store, lease=-HOUR)
    slow, quick = tasks.claim(run_id), tasks.claim(run_id)
    assert slow is not None
    assert quick is not None
    assert slow.id == quick.id
    for task in (quick, slow):
        answer = Answer()
        answer.take(BrightSpots().detect(*tasks.question(task)))
        tasks.finish(task, answer)
    tasks.fail(slow, Answer(), "too late")
    assert line.counts(run_id) == {TaskState.DONE: 1, TaskState.QUEUED: 1}
    check_answered(line, run_id)


@pytest.mark.parametrize("answered", [0, 3])
def test_a_killed_process_loses_nothing_and_doubles_nothing(
    line: Line, answered: int, database: Database, tmp_path: Path
) -> None:
    run_id = line.add_run(6)
    url = database._engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.beltmask.killed_worker"]
    arguments = [url, str(tmp_path / "store"), str(run_id), str(answered)]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        assert WatchedTasks(line.store).give_back_abandoned() == [run_id]
        left = {TaskState.RUNNING: 1, TaskState.QUEUED: 5 - answered}
        assert line.counts(run_id) == left | ({TaskState.DONE: answered} if answered else {})
        worker.kill()
    assert WatchedTasks(line.store).give_back_abandoned() == [run_id]
    assert line.counts(run_id).get(TaskState.RUNNING) is None
    line.work_off(run_id, BrightSpots())
    assert line.counts(run_id) == {TaskState.DONE: 6}
    check_answered(line, run_id, broken_off=1)


def raising(error: Exception) -> Callable[[Picture], None]:
    """Harm to one picture only."""

    def harm(picture: Picture) -> None:
        if picture.name == "belt-2.png":
            raise error

    return harm
