"""The table of models."""

from __future__ import annotations

from datetime import date

import pytest

from beltmask.detectors.gemini.models import (
    DEFAULT_MODEL,
    capabilities,
    known_models,
    read_models,
    shipped_models,
)
from beltmask.errors import SettingsError
from beltmask.model import Usage

USAGE = Usage(prompt_tokens=1_000_000, output_tokens=900_000, thinking_tokens=100_000)


def test_the_recommended_model_comes_first_and_asks_for_outlines() -> None:
    first = known_models()[0]
    assert first.id == DEFAULT_MODEL == capabilities("").id
    assert (first.ask, first.schema_, first.thinking_off) == ("polygons", True, "low")


def test_models_that_end_say_when() -> None:
    assert capabilities("gemini-2.5-flash").ends == date(2026, 12, 1)
    assert capabilities("gemini-2.5-flash-lite").ends is None


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
    row = capabilities(model)
    assert row.ask == ask
    assert row.id == model.removeprefix("models/")


@pytest.mark.parametrize(
    ("day", "dollars"), [(date(2026, 12, 31), 0.75 + 3.75), (date(2027, 1, 1), 1.5 + 7.5)]
)
def test_prices_hold_until_their_last_day(day: date, dollars: float) -> None:
    assert capabilities(DEFAULT_MODEL).cost(USAGE, day=day) == pytest.approx(dollars)


def test_an_unknown_price_is_none_not_nothing() -> None:
    assert capabilities("gemini-9-ultra").cost(USAGE, day=date(2026, 11, 21)) is None
    assert capabilities(DEFAULT_MODEL).cost(Usage(), day=date(2026, 11, 21)) is None


def test_a_file_of_ones_own_replaces_and_adds_rows() -> None:
    rows = read_models('[[model]]\nid = "gemini-3.8-flash"\nask = "classic"\nnote = "mine"\n')
    table = shipped_models().with_rows(rows)
    assert table.find("gemini-3.8-flash").note == "mine"
    assert len(table.models) == len(known_models())


@pytest.mark.parametrize("text", ["[[model]", "[[model]]\nid = 3\n", "[[model]]\nid='a'\nask='x'"])
def test_a_file_that_cannot_be_read_is_a_settings_error(text: str) -> None:
    with pytest.raises(SettingsError, match="table of models"):
        read_models(text)
