"""What can be asked, and with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from beltmask.detectors.llm.models import DEFAULT_MODEL
from beltmask.model import Prompt, Tiling
from beltmask.workflows.prompts import (
    DEFAULT_QUERY,
    DetectorChoice,
    detector_choices,
    model_asked,
    model_choice,
    views_of,
    words_sent,
)
from beltmask.workflows.services import Services


def choices_by_name(services: Services) -> dict[str, DetectorChoice]:
    return {choice.name: choice for choice in detector_choices(services)}


def test_detectors_that_are_ready_come_first(services: Services, replay_folder: Path) -> None:
    choices = detector_choices(services)
    assert {choice.name for choice in choices} == {"offline", "gemini", "openai", "replay"}
    assert choices[0].name == "offline"
    readiness = [choice.ready for choice in choices]
    assert readiness == sorted(readiness, reverse=True)
    assert all(choice.note for choice in choices)
    assert [choice.name for choice in choices if choice.traits.asks_a_model] == ["gemini", "openai"]


def test_a_recording_makes_the_replay_detector_ready(
    services: Services, replay_folder: Path
) -> None:
    (replay_folder / "a.txt").write_text("[]")
    ready = {choice.name: choice.ready for choice in detector_choices(services)}
    assert ready == {"offline": True, "replay": True, "gemini": False, "openai": False}


def test_the_model_chosen_first_is_one_that_is_known(services: Services) -> None:
    gemini = choices_by_name(services)["gemini"]
    assert gemini.traits.usual_model in {model.id for model in gemini.models}


def test_a_prompt_names_the_usual_model_of_a_detector_that_has_one(services: Services) -> None:
    usual = {name: model_asked(name, "", services) for name in [*services.detectors, "none"]}
    assert usual == {"offline": "", "gemini": DEFAULT_MODEL, "openai": "", "replay": "", "none": ""}
    named = {name: model_asked(name, "other", services) for name in services.detectors}
    assert named == {"offline": "", "gemini": "other", "openai": "other", "replay": ""}


def test_a_model_nobody_knows_can_be_chosen(services: Services) -> None:
    chosen = model_choice("gemini", "some-model-of-tomorrow", services)
    assert chosen.id == "some-model-of-tomorrow"


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
    tiling: Tiling, size: tuple[int, int], told: str, services: Services
) -> None:
    assert told in views_of(size, Prompt("gemini", "bolts", tiling=tiling), services=services)


def test_a_detector_of_this_machine_looks_and_requests_nothing(services: Services) -> None:
    prompt = Prompt("offline", "", tiling=Tiling.TILES)
    assert "→ 75 looks" in views_of((12000, 4000), prompt, services=services)


def test_recorded_replies_are_about_whole_pictures(services: Services) -> None:
    choices = choices_by_name(services)
    tiled = {name for name, choice in choices.items() if choice.traits.takes_tiles}
    assert tiled == {"offline", "gemini", "openai"}
    assert "recorded" in choices["replay"].traits.ignores_sketches
