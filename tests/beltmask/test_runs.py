"""Runs in the background on real threads, a real store and detectors that really look."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from beltmask.detectors.base import Event, ObjectFound
from beltmask.errors import DetectorBusyError
from beltmask.messages import Explanation, as_said
from beltmask.model import Picture, Prompt, ReviewState, TaskState
from beltmask.runs import Runner, TaskAnswer
from beltmask.store.blobs import Shelf
from beltmask.store.database import Database
from beltmask.store.runs import MOST_DEATHS
from tests.beltmask.line_at_work import (
    ANN,
    PATIENCE,
    PROMPT,
    WORKERS,
    Line,
    WatchedTasks,
    check_answered,
)
from tests.beltmask.simple_detectors import BrightSpots, Gate


def test_every_task_is_answered(line: Line) -> None:
    run_id = line.add_run(13)
    line.work_off(run_id, BrightSpots())
    assert line.counts(run_id) == {TaskState.DONE: 13}
    check_answered(line, run_id)


def test_an_error_of_the_detector_fails_its_task_only_and_keeps_what_was_said(line: Line) -> None:
    run_id = line.add_run(6)
    line.work_off(run_id, BrightSpots(raising(DetectorBusyError(as_said("too many at once")))))
    assert line.counts(run_id) == {TaskState.DONE: 5, TaskState.FAILED: 1}
    with line.store.read() as records:
        [failed] = records.runs.tasks(run_id, TaskState.FAILED)
        [reply] = records.replies.of_task(failed.id)
        assert records.images.get(failed.image_id).review is ReviewState.NEW
    raw = line.store.blobs.get(Shelf.REPLIES, reply.raw_sha256)
    assert raw == b"looking at belt-2.png"
    assert [problem.kind for problem in reply.problems] == ["too dark"]
    assert failed.error is not None
    assert str(failed.error).startswith("too many at once. Wait a minute")


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
    assert str(failed.error) == "an unexpected error; the log has the details"
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
    assert str(failed.error) == 'there is no detector "lost". Choose another detector.'


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


def test_a_task_taken_over_by_another_worker_is_answered_once(line: Line) -> None:
    run_id = line.add_run(1)
    tasks = WatchedTasks(line.store)
    slow = tasks.claim(run_id)
    with line.store.write() as records:
        records.runs.give_back(records.runs.workers())
    quick = tasks.claim(run_id)
    assert slow is not None
    assert quick is not None
    assert slow.id == quick.id
    for task in (quick, slow):
        answer = TaskAnswer()
        answer.take(BrightSpots().detect(*tasks.question(task)))
        tasks.finish(task, answer)
    tasks.fail(slow, TaskAnswer(), Explanation(as_said("too late")))
    assert line.counts(run_id) == {TaskState.DONE: 1}
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


def test_a_picture_with_which_processes_die_is_put_aside_and_no_other_is(
    line: Line, database: Database, tmp_path: Path
) -> None:
    """Two are looked at at a time, so each death takes an innocent one with it at first."""
    run_id = line.add_run(6)
    url = database._engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.beltmask.deadly_picture", url, str(tmp_path / "store")]
    subprocess.run([*command, str(run_id), "belt-1.png", str(tmp_path / "asked")], check=True)
    asked = (tmp_path / "asked").read_text().split()
    assert asked.count("belt-1.png") == MOST_DEATHS
    assert len(asked) <= 5 + 1 + MOST_DEATHS
    assert line.counts(run_id) == {TaskState.DONE: 5, TaskState.FAILED: 1}
    with line.store.read() as records:
        [aside] = records.runs.tasks(run_id, TaskState.FAILED)
        image = records.images.get(aside.image_id)
        assert records.replies.of_task(aside.id) != []
    assert image.name == "belt-1.png"
    assert "ended three times" in str(aside.error)
    with line.store.write() as records:
        run = records.runs.add(image.project_id, PROMPT, [image.id], actor=ANN)
    line.work_off(run.id, BrightSpots())
    assert line.counts(run.id) == {TaskState.DONE: 1}


def raising(error: Exception) -> Callable[[Picture], None]:
    """Harm to one picture only."""

    def harm(picture: Picture) -> None:
        if picture.name == "belt-2.png":
            raise error

    return harm
