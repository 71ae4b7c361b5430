"""A person works faster than the server answers, and the server dies: nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from beltmask.masks import mask_from_box, union
from beltmask.model import AnnotationState, Box, Image, Mask
from beltmask.workflows.history import new_id
from tests.browser.app_server import ROOT, AppServer, serving
from tests.browser.canvas_hands import CanvasHands, Spot
from tests.browser.conftest import used_before
from tests.browser.contact_sheet import Sheet, fill
from tests.browser.hands import Behind, Hands, behind
from tests.browser.review_scenes import at_review

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("browser")]

SQUARES = [mask_from_box(Box(20 + 60 * n, 20, 60 + 60 * n, 60)) for n in range(2)]
COLUMNS = 10
STEP = 14
"""Image pixels from one small box to the next."""
QUICK_HAND = """
async (stage, strokes) => {
  const top = stage.querySelector("canvas.hands");
  const send = (name, [clientX, clientY], buttons) => top.dispatchEvent(
    new PointerEvent(name, { pointerId: 1, clientX, clientY, button: 0, buttons, bubbles: true }),
  );
  top.setPointerCapture = () => {};
  for (const [from, to] of strokes) {
    send("pointerdown", from, 1);
    send("pointermove", to, 1);
    send("pointerup", to, 0);
    await new Promise((done) => setTimeout(done, 50));
  }
}
"""
"""A gesture every 50 ms; a mouse that is sent from outside waits for each frame."""
HEAR_OF_DIALOGS = """
() => {
  window.dialogs = 0;
  new MutationObserver((changes) => {
    const added = changes.flatMap((each) => [...each.addedNodes]);
    window.dialogs += added.filter((each) => each.dataset?.testid === "stDialog").length;
  }).observe(document.body, { childList: true });
}
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("killed")


@pytest.fixture(scope="module")
def see(data: Path) -> Iterator[Behind]:
    with behind(data) as looking:
        used_before(looking)
        yield looking


@pytest.fixture(scope="module")
def server(see: Behind, data: Path) -> Iterator[AppServer]:
    with serving(ROOT / "app.py", data=data) as started:
        yield started


@pytest.fixture
def opened(server: AppServer, see: Behind, page: Page) -> tuple[Hands, Image]:
    hands, [image] = at_review(page, server.url, see, 2)
    return hands, image


def draw_boxes(canvas: CanvasHands, first: int, last: int) -> list[Mask]:
    """Small boxes one after another, without waiting for anything; what they must become."""
    canvas.press("r")
    return [box_of(canvas.drag(*corners(number))) for number in range(first, last)]


