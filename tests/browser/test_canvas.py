"""Hands on the review canvas, in a real browser: nothing is lost and nothing is doubled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import AppRunner, settled

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parent / "canvas_app.py"
SCALE = 2
"""The app's image is shown twice as large; hands work in its pixels."""


@pytest.fixture(scope="module")
def url(running_app: AppRunner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_app(SCRIPT, data=tmp_path_factory.mktemp("canvas")) as served:
        yield served


class Hands:
    """A person at the canvas; positions are pixels of the image."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        expect(page.locator("canvas.upper-canvas")).to_be_visible()
        expect(page.get_by_label("Edit", exact=True)).to_have_attribute("aria-pressed", "true")
        settled(page)

    def move(self, x: float, y: float) -> None:
        box = self.page.locator("canvas.upper-canvas").bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + x * SCALE, box["y"] + y * SCALE, steps=4)

    def click(self, x: float, y: float) -> None:
        self.drag((x, y), (x, y))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.move(*start)
        self.page.mouse.down()
        self.move(*end)
        self.page.mouse.up()

    def take(self, tool: str) -> None:
        self.page.get_by_text(tool, exact=True).click()
        pressed = str(tool == "select").lower()
        expect(self.page.get_by_label("Edit", exact=True)).to_have_attribute("aria-pressed", pressed)
        settled(self.page)

    def sees(self, *kinds: str) -> list[dict[str, Any]]:
        """Wait until exactly these edits arrived, in order, and give them."""
        code = self.page.get_by_test_id("stCode")
        wanted = [f'"kind": "{kind}"' for kind in kinds]
        if kinds:
            expect(code).to_contain_text(wanted[-1])
        self.page.wait_for_function(
            "n => (document.querySelector('[data-testid=stCode]').innerText"
            ".match(/\"kind\"/g) ?? []).length >= n",
            arg=len(kinds),
        )
        settled(self.page)
        trace: list[dict[str, Any]] = json.loads(code.inner_text())["trace"]
        assert [edit["kind"] for edit in trace] == list(kinds)
        return trace


@pytest.fixture
def hands(page: Page, url: str) -> Hands:
    return Hands(page, url)


def test_a_dragged_corner_becomes_one_edit(hands: Hands) -> None:
    hands.click(100, 90)
    hands.click(100, 90)
    hands.drag((50, 50), (40, 30))
    [edit] = hands.sees("reshape")
    assert edit["of"] == "a"
    assert edit["box"] == [40, 30, 150, 130]
