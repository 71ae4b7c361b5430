"""Prompts and replies come back as they were, with the part of the picture they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from beltmask.messages import as_said
from beltmask.model import Box, Problem, Prompt, Reply, Task, TaskState, Tiling, Usage
from beltmask.store.records import Store
from beltmask.store.replies import KeptReply
from tests.beltmask.store.builders import ANN, PROMPT, project_with_images

HOUR = timedelta(hours=1)
REPLY = Reply(
    raw="",
    request="aa",
    dialect="polygon",
    finish_reason="STOP",
    usage=Usage(1, 2, 3),
    cost=0.5,
    readable=True,
    object_cap=13,
    region=Box(0, 820, 1024, 1844),
)
KEPT = KeptReply("ab" * 32, REPLY, (Problem("noted", as_said("tile 1 of 2: seen"), 1, (2, 3)),))


def taken(store: Store, prompt: Prompt = PROMPT) -> Task:
    project, images = project_with_images(store, 1)
    with store.write() as records:
        run = records.runs.add(project.id, prompt, [images[0].id], actor=ANN)
        task = records.runs.claim(run.id, worker="w", lease=HOUR)
    assert task is not None
    return task


def test_a_reply_comes_back_with_its_region_and_cap(store: Store) -> None:
    task = taken(store)
    whole = replace(KEPT, reply=replace(REPLY, region=None, object_cap=None))
    with store.write() as records:
        records.replies.add(task.id, KEPT, number=1)
        records.replies.add(task.id, whole, number=2)
    with store.read() as records:
        assert records.replies.of_task(task.id) == [KEPT, whole]


@pytest.mark.parametrize("tiling", list(Tiling))
def test_a_prompt_comes_back_with_how_large_pictures_are_looked_at(
    store: Store, tiling: Tiling
) -> None:
    prompt = replace(PROMPT, tiling=tiling)
    task = taken(store, prompt)
    with store.read() as records:
        assert records.runs.get(task.run_id).prompt == prompt


def test_another_tiling_is_another_prompt(store: Store) -> None:
    task = taken(store)
    with store.write() as records:
        run = records.runs.get(task.run_id)
        tiled = replace(PROMPT, tiling=Tiling.TILES)
        again = [
            records.runs.add(run.project_id, prompt, [task.image_id], actor=ANN, again=True).id
            for prompt in (PROMPT, tiled, PROMPT)
        ]
        repeats = [
            (records.runs.claim(run_id, worker="w", lease=HOUR) or task).repeat for run_id in again
        ]
    assert repeats == [1, 0, 2]


@pytest.mark.parametrize(
    ("readable", "state", "useful"),
    [
        (True, TaskState.RUNNING, True),
        (True, TaskState.FAILED, True),
        (False, TaskState.DONE, True),
        (False, TaskState.FAILED, False),
        (False, TaskState.RUNNING, False),
    ],
)
def test_a_reply_is_found_again_when_it_can_be_read_or_its_task_went_well(
    store: Store, *, readable: bool, state: TaskState, useful: bool
) -> None:
    task = taken(store)
    with store.write() as records:
        kept = replace(KEPT, reply=replace(REPLY, readable=readable))
        records.replies.add(task.id, kept, number=1)
        if state is not TaskState.RUNNING:
            records.runs.settle(task, state)
    with store.read() as records:
        assert (records.replies.answered("aa", repeat=0) is not None) is useful


def test_a_lease_is_renewed_only_by_who_holds_the_task(store: Store) -> None:
    task = taken(store)
    with store.write() as records:
        assert records.runs.renew(task, lease=-HOUR)
        assert records.runs.give_back([], unsure=["w"]) == []
        quick = records.runs.claim(task.run_id, worker="quick", lease=HOUR)
        assert quick is not None
        assert not records.runs.renew(task, lease=HOUR)
        assert records.runs.renew(quick, lease=HOUR)
        assert records.runs.claim(task.run_id, worker="w", lease=HOUR) is None
