"""The table of models."""

from __future__ import annotations

from datetime import date

import pytest

from beltmask.detectors.gemini.request import generation_config
from beltmask.detectors.llm.models import (
    DEFAULT_MODEL,
    read_models,
    shipped_models,
)
from beltmask.errors import SettingsError
from beltmask.model import Prompt, Usage

USAGE = Usage(prompt_tokens=1_000_000, output_tokens=900_000, thinking_tokens=100_000)


def test_the_recommended_model_comes_first_and_asks_for_outlines() -> None:
    first = shipped_models().models[0]
    assert first.id == DEFAULT_MODEL == shipped_models().find("").id
    assert (first.ask, first.schema_, first.thinking_off) == ("polygons", True, "low")


@pytest.mark.parametrize("model", ["gemini-2.5-flash", "gemini-2.5-pro"])
def test_models_that_end_say_when(model: str) -> None:
    row = shipped_models().find(model)
    assert row.ends == date(2026, 11, 30)
    assert "Its last day is 30 November 2026" in row.note_on(date(2026, 11, 30))
    assert "Ended on 30 November 2026" in row.note_on(date(2026, 12, 1))
    assert row.note_on(date(2026, 12, 1)).startswith(row.note)


def test_a_model_without_an_end_says_nothing_of_one() -> None:
    row = shipped_models().find("gemini-2.5-flash-lite")
    assert row.note_on(date(2030, 1, 1)) == row.note


def test_the_model_nobody_has_to_choose_goes_on() -> None:
    assert shipped_models().find("").ends is None
    assert shipped_models().models[0].id == DEFAULT_MODEL


@pytest.mark.parametrize(
    ("model", "day", "dollars", "deepest"),
    [
        ("gemini-4-argon", date(2026, 11, 30), 2 + 10, "high"),
        ("gemini-4-argon", date(2026, 12, 1), 4 + 20, "high"),
        ("gemini-4-carbon", date(2026, 12, 1), 4 + 20, "high"),
        ("gemini-4-hydrogen", date(2026, 12, 1), 1.5 + 7.5, "xhigh"),
        ("gemini-4-neon", date(2026, 12, 1), 3 + 15, "xhigh"),
    ],
)
def test_gemini_4_always_thinks_and_is_asked_to_think_little(
    model: str, day: date, dollars: float, deepest: str
) -> None:
    row = shipped_models().find(model)
    assert row.cost(USAGE, day=day) == pytest.approx(dollars)
    assert [row.thinking_for(wish) for wish in ("off", "minimal", deepest)] == [
        "low",
        "low",
        deepest,
    ]
    config = generation_config(Prompt("gemini", "bolts", model=model, temperature=1.5), row)
    assert config["thinking_config"] == {"thinking_level": "LOW"}
    assert config.keys() == {
        "max_output_tokens",
        "thinking_config",
        "response_mime_type",
        "response_schema",
    }


@pytest.mark.parametrize(
    ("model", "ask"),
    [
        ("models/gemini-2.5-flash", "classic"),
        ("gemini-2.5-flash-preview-05-20", "classic"),
        ("gemini-2.5-pro", "classic"),
        ("gemini-3.5-flash-lite", "polygons"),
        ("gemini-9-ultra", "polygons"),
    ],
)
def test_any_id_is_allowed(model: str, ask: str) -> None:
    row = shipped_models().find(model)
    assert row.ask == ask
    assert row.id == model.removeprefix("models/")


@pytest.mark.parametrize(
    ("day", "dollars"), [(date(2026, 12, 31), 0.75 + 3.75), (date(2027, 1, 1), 1.5 + 7.5)]
)
def test_prices_hold_until_their_last_day(day: date, dollars: float) -> None:
    assert shipped_models().find(DEFAULT_MODEL).cost(USAGE, day=day) == pytest.approx(dollars)


def test_an_unknown_price_is_none_not_nothing() -> None:
    assert shipped_models().find("gemini-9-ultra").cost(USAGE, day=date(2026, 11, 21)) is None
    assert shipped_models().find(DEFAULT_MODEL).cost(Usage(), day=date(2026, 11, 21)) is None


def test_a_file_of_ones_own_replaces_and_adds_rows() -> None:
    rows = read_models('[[model]]\nid = "gemini-3.8-flash"\nask = "classic"\nnote = "mine"\n')
    table = shipped_models().with_rows(rows)
    assert table.find("gemini-3.8-flash").note == "mine"
    assert len(table.models) == len(shipped_models().models)


@pytest.mark.parametrize("text", ["[[model]", "[[model]]\nid = 3\n", "[[model]]\nid='a'\nask='x'"])
def test_a_file_that_cannot_be_read_is_a_settings_error(text: str) -> None:
    with pytest.raises(SettingsError, match="table of models"):
        read_models(text)
