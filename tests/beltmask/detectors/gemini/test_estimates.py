"""What a picture is counted as, and what a request may cost."""

from __future__ import annotations

from datetime import date

import pytest

from beltmask.detectors.gemini.estimates import estimate
from beltmask.detectors.gemini.models import capabilities
from beltmask.model import Prompt


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
    assert capabilities(model).tokens_of_picture(size) == tokens


def test_the_price_of_the_day_counts_and_the_cap_bounds_it() -> None:
    prompt, row = Prompt("gemini", "bolts", object_cap=10), capabilities("gemini-3.8-flash")
    now = estimate(prompt, [(800, 600)] * 4, row=row, day=date(2026, 11, 21))
    later = estimate(prompt, [(800, 600)] * 4, row=row, day=date(2027, 1, 1))
    assert now.output_tokens == (4 * 280, 4 * 9100)
    assert now.cost is not None
    assert later.cost == pytest.approx([2 * cost for cost in now.cost])
