"""A model that ends, or that another one answers for, is to be compared with its successor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from beltmask.model import Image
from beltmask.workflows.model_changes import model_changes
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.beltmask.workflows.gemini_services import GEMINI, add_belt, ask, asking, small_belt
from tests.gemini_server import GeminiServer

ENDING = replace(GEMINI, model="gemini-2.5-flash", temperature=0.5)
"""Its last day is 30 November 2026."""


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer(truth=[small_belt(0)[1]]) as running:
        yield running


@pytest.fixture
def services(server: GeminiServer) -> Iterator[Services]:
    with asking(server) as opened:
        yield opened


@pytest.fixture
def belt(services: Services) -> Image:
    return add_belt(0, create_project("Belt 3", services=services).id, services)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 9, 1), ""),
        (date(2026, 11, 1), "answers until 30 November 2026"),
        (date(2026, 11, 30), "answers until 30 November 2026"),
        (date(2026, 12, 1), "ended on 30 November 2026"),
    ],
)
def test_a_model_s_end_is_told_two_months_before_and_ever_after(
    day: date, why: str, belt: Image, services: Services
) -> None:
    ask([belt], services, prompt=ENDING)
    changes = model_changes(belt.project_id, services=services, day=day)
    assert len(changes) == bool(why)
    for change in changes:
        assert why in str(change.why)
        assert change.before.prompt == ENDING
        assert change.after.prompt == replace(ENDING, model="gemini-3.8-flash")
        assert change.after.name != change.before.name


def test_a_model_that_another_answers_for_is_told(
    belt: Image, services: Services, server: GeminiServer
) -> None:
    asked = replace(GEMINI, model="gemini-3.5-flash")
    ask([belt], services, prompt=asked)
    assert model_changes(belt.project_id, services=services) == []
    server.model_version = "gemini-3.8-flash"
    ask([belt], services, prompt=asked, again=True)
    [change] = model_changes(belt.project_id, services=services)
    assert str(change.why) == "gemini-3.5-flash was asked, gemini-3.8-flash answered"


def test_a_successor_that_was_asked_already_keeps_its_name(belt: Image, services: Services) -> None:
    ask([belt], services, prompt=ENDING)
    newer = replace(ENDING, model="gemini-3.8-flash")
    ask([belt], services, prompt=newer)
    [change] = model_changes(belt.project_id, services=services, day=date(2026, 12, 1))
    assert "→" not in change.after.name
    assert change.after.prompt == newer