def corners(number: int) -> tuple[Spot, Spot]:
    x, y = 100 + STEP * (number % COLUMNS), 80 + STEP * (number // COLUMNS)
    return (x, y), (x + 10, y + 10)


def box_of(spots: list[Spot]) -> Mask:
    (x0, y0), (x1, y1) = spots
    return mask_from_box(Box(round(x0), round(y0), round(x1), round(y1)))


def masks(see: Behind, image: Image) -> list[Mask | None]:
    return [each.mask for each in see.sheet(image).annotations]


def test_a_hundred_gestures_in_five_seconds_all_arrive_in_their_order(
    opened: tuple[Hands, Image], see: Behind
) -> None:
    hands, image = opened
    view = hands.canvas.view()
    hands.canvas.press("r")
    strokes = [[view.to_page(spot) for spot in corners(number)] for number in range(100)]
    hands.canvas.stage.evaluate(QUICK_HAND, strokes)
    hands.canvas.saved()
    assert hands.canvas.refusals() == []
    drawn = [box_of([view.to_image(place) for place in stroke]) for stroke in strokes]
    assert masks(see, image) == [*SQUARES, *drawn]


def test_a_fast_person_is_never_stale_against_themselves(
    opened: tuple[Hands, Image], see: Behind
) -> None:
    hands, image = opened
    canvas = hands.canvas
    canvas.select(1)
    canvas.press("r")
    whole: Mask | None = SQUARES[0]
    hands.page.keyboard.down("Shift")
    for number in range(20):
        more = box_of(canvas.drag((30, 40 + number), (62 + number, 44 + number)))
        whole = union(whole, more)
    hands.page.keyboard.up("Shift")
    canvas.press("x")
    canvas.select(1)
    canvas.press("Enter")
    canvas.saved()
    assert canvas.refusals() == []
    assert masks(see, image) == [whole, SQUARES[1]]


def test_work_goes_on_while_the_server_is_dead_and_no_dialog_about_that_swallows_a_gesture(
    opened: tuple[Hands, Image], see: Behind, server: AppServer
) -> None:
    hands, image = opened
    before = draw_boxes(hands.canvas, 0, 10)
    hands.page.evaluate(HEAR_OF_DIALOGS)
    server.kill()
    meanwhile = draw_boxes(hands.canvas, 10, 20)
    hands.page.wait_for_function("() => window.dialogs > 0")
    meanwhile += draw_boxes(hands.canvas, 20, 23)
    expect(hands.page.get_by_role("dialog")).to_have_count(0)
    expect(hands.canvas.status).to_contain_text("kept in this browser")
    server.start()
    hands.canvas.saved()
    assert hands.canvas.refusals() == []
    assert masks(see, image) == [*SQUARES, *before, *meanwhile]


def test_what_the_dead_server_did_not_hear_survives_a_page_loaded_anew(
    opened: tuple[Hands, Image], see: Behind, server: AppServer
) -> None:
    hands, image = opened
    before = draw_boxes(hands.canvas, 0, 10)
    hands.canvas.saved()
    server.kill()
    assert masks(see, image) == [*SQUARES, *before], "it said that this was saved"
    meanwhile = draw_boxes(hands.canvas, 10, 15)
    server.start()
    hands.load_anew(image)
    hands.canvas.saved()
    assert masks(see, image) == [*SQUARES, *before, *meanwhile]
    hands.canvas.press("ControlOrMeta+z")
    hands.canvas.saved()
    assert masks(see, image) == [*SQUARES, *before, *meanwhile[:-1]]


def test_undo_works_on_what_was_done_before_the_page_was_loaded_anew(
    opened: tuple[Hands, Image], see: Behind
) -> None:
    hands, image = opened
    drawn = draw_boxes(hands.canvas, 0, 3)
    hands.canvas.saved()
    hands.load_anew(image)
    hands.canvas.press("ControlOrMeta+z", "ControlOrMeta+z")
    hands.canvas.saved()
    assert masks(see, image) == [*SQUARES, drawn[0]]
    hands.canvas.press("ControlOrMeta+Shift+z")
    hands.canvas.saved()
    assert masks(see, image) == [*SQUARES, *drawn[:2]]


def test_decisions_the_dead_server_did_not_hear_survive_a_page_loaded_anew(
    server: AppServer, see: Behind, page: Page
) -> None:
    project = new_id()
    fill(see, project)
    sheet = Sheet(page, server.url, see, project)
    sheet.tiles.first.focus()
    sheet.press("x", "x")
    page.evaluate(HEAR_OF_DIALOGS)
    server.kill()
    page.wait_for_function("() => window.dialogs > 0")
    expect(page.get_by_role("dialog")).to_have_count(0)
    sheet.press("x", "2")
    expect(sheet.status).to_contain_text("kept in this browser")
    server.start()
    sheet.open(server.url)
    expect(sheet.status).to_contain_text("Saved")
    expect(page.locator('[data-waiting="true"]')).to_have_count(0)
    rejected, edited = AnnotationState.REJECTED, AnnotationState.EDITED
    assert sheet.states()[:5] == [rejected] * 3 + [edited, AnnotationState.PROPOSED]
