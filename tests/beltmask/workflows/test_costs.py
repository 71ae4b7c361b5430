"""Money and time, before and after a run, and the budget of the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from beltmask.errors import SettingsError
from beltmask.model import Image, TaskState
from beltmask.workflows.costs import budget_left, estimate_for, spent_on
from beltmask.workflows.projects import create_project
from beltmask.workflows.prompts import detector_choices, model_choice
from beltmask.workflows.services import Services
from tests.beltmask.workflows.gemini_services import GEMINI, add_belt, ask, asking, small_belt
from tests.gemini_server import GeminiServer


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer(truth=[small_belt(number)[1] for number in range(3)]) as running:
        yield running


def belts_in(services: Services) -> list[Image]:
    project = create_project("Belt 3", services=services)
    return [add_belt(number, project.id, services) for number in range(3)]


def test_the_estimate_spans_what_the_run_took(server: GeminiServer) -> None:
    with asking(server) as services:
        belts = belts_in(services)
        ids = [belt.id for belt in belts]
        guess = estimate_for(GEMINI, ids, services=services)
        run_id = ask(belts, services)[0].task.run_id
        spent = spent_on(run_id, services=services)
    assert guess is not None
    assert guess.cost is not None
    assert spent.requests == guess.pictures == 3
    assert abs(guess.input_tokens - spent.input_tokens) < 0.25 * spent.input_tokens
    assert guess.output_tokens[0] < guess.output_tokens[1]
    assert 0 < spent.cost < guess.cost[1]
    assert (spent.unpriced, spent.seconds > 0) == (0, True)


def test_only_gemini_costs_anything_and_an_unknown_price_is_said(server: GeminiServer) -> None:
    with asking(server) as services:
        ids = [belt.id for belt in belts_in(services)]
        assert estimate_for(replace(GEMINI, detector="offline"), ids, services=services) is None
        assert estimate_for(GEMINI, [], services=services) is None
        unknown = estimate_for(replace(GEMINI, model="of-tomorrow"), ids, services=services)
        assert unknown is not None
        assert unknown.cost is None


def test_many_pictures_are_estimated_from_the_first(server: GeminiServer) -> None:
    with asking(server) as services:
        ids = [belt.id for belt in belts_in(services)]
        few = estimate_for(GEMINI, ids, services=services)
        many = estimate_for(GEMINI, ids + [10**6] * 997, services=services)
    assert few is not None
    assert many is not None
    assert (many.pictures, many.input_tokens) == (1000, round(few.input_tokens * 1000 / 3))


def test_once_the_budget_is_spent_nothing_new_is_asked_and_the_rest_goes_on(
    server: GeminiServer,
) -> None:
    with asking(server, daily_budget=0.0015) as services:
        first, second, third = belts_in(services)
        ask([first], services)
        assert 0 < (budget_left(services) or 0) < 0.0015
        ask([second], services)
        assert (budget_left(services) or 0) < 0
        results = ask([first, third], services)
    assert server.asked == 2
    [kept, refused] = results
    assert (kept.task.state, kept.from_cache) == (TaskState.DONE, True)
    assert refused.task.state is TaskState.FAILED
    assert "budget of the day is spent" in str(refused.task.error)
    assert "BELTMASK_DAILY_BUDGET" in str(refused.task.error)


def test_without_a_budget_there_is_no_limit(server: GeminiServer) -> None:
    with asking(server) as services:
        assert budget_left(services) is None


def test_an_installation_can_correct_the_table_of_models(
    server: GeminiServer, tmp_path: Path
) -> None:
    own = tmp_path / "models.toml"
    own.write_text(
        '[[model]]\nid = "gemini-3.8-flash"\nask = "polygons"\nnote = "Ours"\n'
        "prices = [{ input = 1000.0, output = 1000.0 }]\n"
        '[[model]]\nid = "gemini-5-belt"\nask = "classic"\nnote = "New"\n'
    )
    with asking(server, models_file=own) as services:
        assert model_choice("gemini", "gemini-3.8-flash", services).note == "Ours"
        [gemini] = [choice for choice in detector_choices(services) if choice.name == "gemini"]
        assert "gemini-5-belt" in {model.id for model in gemini.models}
        [result] = ask(belts_in(services)[:1], services)
    assert (result.replies[0].reply.cost or 0) > 1


@pytest.mark.parametrize("text", ["[[model]\n", '[[model]]\nid = "a"\nask = "sing"\n', None])
def test_a_table_of_models_that_cannot_be_read_is_named(
    server: GeminiServer, tmp_path: Path, text: str | None
) -> None:
    own = tmp_path / "models.toml"
    if text is not None:
        own.write_text(text)
    with pytest.raises(SettingsError, match="table of models"), asking(server, models_file=own):
        pass
