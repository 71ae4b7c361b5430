"""The pictures and the report of a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from beltmask.geometry import Box
from beltmask.masks import mask_from_box
from beltmask.scoring.overlaps import ScoredObject
from beltmask.workflows.comparison_pictures import (
    BOUNDARY,
    EXTRA,
    MATCHED,
    MISSED,
    WRONG_CLASS,
    compared_pictures,
    difference_shapes,
)
from beltmask.workflows.comparison_report import report_html
from tests.beltmask.workflows.prompt_lab import PromptLab, prompt_lab


@pytest.fixture
def lab(data_with_tables: object) -> Iterator[PromptLab]:
    with prompt_lab(3) as opened:
        yield opened


class LoadedAddresses(HTMLParser):
    """What a browser would fetch for a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag in ("script", "link", "iframe") else []
        self.found += [value or "" for name, value in attributes if name in ("src", "xlink:href")]


def test_the_picture_that_lost_most_comes_first(lab: PromptLab) -> None:
    comparison = lab.compare("perfect", "hallucinates")
    pictures = compared_pictures(comparison.id, "hallucinates", "perfect", services=lab.services)
    assert [each.errors for each in pictures] == [{"extra": 1}] * 3
    changes = [each.change for each in pictures]
    assert changes == sorted(changes)
    assert changes[0] < 0


def test_a_difference_is_coloured_by_what_became_of_each_object() -> None:
    truth = [square(0, "bolt"), square(20, "bolt"), square(40)]
    given = [square(0, "nut"), square(21, "bolt"), square(60)]
    seen = [(each.color, each.box.x0) for each in difference_shapes(truth, given)]
    assert sorted(seen) == sorted(
        [(WRONG_CLASS, 0), (MATCHED, 20), (BOUNDARY, 20), (BOUNDARY, 30), (MISSED, 40), (EXTRA, 60)]
    )


def square(x: int, label: str | None = None) -> ScoredObject:
    box = Box(x, 0, x + 10, 10)
    return ScoredObject(box, mask_from_box(box), label)


def test_the_report_holds_everything_and_loads_nothing(lab: PromptLab) -> None:
    comparison = lab.compare("perfect", "hallucinates", name="<b>night & day</b>")
    page = report_html(comparison.id, services=lab.services)
    addresses = LoadedAddresses(page).found
    assert len(addresses) == 9
    assert all(each.startswith("data:image/jpeg;base64,") for each in addresses)
    assert "url(" not in page
    assert "&lt;b&gt;night &amp; day&lt;/b&gt;" in page
    assert page.count("<svg") >= 3
    assert re.search(r"<td>perfect</td><td>1.0</td>", page)
