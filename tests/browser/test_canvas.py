"""Hands on the review canvas, in a real browser: nothing is lost and nothing is doubled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.script_runs import settled
from tests.browser.serving import AppRunner

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
        canvas = self.page.locator("canvas.upper-canvas")
        expect(canvas).to_be_visible()
        box = canvas.bounding_box()
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
        expect(self.page.get_by_label("Edit", exact=True)).to_have_attribute(
            "aria-pressed", pressed
        )
        settled(self.page)

    def sees(self, *kinds: str) -> list[dict[str, Any]]:
        """Wait until exactly these edits arrived, in order, and give them."""
        code = self.page.get_by_test_id("stCode")
        wanted = [f'"kind": "{kind}"' for kind in kinds]
        if kinds:
            expect(code).to_contain_text(wanted[-1])
        self.page.wait_for_function(
            "n => (document.querySelector('[data-testid=stCode]').innerText"
            '.match(/"kind"/g) ?? []).length >= n',
            arg=len(kinds),
        )
        settled(self.page)
        trace: list[dict[str, Any]] = json.loads(code.inner_text())["trace"]
        assert [edit["kind"] for edit in trace] == list(kinds)
        return trace

    def shapes(self, expected: dict[str, list[int]]) -> None:
        """Wait until the objects' boxes are these."""
        text = f'"shapes": {json.dumps(expected)}'
        expect(self.page.get_by_test_id("stCode")).to_contain_text(text)


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


def test_a_dragged_outline_moves_its_whole_part_and_its_hole(page: Page, url: str) -> None:
    hands = Hands(page, f"{url}/?show=parts")
    hands.drag((60, 60), (70, 85))
    [edit] = hands.sees("reshape")
    assert edit["box"] == [60, 50, 200, 155]
    assert edit["area"] == 80 * 80 - 20 * 20 + 40 * 30
    hands.drag((80, 160 - 10), (80, 150 + 10))  # drawn anew, it still answers
    hands.sees("reshape", "reshape")


def test_a_deleted_outline_deletes_its_object(hands: Hands) -> None:
    hands.click(100, 90)
    hands.page.keyboard.press("Delete")
    [edit] = hands.sees("delete")
    assert edit["of"] == "a"


def test_a_deleted_hole_is_filled_and_a_deleted_part_goes(page: Page, url: str) -> None:
    hands = Hands(page, f"{url}/?show=parts")
    hands.click(90, 90)
    page.keyboard.press("Delete")
    [filled] = hands.sees("reshape")
    assert filled["area"] == 80 * 80 + 40 * 30
    hands.click(180, 60)
    page.keyboard.press("Delete")
    [_, gone] = hands.sees("reshape", "reshape")
    assert gone["area"] == 80 * 80


def test_a_drawn_polygon_becomes_an_object(hands: Hands) -> None:
    hands.take("polygon")
    for corner in [(350, 50), (400, 50), (400, 100), (350, 100), (350, 50)]:
        hands.click(*corner)
    [edit] = hands.sees("add")
    assert edit["box"] == [350, 50, 400, 100]


def test_escape_drops_a_polygon_half_drawn(hands: Hands) -> None:
    hands.take("polygon")
    for corner in [(20, 200), (40, 200)]:
        hands.click(*corner)
    hands.page.keyboard.press("Escape")
    for corner in [(350, 50), (400, 50), (400, 100), (350, 100), (350, 50)]:
        hands.click(*corner)
    [edit] = hands.sees("add")
    assert edit["box"] == [350, 50, 400, 100]
    hands.take("select")
    hands.drag((375, 75), (385, 75))
    [_, moved] = hands.sees("add", "reshape")
    assert moved["box"] == [360, 50, 410, 100]


def test_a_drawn_box_becomes_an_object_and_a_click_does_not(hands: Hands) -> None:
    hands.take("box")
    hands.click(20, 200)
    hands.drag((350, 50), (400, 100))
    [edit] = hands.sees("add")
    left, top, right, bottom = edit["box"]
    assert abs(left - 350) <= 1
    assert abs(top - 50) <= 1
    assert (right - left, bottom - top) == (50, 50)


def test_what_was_just_drawn_can_be_moved_and_deleted(hands: Hands) -> None:
    hands.take("box")
    hands.drag((350, 50), (400, 100))
    hands.drag((350, 200), (400, 250))
    hands.sees("add", "add")
    hands.take("select")
    hands.drag((375, 75), (385, 75))
    hands.sees("add", "add", "reshape")
    hands.click(375, 225)
    hands.page.keyboard.press("Delete")
    first, second, moved, deleted = hands.sees("add", "add", "reshape", "delete")
    assert moved["box"][0] == first["box"][0] + 10
    assert deleted["id"] not in (first["id"], second["id"])


def test_quick_gestures_all_arrive_once(hands: Hands) -> None:
    hands.take("box")
    places = [(x, y) for y in (20, 230) for x in range(20, 460, 60)]
    for x, y in places:
        hands.drag((x, y), (x + 30, y + 30))
    trace = hands.sees(*["add"] * len(places))
    assert len({edit["id"] for edit in trace}) == len(places)
    assert [round(edit["box"][0], -1) for edit in trace] == [x for x, _ in places]


def test_gestures_made_while_the_script_runs_arrive_once(hands: Hands) -> None:
    """Each pause lets a rerun begin, so that the next gesture falls into it."""
    for step, pause in enumerate((150, 210, 250, 300, 400)):
        hands.drag((100 + 5 * step, 90), (105 + 5 * step, 90))
        hands.page.wait_for_timeout(pause)
        hands.drag((290, 180 + 5 * step), (290, 185 + 5 * step))
    hands.shapes({"a": [75, 50, 175, 130], "b": [250, 175, 330, 235]})
    hands.sees(*["reshape"] * 10)


def test_a_run_cut_short_before_it_saved_loses_nothing(page: Page, url: str) -> None:
    hands = Hands(page, f"{url}/?page=slow")
    for step, pause in enumerate((250, 300, 350, 400)):
        hands.drag((100 + 5 * step, 90), (105 + 5 * step, 90))
        page.wait_for_timeout(pause)
        hands.drag((290, 180 + 5 * step), (290, 185 + 5 * step))
        page.wait_for_timeout(pause)
    hands.shapes({"a": [70, 50, 170, 130], "b": [250, 170, 330, 230]})


def test_a_key_pressed_right_after_a_gesture_does_not_swallow_it(hands: Hands) -> None:
    """The change from outside draws the canvas anew while the gesture waits to be sent."""
    hands.drag((290, 180), (300, 180))
    hands.page.keyboard.press("g")
    [edit] = hands.sees("reshape")
    assert edit["of"] == "b"
    hands.shapes({"a": [40, 40, 160, 140], "b": [260, 150, 340, 210]})


def test_a_canvas_that_moves_on_the_page_takes_nothing_back(hands: Hands) -> None:
    hands.take("box")
    hands.drag((350, 50), (400, 100))
    hands.sees("add")
    hands.take("select")
    hands.drag((100, 90), (110, 90))
    hands.sees("add", "reshape")
    for rearranging, sign in (("Notice", "A notice above"), ("Column", "stands in a column now")):
        hands.page.get_by_text(rearranging, exact=True).click()
        expect(hands.page.get_by_text(sign)).to_be_visible()
        settled(hands.page)
        expect(hands.page.get_by_label("Edit", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
    hands.drag((290, 180), (300, 180))
    [_, first, second] = hands.sees("add", "reshape", "reshape")
    assert (first["box"], second["box"]) == ([60, 50, 160, 130], [260, 150, 340, 210])
