"""What a picture is counted as, and what requests may cost."""

from __future__ import annotations

from datetime import date

import pytest

from beltmask.detectors.base import Estimate
from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.detectors.llm.models import shipped_models
from beltmask.detectors.tiling import TilingDetector
from beltmask.model import Prompt, Size, Tiling

DAY = date(2026, 11, 21)


def estimated(prompt: Prompt, sizes: list[Size], day: date = DAY) -> Estimate:
    """Of a detector that is shown large pictures as the prompt wishes; it needs no key for it."""
    guess = TilingDetector(GeminiDetector(api_key=None)).estimate(prompt, sizes, day)
    assert guess is not None
    return guess


@pytest.mark.parametrize(
    ("model", "size", "tokens"),
    [
        ("gemini-2.5-flash", (384, 384), 258),
        ("gemini-2.5-flash", (960, 540), 1548),
        ("gemini-3.8-flash", (64, 48), 1120),
        ("gemini-3.8-flash", (4000, 3000), 1120),
    ],
)
def test_pictures_are_counted_by_the_rule_of_their_model(
    model: str, size: tuple[int, int], tokens: int
) -> None:
    assert shipped_models().find(model).tokens_of_picture(size) == tokens


def test_the_price_of_the_day_counts_and_the_cap_bounds_it() -> None:
    prompt = Prompt("gemini", "bolts", model="gemini-3.8-flash", object_cap=10)
    now = estimated(prompt, [(800, 600)] * 4)
    later = estimated(prompt, [(800, 600)] * 4, date(2027, 1, 1))
    assert now.output_tokens == (4 * 280, 4 * 9100)
    assert now.cost is not None
    assert later.cost == pytest.approx([2 * cost for cost in now.cost])


def test_every_tile_is_a_request_and_suspects_need_none_to_all_of_them() -> None:
    sizes = [(12000, 4000), (800, 600)]
    whole, tiles, suspects = (
        estimated(Prompt("gemini", "bolts", model="gemini-3.8-flash", tiling=tiling), sizes)
        for tiling in (Tiling.WHOLE, Tiling.TILES, Tiling.SUSPECTS)
    )
    assert [one.pictures for one in (whole, tiles, suspects)] == [2, 2, 2]
    assert whole.requests == (2, 2)
    assert tiles.requests == (75 + 1, 75 + 1)
    assert suspects.requests == (2, 1 + 75 + 1)
    assert tiles.input_tokens == 38 * whole.input_tokens
    assert (whole.cost, tiles.cost, suspects.cost) > ((0, 0), (0, 0), (0, 0))
    assert suspects.output_tokens == (whole.output_tokens[0], 77 * whole.output_tokens[1] // 2)
