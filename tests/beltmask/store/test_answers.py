"""The answers about an image as a list: each with what it was asked, found and took."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from beltmask.errors import NotFoundError, ProcessDiedError
from beltmask.messages import as_said
from beltmask.model import Image, Problem, Prompt, Reply, TaskState
from beltmask.store.answers import AnswerLine, Answers
from beltmask.store.records import Store
from beltmask.store.replies import KeptReply
from tests.beltmask.store.builders import ANN, PROMPT, finding, project_with_images

HOUR = timedelta(hours=1)
ASKED = Reply("", model_version="served-1", latency=1.5, cost=0.25, readable=True)
PROBLEM = Problem("noted", as_said("seen"))


def answered(
    store: Store,
    image: Image,
    *replies: Reply,
    prompt: Prompt = PROMPT,
    objects: int = 0,
    problems: int = 0,
) -> int:
    """The id of a task that was asked and answered by these replies."""
    with store.write() as records:
        run = records.runs.add(image.project_id, prompt, [image.id], actor=ANN, again=True)
        task = records.runs.claim(run.id, worker="w", lease=HOUR)
        assert task is not None
        for number, reply in enumerate(replies, start=1):
            kept = KeptReply("ab" * 32, reply, (PROBLEM,) * problems)
            records.replies.add(task.id, kept, number=number)
        records.predictions.add(task.id, image.id, [finding() for _ in range(objects)])
        records.runs.settle(task, TaskState.DONE)
    return task.id


def lines(store: Store, image: Image, *, limit: int = 50, before: int | None = None) -> list[int]:
    return [each.task.id for each in about(store, image, limit=limit, before=before)]


def about(
    store: Store, image: Image, *, limit: int = 50, before: int | None = None
) -> list[AnswerLine]:
    with store.read() as records:
        return records.answers.of_image(image.id, limit=limit, before=before)


def test_an_answer_tells_what_it_was_asked_found_and_took(store: Store) -> None:
    _, [image, other] = project_with_images(store, 2)
    prompt = replace(PROMPT, query="Find gloves", temperature=0.25)
    mine = answered(store, image, ASKED, ASKED, prompt=prompt, objects=3, problems=2)
    answered(store, other, ASKED, objects=5)
    [line] = about(store, image)
    assert (line.task.id, line.prompt, line.actor) == (mine, prompt, ANN)
    assert (line.objects, line.problems) == (3, 4)
    assert (line.seconds, line.cost) == (3.0, 0.5)
    assert (line.model_version, line.from_cache) == ("served-1", False)


def test_an_answer_without_replies_is_told_of_too(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    answered(store, image, objects=1)
    [line] = about(store, image)
    assert (line.objects, line.problems, line.seconds) == (1, 0, 0.0)
    assert (line.cost, line.model_version, line.from_cache) == (None, None, False)


def test_an_answer_for_which_nothing_was_sent_says_so(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    kept = replace(ASKED, cached=True, latency=0.0, cost=None)
    answered(store, image, kept)
    answered(store, image, kept, ASKED)
    assert [line.from_cache for line in about(store, image)] == [False, True]


def test_a_failure_is_an_answer_and_a_task_that_waits_or_was_cancelled_is_none(
    store: Store,
) -> None:
    _, [image] = project_with_images(store, 1)
    why = ProcessDiedError().explained
    with store.write() as records:
        failed, cancelled, _waiting = (
            records.runs.add(image.project_id, PROMPT, [image.id], actor=ANN) for _ in range(3)
        )
        task = records.runs.claim(failed.id, worker="w", lease=HOUR)
        assert task is not None
        records.runs.settle(task, TaskState.FAILED, error=why)
        records.runs.cancel(cancelled.id)
    [line] = about(store, image)
    assert (line.task.id, line.task.state) == (task.id, TaskState.FAILED)
    assert str(line.task.error) == str(why)


def test_the_newest_comes_first_and_a_page_goes_on_from_the_last(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    ids = [answered(store, image, ASKED) for _ in range(5)]
    newest = ids[::-1]
    assert lines(store, image, limit=2) == newest[:2]
    assert lines(store, image, limit=2, before=newest[1]) == newest[2:4]
    assert lines(store, image, limit=2, before=newest[3]) == newest[4:]


def test_fifty_answers_are_read_in_as_many_queries_as_one(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    answered(store, image, ASKED, objects=1)
    of_one = queries(store, image)
    for number in range(49):
        prompt = replace(PROMPT, query=f"Find {number}")
        answered(store, image, ASKED, prompt=prompt, objects=1)
    assert len(about(store, image)) == 50
    assert queries(store, image) == of_one


def queries(store: Store, image: Image) -> int:
    """How many it takes to read the first page of answers."""
    sent: list[str] = []
    with store.database.read() as connection:
        event.listen(connection, "before_cursor_execute", lambda *said: sent.append(said[2]))
        Answers(connection).of_image(image.id, limit=50)
    assert sent
    return len(sent)


def test_a_task_nobody_has_is_not_there(store: Store) -> None:
    with store.read() as records, pytest.raises(NotFoundError, match="no answer 7"):
        records.answers.task(7)
