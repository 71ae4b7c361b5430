"""Looking at an answer before it is there, while the real runner works on threads of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace

import pytest

from beltmask.detectors.base import ObjectFound, ObjectsWithdrawn, RequestSent, TryFailed
from beltmask.errors import DetectorBusyError
from beltmask.messages import as_said
from beltmask.model import Image, Project, Prompt, Run, TaskState
from beltmask.runs import PartialAnswer, Runner
from beltmask.workflows.detection import UnderWay, result_of, under_way, usable_result_of
from beltmask.workflows.images import add_picture
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import Stepwise, spotted_belt
from tests.beltmask.store.builders import finding, mask

PROMPT = Prompt("stepwise", "anything")
PATIENCE = 30.0
CAN, CUP = finding("can", mask(4, 4)), finding("cup", mask(30, 25))


@pytest.fixture
def steps() -> Iterator[Stepwise]:
    detector = Stepwise()
    yield detector
    detector.end()


@pytest.fixture
def here(services: Services, steps: Stepwise) -> Services:
    """The installation with a detector that does what the test says, when it says so."""
    detectors = {steps.name: steps}
    pool = services.executor
    runner = Runner(services.tasks, detectors=detectors, executor=pool, workers=1)
    return replace(services, runner=runner, detectors=detectors)


def asked(images: Sequence[Image], here: Services) -> Run:
    with here.store.write() as records:
        ids = [image.id for image in images]
        return records.runs.add(images[0].project_id, PROMPT, ids, actor=here.actor)


def begin(image: Image, here: Services) -> Future[bool]:
    return here.executor.submit(here.runner.answer_next, asked([image], here).id)


def so_far(image: Image, here: Services) -> PartialAnswer:
    seen = under_way(image.id, services=here)
    assert seen is not None
    assert seen.so_far is not None
    return seen.so_far


def test_objects_are_seen_as_they_come_and_gone_when_they_are_withdrawn(
    image: Image, here: Services, steps: Stepwise
) -> None:
    over = begin(image, here)
    versions, labels = [], []
    for event in (RequestSent("aa"), ObjectFound(CAN), ObjectFound(CUP), ObjectsWithdrawn()):
        steps.tell(event)
        seen = so_far(image, here)
        labels.append([each.label for each in seen.findings])
        versions.append(seen.version)
    assert labels == [[], ["can"], ["can", "cup"], []]
    assert len(set(versions)) == len(versions)
    assert result_of(image.id, services=here) is None
    steps.tell(ObjectFound(CUP))
    steps.end()
    assert over.result(PATIENCE)
    assert under_way(image.id, services=here) is None
    result = result_of(image.id, services=here)
    assert result is not None
    assert [each.finding.label for each in result.predictions] == ["cup"]


def test_requests_and_tries_that_failed_are_told(
    image: Image, here: Services, steps: Stepwise
) -> None:
    begin(image, here)
    told = []
    for event in (RequestSent("aa"), TryFailed(as_said("too many at once")), RequestSent("bb")):
        steps.tell(event)
        seen = so_far(image, here)
        told.append((seen.requests, seen.trouble))
    assert told == [(1, None), (1, as_said("too many at once")), (2, None)]


@pytest.mark.parametrize("error", [DetectorBusyError(as_said("busy")), ZeroDivisionError("a bug")])
def test_nothing_is_left_to_see_of_an_answer_that_failed(
    image: Image, here: Services, steps: Stepwise, error: Exception
) -> None:
    over = begin(image, here)
    steps.tell(ObjectFound(CAN))
    assert len(so_far(image, here).findings) == 1
    steps.fail(error)
    bug = over.exception(PATIENCE)
    assert bug is (None if isinstance(error, DetectorBusyError) else error)
    assert under_way(image.id, services=here) is None
    result = result_of(image.id, services=here)
    assert result is not None
    assert result.task.state is TaskState.FAILED


def test_nothing_is_left_to_see_when_the_store_does_not_take_the_answer(
    image: Image, here: Services, steps: Stepwise
) -> None:
    """A lone surrogate is text that no database takes."""
    over = begin(image, here)
    steps.tell(ObjectFound(replace(CAN, label="\ud800")))
    steps.end()
    assert over.exception(PATIENCE) is not None
    assert under_way(image.id, services=here) is None


def test_a_picture_waits_while_another_is_looked_at(
    image: Image, project: Project, here: Services, steps: Stepwise
) -> None:
    data = spotted_belt(1)
    other = add_picture("belt-2.png", data, project_id=project.id, services=here).image
    assert other is not None
    run = asked([image, other], here)
    here.runner.start(run.id)
    steps.tell(ObjectFound(CAN))
    assert len(so_far(image, here).findings) == 1
    waiting = under_way(other.id, services=here)
    assert waiting is not None
    assert (waiting.task.state, waiting.so_far) == (TaskState.QUEUED, None)


def test_what_another_process_is_asked_about_is_known_but_not_seen(
    image: Image, here: Services, steps: Stepwise
) -> None:
    task = here.tasks.claim(asked([image], here).id)
    seen = under_way(image.id, services=here)
    assert isinstance(seen, UnderWay)
    assert (seen.task, seen.so_far) == (task, None)


def test_many_pictures_leave_nothing_behind(
    image: Image, project: Project, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """Looked at from this thread all the while, with eight others at work."""
    added = [
        add_picture(f"{n}.png", spotted_belt(n), project_id=project.id, services=services).image
        for n in range(1, 16)
    ]
    images = [image, *(each for each in added if each is not None)]
    detectors = {"stepwise": Stepwise([RequestSent("aa"), *[ObjectFound(CAN)] * 20])}
    with ThreadPoolExecutor(8) as pool, caplog.at_level(logging.ERROR):
        runner = Runner(services.tasks, detectors=detectors, executor=pool, workers=8)
        here = replace(services, runner=runner)
        run = asked(images, here)
        work = [pool.submit(runner.answer_next, run.id) for _ in images]
        while wait(work, timeout=0.002).not_done:
            seen = [runner.so_far(each.id) for each in images]
            assert all(len(each.findings) <= each.version <= 20 for each in seen if each)
    assert all(each.result() for each in work)
    assert caplog.records == []
    assert all(runner.so_far(each.id) is None for each in images)
    assert all(under_way(each.id, services=here) is None for each in images)


def test_the_answer_before_a_failed_one_can_still_be_had(
    image: Image, here: Services, steps: Stepwise
) -> None:
    assert usable_result_of(image.id, services=here) is None
    over = begin(image, here)
    steps.tell(ObjectFound(CAN))
    steps.end()
    assert over.result(PATIENCE)
    over = begin(image, here)
    steps.fail(DetectorBusyError(as_said("busy")))
    assert over.result(PATIENCE)
    newest, usable = (ask(image.id, services=here) for ask in (result_of, usable_result_of))
    assert newest is not None
    assert usable is not None
    assert newest.task.state is TaskState.FAILED
    assert [each.finding.label for each in usable.predictions] == ["can"]
