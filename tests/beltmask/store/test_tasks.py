"""Who works on what: claims, leases, giving back, cancelling."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from beltmask.errors import NotFoundError
from beltmask.model import Task, TaskState
from beltmask.store.records import Store
from beltmask.store.runs import MOST_DEATHS
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


def give_back(store: Store, gone: Sequence[str] = (), unsure: Sequence[str] = ()) -> list[int]:
    with store.write() as records:
        return records.runs.give_back(gone, unsure=unsure)


def claims_nothing(store: Store, run_id: int, worker: str) -> bool:
    with store.write() as records:
        return records.runs.claim(run_id, worker=worker, lease=HOUR) is None


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


def test_a_task_whose_lease_ran_out_goes_on_elsewhere_when_nobody_can_tell(store: Store) -> None:
    run_id = run_over(store, 2)
    slow = claimed(store, run_id, "slow", lease=OVER)
    quick = claimed(store, run_id, "quick")
    give_back(store, unsure=["slow", "quick"])
    assert claimed(store, run_id, "next").id == slow.id
    assert settled(store, quick)
    assert not settled(store, slow, TaskState.FAILED)


def test_a_lease_says_nothing_of_a_worker_that_is_known_to_be_there(store: Store) -> None:
    run_id = run_over(store, 1)
    task = claimed(store, run_id, "slow", lease=OVER)
    give_back(store)
    with store.write() as records:
        assert records.runs.claim(run_id, worker="quick", lease=HOUR) is None
        assert records.runs.open_to("quick") == [run_id]
        assert records.runs.open_to("quick", run_id=run_id + 1) == []
        assert records.runs.open_to("slow") == []
    assert settled(store, task)


def test_a_worker_that_lost_its_task_cannot_settle_it(store: Store) -> None:
    run_id = run_over(store, 1)
    slow = claimed(store, run_id, "slow")
    give_back(store, ["slow"])
    quick = claimed(store, run_id, "quick")
    assert not settled(store, slow, TaskState.FAILED)
    assert settled(store, quick)
    assert not settled(store, slow, TaskState.FAILED)
    assert counts(store, run_id) == {TaskState.DONE: 1}


def test_a_picture_is_put_aside_when_three_processes_ended_with_it(store: Store) -> None:
    run_id = run_over(store, 1)
    for deaths in range(MOST_DEATHS):
        assert claimed(store, run_id, "dead").deaths == deaths
        aside = give_back(store, ["dead"])
        assert bool(aside) is (deaths == MOST_DEATHS - 1)
    with store.write() as records:
        [task] = records.runs.tasks(run_id, TaskState.FAILED)
        assert records.runs.claim(run_id, worker="next", lease=HOUR) is None
    assert (aside, task.deaths) == ([task.image_id], MOST_DEATHS)
    assert task.finished_at is not None
    assert "ended three times while it looked at this picture" in str(task.error)
    assert "then try again" in str(task.error)


def test_a_lease_that_ran_out_counts_like_the_end_of_its_process(store: Store) -> None:
    run_id = run_over(store, 1)
    for _ in range(MOST_DEATHS):
        claimed(store, run_id, "far", lease=OVER)
        give_back(store, unsure=["far"])
    assert counts(store, run_id) == {TaskState.FAILED: 1}


def test_a_picture_with_which_a_process_ended_is_tried_alone_and_last(store: Store) -> None:
    run_id = run_over(store, 4)
    suspects = [claimed(store, run_id, "dead").id for _ in range(2)]
    give_back(store, ["dead"])
    others = [claimed(store, run_id, "w") for _ in range(2)]
    assert not {task.id for task in others} & set(suspects)
    assert claims_nothing(store, run_id, "w")
    assert settled(store, others[0])
    assert claims_nothing(store, run_id, "w")
    assert settled(store, others[1])
    first = claimed(store, run_id, "w")
    assert claims_nothing(store, run_id, "w")
    assert settled(store, first)
    assert settled(store, claimed(store, run_id, "w"))
    assert counts(store, run_id) == {TaskState.DONE: 4}


def test_while_a_picture_is_tried_alone_no_other_run_takes_one(store: Store) -> None:
    run_id = run_over(store, 1)
    claimed(store, run_id, "dead")
    give_back(store, ["dead"])
    suspect = claimed(store, run_id, "w")
    project, images = project_with_images(store, 1, "Belt 4")
    with store.write() as records:
        other = records.runs.add(project.id, PROMPT, [images[0].id], actor=ANN).id
    assert claims_nothing(store, other, "w")
    assert settled(store, claimed(store, other, "another process"))
    assert settled(store, suspect)


def test_only_workers_that_are_gone_give_their_tasks_back(store: Store) -> None:
    run_id = run_over(store, 2)
    dead, alive = claimed(store, run_id, "dead"), claimed(store, run_id, "alive")
    with store.write() as records:
        assert sorted(records.runs.workers()) == ["alive", "dead"]
        assert records.runs.give_back(["dead"]) == []
        assert records.runs.workers() == ["alive"]
    assert claimed(store, run_id, "next").id == dead.id
    assert settled(store, alive)
    assert not settled(store, dead)


def test_a_run_is_unfinished_while_a_task_waits_for_somebody(store: Store) -> None:
    run_id = run_over(store, 1)
    with store.read() as records:
        assert records.runs.unfinished() == [run_id]
    claimed(store, run_id)
    with store.read() as records:
        assert records.runs.unfinished() == []


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


def test_a_run_cancelled_at_its_last_picture_stays_cancelled(store: Store) -> None:
    """Nothing was waiting any more that could have been marked."""
    run_id = run_over(store, 1)
    claimed(store, run_id, "dead")
    with store.write() as records:
        records.runs.cancel(run_id)
    give_back(store, ["dead"])
    assert counts(store, run_id) == {TaskState.CANCELLED: 1}


def test_cancelling_one_run_leaves_the_others(store: Store) -> None:
    project, images = project_with_images(store, 2)
    ids = [image.id for image in images]
    with store.write() as records:
        one, other = [records.runs.add(project.id, PROMPT, ids, actor=ANN).id for _ in range(2)]
    claimed(store, other, "dead")
    with store.write() as records:
        records.runs.cancel(one)
    give_back(store, ["dead"])
    assert counts(store, one) == {TaskState.CANCELLED: 2}
    assert counts(store, other) == {TaskState.QUEUED: 2}


def test_progress_counts_what_is_over(store: Store) -> None:
    run_id = run_over(store, 3)
    settled(store, claimed(store, run_id))
    settled(store, claimed(store, run_id), TaskState.FAILED)
    with store.read() as records:
        progress = records.runs.progress(run_id)
        [failed] = records.runs.tasks(run_id, TaskState.FAILED)
    assert (progress.settled, progress.total, progress.over) == (2, 3, False)
    assert progress.first_start is not None
    assert failed.started_at is not None
    assert progress.first_start <= failed.started_at


def test_a_run_over_nothing_is_over(store: Store) -> None:
    run_id = run_over(store, 0)
    with store.read() as records:
        assert records.runs.progress(run_id).over


def test_a_run_is_over_images_of_one_project(store: Store) -> None:
    project, [image] = project_with_images(store, 1)
    _, [stranger] = project_with_images(store, 1, "Belt 4")
    with pytest.raises(NotFoundError, match="in another project"), store.write() as records:
        records.runs.add(project.id, PROMPT, [image.id, stranger.id], actor=ANN)
    with store.read() as records:
        assert records.runs.unfinished() == []


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
