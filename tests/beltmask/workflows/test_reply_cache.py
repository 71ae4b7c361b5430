"""What was asked and answered before is not asked again, unless somebody wants to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from beltmask.model import Image, TaskState
from beltmask.workflows.detection import DetectionResult, raw_text
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.beltmask.workflows.gemini_services import GEMINI, add_belt, ask, asking, small_belt
from tests.gemini_server import GeminiServer


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer(truth=[small_belt(number)[1] for number in range(2)]) as running:
        yield running


@pytest.fixture
def services(server: GeminiServer) -> Iterator[Services]:
    with asking(server) as opened:
        yield opened


@pytest.fixture
def belts(services: Services) -> list[Image]:
    project = create_project("Belt 3", services=services)
    return [add_belt(number, project.id, services) for number in range(2)]


def labels(result: DetectionResult) -> list[str]:
    return [prediction.finding.label for prediction in result.predictions]


def test_the_same_question_is_answered_from_what_was_kept(
    belts: list[Image], services: Services, server: GeminiServer
) -> None:
    [first] = ask(belts[:1], services)
    [second] = ask(belts[:1], services)
    assert server.asked == 1
    assert second.task.id != first.task.id
    assert labels(second) == labels(first)
    assert (first.from_cache, second.from_cache) == (False, True)
    assert (first.replies[0].reply.cost or 0) > 0
    kept = second.replies[0].reply
    assert (kept.cost, kept.cached, kept.usage.prompt_tokens) == (0.0, True, 0)
    assert raw_text(second.replies[0], services=services) == raw_text(
        first.replies[0], services=services
    )


@pytest.mark.parametrize("wrong", [None, b"", b"[]"])
def test_an_answer_whose_words_were_lost_or_changed_is_asked_for_again_and_healed(
    wrong: bytes | None, belts: list[Image], services: Services, server: GeminiServer
) -> None:
    [first] = ask(belts[:1], services)
    sha256 = first.replies[0].raw_sha256
    file = services.settings.data / "store" / "replies" / sha256[:2] / sha256[2:]
    good = file.read_bytes()
    file.unlink()
    if wrong is not None:
        file.write_bytes(wrong)
    [second] = ask(belts[:1], services)
    assert server.asked == 2
    assert labels(second) == labels(first)
    assert file.read_bytes() == good


def test_another_picture_another_question_another_repeat_are_asked(
    belts: list[Image], services: Services, server: GeminiServer
) -> None:
    ask(belts[:1], services)
    ask(belts, services)
    assert server.asked == 2
    ask(belts[:1], services, prompt=replace(GEMINI, query="gloves"))
    assert server.asked == 3
    [again] = ask(belts[:1], services, again=True)
    assert (server.asked, again.from_cache, again.task.repeat) == (4, False, 1)


def test_after_asking_again_the_newer_answer_is_the_one_that_is_kept(
    belts: list[Image], services: Services, server: GeminiServer
) -> None:
    ask(belts[:1], services)
    server.dialect = "empty"
    ask(belts[:1], services, again=True)
    server.dialect = "auto"
    [third] = ask(belts[:1], services)
    assert (third.from_cache, labels(third), server.asked) == (True, [], 2)


@pytest.mark.parametrize("fault", ["prose", "max_tokens", "loop", "html", "blocked", "cut"])
def test_a_poor_answer_is_not_kept_for_next_time(
    belts: list[Image], services: Services, server: GeminiServer, fault: str
) -> None:
    server.every_fault = fault
    ask(belts[:1], services)
    server.every_fault, before = None, server.asked
    [second] = ask(belts[:1], services)
    assert server.asked == before + 1
    assert second.task.state is TaskState.DONE
    assert labels(second) == [one.label for one in server.pictures[0].objects]
