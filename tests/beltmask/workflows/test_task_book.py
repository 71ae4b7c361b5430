"""Whose tasks are given back: those of processes that have ended, and no others."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

import psutil
import pytest

from beltmask.model import Image, TaskState
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
