"""Who works on what: claims, leases, giving back, cancelling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from beltmask.model import Task, TaskState
from beltmask.store.records import Store
from tests.beltmask.store.builders import ANN, PROMPT, project_with_images

HOUR = timedelta(hours=1)
OVER = timedelta(hours=-1)
"""A lease that has run out already."""


def run_over(store: Store, count: int) -> int:
    project, images = project_with_images(store, count)
    with store.write() as records:
        return records.runs.add(project.id, PROMPT, [i.id for i in images], actor=ANN).id


def claimed(store: Store, run_id: int, worker: str = "w", lease: timedelta = HOUR) -> Task:
    with store.write() as records:
        task = records.runs.claim(run_id, worker=worker, lease=lease)
    assert task is not None
    return task


def settled(store: Store, task: Task, state: TaskState = TaskState.DONE) -> bool:
    with store.write() as records:
        return records.runs.settle(task, state)


def counts(store: Store, run_id: int) -> dict[TaskState, int]:
    with store.read() as records:
        return dict(records.runs.progress(run_id).counts)


def test_two_workers_never_get_the_same_task(store: Store) -> None:
    run_id = run_over(store, 40)

    def work(worker: str) -> list[int]:
        taken: list[int] = []
        while True:
            with store.write() as records:
                task = records.runs.claim(run_id, worker=worker, lease=HOUR)
            if task is None:
                return taken
            taken.append(task.id)

    with ThreadPoolExecutor(4) as pool:
        taken = [task_id for each in pool.map(work, "abcd") for task_id in each]
    assert len(taken) == len(set(taken)) == 40
    assert counts(store, run_id) == {TaskState.RUNNING: 40}


def test_a_task_whose_lease_ran_out_goes_to_the_next_who_asks(store: Store) -> None:
    run_id = run_over(store, 1)
    slow = claimed(store, run_id, "slow", lease=OVER)
    assert claimed(store, run_id, "quick").id == slow.id


def test_a_worker_that_lost_its_task_cannot_settle_it(store: Store) -> None:
    run_id = run_over(store, 1)
    slow = claimed(store, run_id, "slow", lease=OVER)
    quick = claimed(store, run_id, "quick")
    assert not settled(store, slow, TaskState.FAILED)
    assert settled(store, quick)
    assert not settled(store, slow, TaskState.FAILED)
    assert counts(store, run_id) == {TaskState.DONE: 1}


def test_only_workers_that_are_gone_give_their_tasks_back(store: Store) -> None:
    run_id = run_over(store, 2)
    dead, alive = claimed(store, run_id, "dead"), claimed(store, run_id, "alive")
    with store.write() as records:
        assert sorted(records.runs.workers()) == ["alive", "dead"]
        records.runs.give_back(["dead"])
        assert records.runs.workers() == ["alive"]
    assert claimed(store, run_id, "next").id == dead.id
    assert settled(store, alive)
    assert not settled(store, dead)


def test_a_run_is_unfinished_while_a_lapsed_task_waits_for_somebody(store: Store) -> None:
    run_id = run_over(store, 1)
    claimed(store, run_id, lease=OVER)
    with store.read() as records:
        assert records.runs.unfinished() == [run_id]


def test_a_cancelled_run_starts_nothing_more(store: Store) -> None:
    run_id = run_over(store, 3)
    under_way = claimed(store, run_id)
    with store.write() as records:
        records.runs.cancel(run_id)
        assert records.runs.claim(run_id, worker="w", lease=HOUR) is None
        assert records.runs.unfinished() == []
    assert settled(store, under_way)
    assert counts(store, run_id) == {TaskState.DONE: 1, TaskState.CANCELLED: 2}


def test_a_cancelled_run_stays_cancelled_when_its_process_dies(store: Store) -> None:
    run_id = run_over(store, 3)
    claimed(store, run_id, "dead")
    with store.write() as records:
        records.runs.cancel(run_id)
        records.runs.give_back(["dead"])
        assert records.runs.unfinished() == []
    assert counts(store, run_id) == {TaskState.CANCELLED: 3}


def test_progress_counts_what_is_over(store: Store) -> None:
    run_id = run_over(store, 3)
    settled(store, claimed(store, run_id))
    settled(store, claimed(store, run_id), TaskState.FAILED)
    with store.read() as records:
        progress = records.runs.progress(run_id)
        [failed] = records.runs.tasks(run_id, TaskState.FAILED)
    assert (progress.settled, progress.total, progress.over) == (2, 3, False)
    assert progress.first_start is not None
    assert progress.last_finish is not None
    assert progress.first_start <= progress.last_finish
    assert failed.finished_at == progress.last_finish


def test_a_run_over_nothing_is_over(store: Store) -> None:
    run_id = run_over(store, 0)
    with store.read() as records:
        assert records.runs.progress(run_id).over


def test_an_image_named_twice_is_asked_once(store: Store) -> None:
    project, [image] = project_with_images(store, 1)
    with store.write() as records:
        run = records.runs.add(project.id, PROMPT, [image.id, image.id], actor=ANN)
        assert records.runs.progress(run.id).total == 1


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.FAILED])
def test_the_newest_task_that_was_started_speaks_for_an_image(
    store: Store, state: TaskState
) -> None:
    project, [image] = project_with_images(store, 1)
    with store.write() as records:
        first, second = [
            records.runs.add(project.id, PROMPT, [image.id], actor=ANN).id for _ in range(2)
        ]
        assert records.runs.latest_task(image.id) is None
    settled(store, claimed(store, first), state)
    with store.read() as records:
        latest = records.runs.latest_task(image.id)
    assert latest is not None
    assert (latest.run_id, latest.state) == (first, state)
    assert claimed(store, second).run_id == second


def test_a_project_waits_for_its_newest_run_until_that_is_over(store: Store) -> None:
    run_id = run_over(store, 1)
    with store.read() as records:
        project_id = records.runs.get(run_id).project_id
        assert records.runs.running(project_id) == run_id
        assert records.runs.running(project_id + 1) == 0
    settled(store, claimed(store, run_id))
    with store.read() as records:
        assert records.runs.running(project_id) == 0
