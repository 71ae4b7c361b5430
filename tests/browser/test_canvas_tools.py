"""Each tool of the canvas, by mouse and keys: the stored masks are what was drawn, to the pixel."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from beltmask.masks import (
    difference,
    mask_from_box,
    mask_from_frame,
    mask_from_rings,
    moved,
    union,
)
from beltmask.model import Box, Image, Mask
from beltmask.workflows.history import new_id
from beltmask.workflows.projects import create_project
from tests.browser.canvas_hands import Spot
from tests.browser.conftest import crashes_on
from tests.browser.desk import Desk, Review
from tests.browser.hands import Behind, Hands
from tests.browser.review_scenes import add_with_objects
from tests.gemini_truth import read_truth

pytestmark = [pytest.mark.browser, pytest.mark.pictures]

SIZE = (512, 512)
SQUARE = mask_from_box(Box(20, 20, 60, 60))
SECOND = mask_from_box(Box(80, 20, 120, 60))
PACKETS = "WIN_20250310_16_14_56_Pro_left_46e533.jpg"
BRUSH = 10
"""Radius in image pixels, unless a person changes it."""


@pytest.fixture(scope="module")
def desk(
    url: str, see: Behind, shared_data: Path, lasting_page: Page, request: pytest.FixtureRequest
) -> Desk:
    """A picture for every test of this file."""
    session, folder = request.session, shared_data / "pictures" / "cotton_belt_foreign"
    mine = [each for each in session.items if each.path == request.path]
    files = [each for each in sorted((folder / "images").iterdir()) if each.name != PACKETS]
    files = [*files[: len(mine)], folder / "images" / PACKETS]
    project = create_project(new_id(), services=see.services)
    pictures = [(file.name, file.read_bytes()) for file in files]
    add_with_objects(see, project, zip(pictures, repeat(2)))
    return Desk(Hands(lasting_page, url), see, project, lambda: session.testsfailed)


@pytest.fixture
def review(desk: Desk) -> Iterator[Review]:
    yield desk.next()
    assert crashes_on(desk.hands.page) == []


def polygon(spots: list[Spot]) -> Mask | None:
    return mask_from_rings([np.array(spots)], SIZE)


def stroke(spots: list[Spot], radius: float = BRUSH) -> Mask | None:
    """Every pixel whose centre is within the radius of a straight stroke."""
    (ax, ay), (bx, by) = spots[0], spots[-1]
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]] + 0.5
    along = ((columns - ax) * (bx - ax) + (rows - ay) * (by - ay)) / max(
        (bx - ax) ** 2 + (by - ay) ** 2, 1e-9
    )
    near = np.clip(along, 0, 1)
    far = np.hypot(columns - ax - near * (bx - ax), rows - ay - near * (by - ay))
    return mask_from_frame(far <= radius)


def test_a_polygon_drawn_corner_by_corner(review: Review) -> None:
    review.canvas.press("p")
    drawn = review.canvas.click((150, 100), (220, 110), (200, 180), (140, 160))
    review.canvas.press("n")
    assert review.masks == [SQUARE, SECOND, polygon(drawn)]


def test_a_polygon_closed_on_its_first_corner_with_one_corner_taken_back(review: Review) -> None:
    review.canvas.press("p")
    drawn = review.canvas.click((150, 100), (220, 110), (200, 180))
    review.canvas.click((100, 200))
    review.canvas.press("Backspace")
    review.canvas.click((150, 100))
    assert review.masks[2:] == [polygon(drawn)]


def test_a_box_from_corner_to_corner(review: Review) -> None:
    review.canvas.press("r")
    (x0, y0), (x1, y1) = review.canvas.drag((150, 100), (230, 170))
    box = Box(round(x0), round(y0), round(x1), round(y1))
    assert review.masks[2:] == [mask_from_box(box)]


def test_a_brush_stroke_makes_an_object_and_the_next_one_adds_to_it(review: Review) -> None:
    review.canvas.press("b")
    first = stroke(review.canvas.drag((150, 100), (200, 140)))
    second = stroke(review.canvas.drag((200, 140), (200, 200)))
    assert review.masks[2:] == [union(first, second)]


def test_a_larger_brush_and_a_smaller_one(review: Review) -> None:
    review.canvas.press("b", "]", "]")
    large = stroke(review.canvas.drag((150, 100), (200, 140)), 19)
    review.canvas.press("[", "[")
    small = stroke(review.canvas.drag((300, 100), (350, 140)))
    assert review.masks[2:] == [union(large, small)]


def test_the_eraser_takes_pixels_of_the_selected_object_only(review: Review) -> None:
    review.canvas.select(1)
    review.canvas.press("e")
    erased = stroke(review.canvas.drag((40, 10), (100, 40)))
    assert review.masks == [difference(SQUARE, erased), SECOND]


def test_a_polygon_adds_to_the_selected_object_and_takes_away_from_it(review: Review) -> None:
    review.canvas.select(1)
    review.canvas.press("p")
    more = polygon(review.canvas.click((50, 30), (100, 40), (50, 55), modifier="Shift"))
    review.canvas.press("Enter")
    grown = union(SQUARE, more)
    assert review.masks == [grown, SECOND]
    less = polygon(review.canvas.click((10, 10), (50, 15), (15, 50), modifier="Alt"))
    review.canvas.press("Enter")
    assert review.masks == [difference(grown, less), SECOND]


def test_a_corner_is_moved_and_an_edge_gets_one_more(review: Review) -> None:
    review.canvas.select(1)
    _, corner = review.canvas.drag((60, 60), (90, 90))
    moved_corner = polygon([(20, 20), (60, 20), corner, (20, 60)])
    assert review.masks == [moved_corner, SECOND]
    review.canvas.press("ControlOrMeta+z")
    review.canvas.saved()
    _, top = review.canvas.drag((40, 20), (40, 5))
    raised = polygon([(20, 20), top, (60, 20), (60, 60), (20, 60)])
    assert review.masks == [raised, SECOND]


def test_a_corner_is_taken_away(review: Review) -> None:
    review.canvas.select(1)
    review.canvas.click((60, 60), modifier="Alt")
    assert review.masks == [polygon([(20, 20), (60, 20), (20, 60)]), SECOND]


def test_an_object_is_moved_by_whole_pixels(review: Review) -> None:
    review.canvas.select(1)
    (ax, ay), (bx, by) = review.canvas.drag((40, 40), (75, 120))
    assert review.masks == [moved(SQUARE, round(bx - ax), round(by - ay)), SECOND]


def test_a_line_cuts_an_object_in_two(review: Review) -> None:
    review.canvas.select(1)
    review.canvas.press("k")
    review.canvas.drag((10, 40), (70, 40))
    first, _, cut = review.masks
    assert first is not None
    assert cut is not None
    assert union(first, cut) == SQUARE
    assert first.area + cut.area == SQUARE.area
    assert min(first.area, cut.area) > SQUARE.area / 3
    assert len({each.class_id for each in review.objects}) == 1


def test_objects_are_merged_in_one_step_that_can_be_undone(review: Review) -> None:
    review.canvas.select(1, 2)
    review.canvas.press("m")
    assert review.masks == [union(SQUARE, SECOND)]
    review.canvas.press("ControlOrMeta+z")
    assert review.masks == [SQUARE, SECOND]
    review.canvas.press("ControlOrMeta+Shift+z")
    assert review.masks == [union(SQUARE, SECOND)]


def test_pixels_two_objects_share_are_taken_from_the_other(review: Review) -> None:
    review.canvas.press("r")
    (x0, y0), (x1, y1) = review.canvas.drag((50, 30), (70, 50))
    mine = mask_from_box(Box(round(x0), round(y0), round(x1), round(y1)))
    review.canvas.press("o")
    assert review.masks == [difference(SQUARE, mine), SECOND, mine]


def test_holes_are_filled_and_specks_are_removed(review: Review) -> None:
    review.canvas.select(1)
    review.canvas.press("e", "[", "[", "[")
    review.canvas.drag((40, 40), (42, 40))
    review.canvas.press("]", "]", "]")
    assert review.masks[0] != SQUARE
    review.canvas.press("u")
    assert review.masks[0] == SQUARE
    review.canvas.press("r")
    review.canvas.page.keyboard.down("Shift")
    review.canvas.drag((200, 200), (204, 204))
    review.canvas.page.keyboard.up("Shift")
    speckled = review.masks[0]
    assert speckled is not None
    assert speckled.area > SQUARE.area
    review.canvas.press("i")
    assert review.masks[0] == SQUARE


def test_magic_finds_the_object_in_a_box_on_the_server(desk: Desk, shared_data: Path) -> None:
    review = desk.open(PACKETS)
    truth = packet_on(review.image, shared_data)
    around = truth.box
    review.canvas.press("g")
    review.canvas.drag((around.x0 - 6, around.y0 - 6), (around.x1 + 6, around.y1 + 6))
    found = review.masks[2]
    assert found is not None
    shared = union(found, truth)
    assert shared is not None
    assert (found.area + truth.area - shared.area) / shared.area > 0.7
    assert crashes_on(desk.hands.page) == []


def packet_on(image: Image, shared_data: Path) -> Mask:
    """The outline a person drew around the largest packet."""
    known = read_truth(shared_data / "pictures" / "cotton_belt_foreign")
    [picture] = [each for each in known if each.name == image.name]
    packets = [each.mask for each in picture.objects if each.label == "packet"]
    return max(packets, key=lambda mask: mask.area)


def test_keys_accept_reject_relabel_and_delete(review: Review) -> None:
    review.canvas.press("Tab", "x")
    assert [each.state for each in review.objects] == ["rejected", "edited"]
    for accept in ("Enter", "a"):
        review.canvas.select(1)
        review.canvas.press(accept)
        assert [each.state for each in review.objects] == ["edited", "edited"]
        review.canvas.select(1)
        review.canvas.press("x")
        assert [each.state for each in review.objects] == ["rejected", "edited"]
    review.canvas.select(2)
    review.canvas.press("Delete")
    assert review.masks == [SQUARE]


def test_escape_gives_up_the_shape_then_the_tool_then_the_selection(review: Review) -> None:
    review.canvas.select(1)
    review.canvas.press("p")
    review.canvas.click((150, 100), (200, 100))
    review.canvas.press("Escape", "n")
    assert review.masks == [SQUARE, SECOND]
    review.canvas.press("Escape", "Escape")
    review.canvas.press("Delete")
    assert review.masks == [SQUARE, SECOND], "nothing was selected any more"


def test_the_wheel_zooms_at_the_pointer_and_drawing_stays_exact(review: Review) -> None:
    before = review.canvas.view()
    x, y = before.to_page((200, 150))
    review.canvas.page.mouse.move(x, y)
    review.canvas.page.mouse.wheel(0, -800)
    review.canvas.page.wait_for_function(
        "(scale) => Number(document.querySelector('[data-testid=stBidiComponentIsolated]')"
        ".shadowRoot.querySelector('.stage').dataset.view.split(',')[0]) > scale",
        arg=before.scale,
    )
    now = review.canvas.view()
    assert now.to_image((x, y)) == pytest.approx(before.to_image((x, y)), abs=0.01)
    review.canvas.press("p")
    drawn = review.canvas.click((190, 140), (210, 142), (200, 160))
    review.canvas.press("Enter")
    assert review.masks[2:] == [polygon(drawn)]
