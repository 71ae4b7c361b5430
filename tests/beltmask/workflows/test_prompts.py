"""What can be asked, and with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from beltmask.model import Prompt, Tiling
from beltmask.workflows.prompts import (
    DEFAULT_MODEL,
    DEFAULT_QUERY,
    detector_choices,
    model_choice,
    model_choices,
    views_of,
    words_sent,
)
from beltmask.workflows.services import Services


def test_detectors_that_are_ready_come_first(services: Services, replay_folder: Path) -> None:
    choices = detector_choices(services)
    assert {choice.name for choice in choices} == {"offline", "gemini", "openai", "replay"}
    assert choices[0].name == "offline"
    readiness = [choice.ready for choice in choices]
    assert readiness == sorted(readiness, reverse=True)
    assert all(choice.note for choice in choices)
    assert [choice.name for choice in choices if choice.asks_a_model] == ["gemini", "openai"]


def test_a_recording_makes_the_replay_detector_ready(
    services: Services, replay_folder: Path
) -> None:
    (replay_folder / "a.txt").write_text("[]")
    ready = {choice.name: choice.ready for choice in detector_choices(services)}
    assert ready == {"offline": True, "replay": True, "gemini": False, "openai": False}


def test_the_model_chosen_first_is_one_that_is_known(services: Services) -> None:
    assert DEFAULT_MODEL in {choice.id for choice in model_choices(services)}


def test_a_model_nobody_knows_can_be_chosen(services: Services) -> None:
    assert model_choice("some-model-of-tomorrow", services).id == "some-model-of-tomorrow"


def test_only_a_model_is_sent_words(services: Services) -> None:
    assert DEFAULT_QUERY in words_sent(Prompt("gemini", DEFAULT_QUERY, DEFAULT_MODEL), services)
    assert words_sent(Prompt("offline", DEFAULT_QUERY), services) == ""


@pytest.mark.parametrize(
    ("tiling", "size", "told"),
    [
        (Tiling.WHOLE, (800, 600), "→ 1 request, at full size"),
        (Tiling.WHOLE, (12000, 4000), "→ 1 request, made smaller to 1,024 px"),
        (Tiling.TILES, (800, 600), "→ 1 request, at full size"),
        (Tiling.TILES, (12000, 4000), "12,000 × 4,000 px → 75 requests"),
        (Tiling.SUSPECTS, (12000, 4000), "→ 1 request for the whole, then up to 75"),
    ],
)
def test_how_often_a_picture_is_looked_at_is_one_sentence(
    tiling: Tiling, size: tuple[int, int], told: str
) -> None:
    assert told in views_of(size, Prompt("gemini", "bolts", tiling=tiling))


def test_recorded_replies_are_about_whole_pictures(services: Services) -> None:
    tiled = {choice.name for choice in detector_choices(services) if choice.takes_tiles}
    assert tiled == {"offline", "gemini", "openai"}
