"""What each Gemini model can do, read from ``models.toml``. Models change; code should not."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from beltmask.errors import SettingsError
from beltmask.messages import Message
from beltmask.model import Size, Usage

_ONE_TILE = 384
_TILE_TOKENS = 258
DEFAULT_MODEL = "gemini-3.8-flash"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Row):
    """USD per million tokens, up to and including the day ``until``."""

    input: float
    output: float
    until: date | None = None


class ModelCapabilities(_Row):
    """One model. ``models.toml`` explains the fields."""

    id: str
    ask: Literal["polygons", "classic"]
    schema_: bool = True
    thinking: Literal["level", "budget", "none"] = "none"
    levels: tuple[str, ...] | dict[str, int] = ()
    thinking_off: str | int | None = None
    temperature: bool = True
    default_temperature: float | None = None
    image_tokens: Literal["tiles"] | int = 1120
    prices: tuple[Price, ...] = ()
    ends: date | None = None
    note: str = ""

    def thinking_for(self, wish: str) -> str | int | None:
        """The level or token budget that comes nearest to ``wish`` ("off", "low", ...).

        None means: send nothing and leave it to the model.
        """
        if self.thinking == "none":
            return None
        if isinstance(self.levels, dict):
            return self.levels.get(wish, self.thinking_off)
        return wish if wish in self.levels else self.thinking_off

    def tokens_of_picture(self, size: Size) -> int:
        """What a picture of ``size`` as sent is counted as, by the provider's rule."""
        if self.image_tokens != "tiles":
            return self.image_tokens
        if max(size) <= _ONE_TILE:
            return _TILE_TOKENS
        unit = max(1, min(size) * 2 // 3)
        return _TILE_TOKENS * math.ceil(size[0] / unit) * math.ceil(size[1] / unit)

    def note_on(self, day: date) -> str:
        """What a person should know who chooses it on ``day``: its note, and its end."""
        if self.ends is None:
            return self.note
        end = f"{self.ends.day} {self.ends:%B %Y}"
        if day > self.ends:
            return f"{self.note}. Ended on {end}: another model answers in its name"
        return f"{self.note}. Its last day is {end}, then another model answers in its name"

    def price_on(self, day: date) -> Price | None:
        """What holds on ``day``; None when it is not known."""
        return next((p for p in self.prices if p.until is None or day <= p.until), None)

    def cost(self, usage: Usage, *, day: date) -> float | None:
        """USD for one request, thinking billed as output; None when price or use is unknown."""
        price = self.price_on(day)
        if price is None or usage.prompt_tokens is None:
            return None
        out = (usage.output_tokens or 0) + (usage.thinking_tokens or 0)
        return (usage.prompt_tokens * price.input + out * price.output) / 1e6


class ModelTable(_Row):
    """The rows in the order a person should see them, and the row for every other id."""

    models: tuple[ModelCapabilities, ...]
    other: ModelCapabilities

    def find(self, model: str) -> ModelCapabilities:
        """The row of ``model``; a dated or preview id is found by the longest id it starts with."""
        name = model.removeprefix("models/") or DEFAULT_MODEL
        kin = [row for row in self.models if name == row.id or name.startswith(row.id + "-")]
        row = max(kin, key=lambda row: len(row.id), default=self.other)
        return row.model_copy(update={"id": name})

    def with_rows(self, rows: tuple[ModelCapabilities, ...]) -> ModelTable:
        """The table with ``rows`` added; a row of the same id replaces ours."""
        merged = {row.id: row for row in (*self.models, *rows)}
        return self.model_copy(update={"models": tuple(merged.values())})


def read_models(text: str) -> tuple[ModelCapabilities, ...]:
    """The ``[[model]]`` rows of a TOML file like ``models.toml``.

    Raises:
        SettingsError: The text is not TOML, or a row says something unknown.
    """
    try:
        return tuple(_row(entry) for entry in tomllib.loads(text).get("model", []))
    except (tomllib.TOMLDecodeError, ValidationError, TypeError, AttributeError) as error:
        raise SettingsError(Message("models.table_unreadable", reason=str(error))) from error


@cache
def shipped_models() -> ModelTable:
    text = files(__package__).joinpath("models.toml").read_text(encoding="utf-8")
    other = _row({"id": "other"} | tomllib.loads(text)["other"])
    return ModelTable(models=read_models(text), other=other)


def _row(entry: Mapping[str, Any]) -> ModelCapabilities:
    renamed = {("schema_" if key == "schema" else key): value for key, value in entry.items()}
    return ModelCapabilities.model_validate(renamed)
