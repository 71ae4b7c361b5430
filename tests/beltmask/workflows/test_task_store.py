"""Whose tasks are given back: those of processes that have ended, and no others."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

import psutil
import pytest
from sqlalchemy import update

from beltmask.detectors.base import ProblemFound, ReplyFinished
from beltmask.messages import as_said
from beltmask.model import Image, Problem, Reply, TaskState
from beltmask.runs import TaskAnswer
from beltmask.store.runs import MOST_DEATHS
from beltmask.store.schema import tasks
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import PROMPT

HOST = socket.gethostname()
ALIVE = psutil.Process(os.getpid())


@pytest.mark.parametrize(
    ("worker", "state"),
    [
        pytest.param(
            f"{HOST}/{ALIVE.pid}/{ALIVE.create_time()}", TaskState.RUNNING, id="this process"
        ),
        pytest.param(f"{HOST}/{ALIVE.pid}/1.5", TaskState.QUEUED, id="an older one of its number"),
        pytest.param(f"{HOST}/{2**22 + 1}/1.5", TaskState.QUEUED, id="ended"),
        pytest.param("far/away/7/1.5", TaskState.RUNNING, id="another machine"),
    ],
)
def test_tasks_of_processes_that_ended_are_given_back(
    worker: str, state: TaskState, image: Image, services: Services
) -> None:
    with services.store.write() as records:
        run = records.runs.add(image.project_id, PROMPT, [image.id], actor=services.actor)
        records.runs.claim(run.id, worker=worker, lease=timedelta(hours=1))
    left = services.tasks.give_back_abandoned()
    assert list(left) == ([run.id] if state is TaskState.QUEUED else [])
    with services.store.read() as records:
        assert dict(records.runs.progress(run.id).counts) == {state: 1}


def test_a_worker_names_itself_so_that_others_can_tell_it_is_alive(
    image: Image, services: Services
) -> None:
    with services.store.write() as records:
        run = records.runs.add(image.project_id, PROMPT, [image.id], actor=services.actor)
    assert services.tasks.claim(run.id) is not None
    assert list(services.tasks.give_back_abandoned()) == []


def test_the_queue_knows_what_went_wrong_with_a_picture_that_was_put_aside(
    image: Image, services: Services
) -> None:
    with services.store.write() as records:
        run = records.runs.add(image.project_id, PROMPT, [image.id], actor=services.actor)
    for _ in range(MOST_DEATHS):
        task, answer = services.tasks.claim(run.id), TaskAnswer()
        assert task is not None
        answer.take(
            [ProblemFound(Problem("cut_off", as_said(""))), ReplyFinished(Reply("{", "aa"))]
        )
        services.tasks.keep(task, answer)
        with services.store.database.write() as connection:
            connection.execute(update(tasks).values(worker=f"{HOST}/{2**22 + 1}/1.5"))
        services.tasks.give_back_abandoned()
    with services.store.read() as records:
        assert records.runs.progress(run.id).counts == {TaskState.FAILED: 1}
        assert records.queue.problem_kinds(image.project_id) == ["cut_off"]


def test_of_runs_of_others_those_are_open_that_are_not_over(
    image: Image, services: Services
) -> None:
    with services.store.write() as records:
        runs = [
            records.runs.add(image.project_id, PROMPT, [image.id], actor=services.actor).id
            for _ in range(4)
        ]
        mine, others, over, _ = runs
        assert records.runs.claim(others, worker="far/away/7/1.5", lease=timedelta(hours=1))
        records.runs.cancel(over)
    assert services.tasks.claim(mine) is not None
    assert list(services.tasks.open_runs()) == [others, runs[-1]]
    assert [services.tasks.left(each) for each in runs] == [False, True, False, True]
