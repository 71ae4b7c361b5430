"""How a picture and its masks are looked at on the canvas, in a real browser."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as PillowImage
from playwright.sync_api import Page, expect

from beltmask.masks import mask_from_box
from beltmask.model import Box, Class, Finding, Image, MaskSource, TaskState
from beltmask.review import Edit, EditKind
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import add_class, create_project
from beltmask.workflows.task_store import propose
from tests.beltmask.store.builders import PROMPT
from tests.browser.canvas_hands import CanvasHands, Spot
from tests.browser.hands import Behind, Hands
from tests.browser.review_scenes import at_review, pictures_with_objects
from tests.gestures import apply_edits

pytestmark = pytest.mark.browser

DARK, BRIGHT = 1000, 3000
"""Samples of the stripes of a deep picture, a pixel wide each."""
PIXEL_AT = """
(canvas, [x, y]) =>
  [...canvas.getContext("2d").getImageData(Math.round(x), Math.round(y), 1, 1).data]
"""
JPEG_LOSS = 6
"""Grey levels."""


def test_a_deep_picture_is_seen_through_the_window_a_person_chooses(
    url: str, see: Behind, page: Page
) -> None:
    project = new_id()
    image = deep_picture(see, project=project)
    hands = Hands(page, url)
    hands.open_review(image, project=project)
    assert seen(hands.canvas, (100, 300)) == near(255)  # as it was read: the bright half is white
    choose_window(hands.canvas, image, black=0, white=6000)
    assert seen(hands.canvas, (100, 300)) == near(255 * BRIGHT / 6000)
    hands.canvas.press("Shift+2")
    expect(hands.canvas.stage).to_have_attribute("data-view", re.compile(r"^1,"))
    expect(hands.canvas.stage).to_have_attribute("data-sharp", "true")
    stripes = [seen(hands.canvas, (1300.5 + n, 300.5)) for n in range(4)]
    assert sorted(stripes)[:2] == [near(255 * DARK / 6000)] * 2
    assert sorted(stripes)[2:] == [near(255 * BRIGHT / 6000)] * 2
    page.get_by_role("button", name="Auto", exact=True).click()
    expect(page.get_by_label("Sample shown as white")).to_have_value(str(BRIGHT))


def test_a_divider_shows_what_the_model_proposed_left_of_it_and_what_became_of_it_right(
    url: str, see: Behind, page: Page
) -> None:
    project = new_id()
    [image] = pictures_with_objects(see, [0], project=project)
    propose_boxes(see, image, Box(20, 20, 60, 60), Box(240, 20, 280, 60))
    hands = Hands(page, url)
    canvas = hands.canvas
    hands.open_review(image, project=project)
    canvas.select(1, 2)
    canvas.press("Delete")
    canvas.saved()
    canvas.press("w")
    grip = page.get_by_role("slider", name="Model left of here")
    expect(grip).to_have_attribute("aria-valuenow", "50")
    assert (colored(canvas, (40, 40)), colored(canvas, (260, 40))) == (True, False)
    grip.drag_to(canvas.stage, target_position={"x": 20, "y": 100})
    assert (colored(canvas, (40, 40)), colored(canvas, (260, 40))) == (False, False)
    grip.press("End")
    assert (colored(canvas, (40, 40)), colored(canvas, (260, 40))) == (True, True)
    canvas.press("Escape")
    expect(grip).to_be_hidden()
    assert (colored(canvas, (40, 40)), colored(canvas, (260, 40))) == (False, False)
    with page.expect_response(lambda answer: "of=model" in answer.url) as answer:
        canvas.press("w", "w")  # wanted, and not wanted any more before it has come
    answer.value.finished()
    assert not colored(canvas, (40, 40))


def test_an_object_is_brought_forward_and_sent_back_by_key(
    url: str, see: Behind, page: Page
) -> None:
    project = new_id()
    [image] = pictures_with_objects(see, [1], project=project)
    [metal] = see.sheet(image).classes
    film = add_class(image.project_id, "film", services=see.services)
    drawn = [
        Edit(new_id(), EditKind.ADD, new_id(), mask=mask_from_box(box), to_class=film)
        for box in (Box(10, 10, 120, 120), Box(150, 150, 160, 160))
    ]
    apply_edits(image.id, drawn, services=see.services)
    hands = Hands(page, url)
    canvas = hands.canvas
    hands.open_review(image, project=project)
    assert on_top(canvas, (40, 40), metal, film) == metal  # the small one lies on the large one
    canvas.select(2)
    canvas.press("PageUp")
    canvas.saved()
    assert on_top(canvas, (40, 40), metal, film) == film
    assert [each.layer for each in see.sheet(image).annotations] == [0, 1, 0]
    canvas.press("PageUp")
    canvas.says("Nothing covers this object.")
    canvas.press("PageDown")
    canvas.saved()
    assert on_top(canvas, (40, 40), metal, film) == metal
    canvas.press("ControlOrMeta+z")
    canvas.saved()
    assert on_top(canvas, (40, 40), metal, film) == film
    expect(page.get_by_role("button", name="Undo", exact=True)).to_have_attribute(
        "title", "Undo: reorder (Ctrl+Z)"
    )


def test_a_key_held_down_is_let_go_when_another_window_takes_the_keyboard(
    url: str, see: Behind, page: Page
) -> None:
    hands, _ = at_review(page, url, see, 1)
    page.keyboard.down("q")
    assert not colored(hands.canvas, (40, 40))
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    assert colored(hands.canvas, (40, 40))


def test_a_slider_in_hand_takes_page_up_and_no_object_is_brought_forward(
    url: str, see: Behind, page: Page
) -> None:
    hands, _ = at_review(page, url, see, 1)
    hands.canvas.select(1)
    slider = page.get_by_label("Opacity of the masks")
    usual = slider.input_value()
    slider.press("PageUp")
    expect(slider).not_to_have_value(usual)
    expect(page.locator(".notice")).to_have_count(0)


def deep_picture(see: Behind, *, project: str) -> Image:
    """16 bits, larger than its preview: the left half bright, the right half striped."""
    made = create_project(project, services=see.services)
    samples: NDArray[np.uint16] = np.full((600, 2600), BRIGHT, np.uint16)
    samples[:, 1200::2] = DARK
    file = io.BytesIO()
    PillowImage.fromarray(samples).save(file, "PNG")
    added = add_picture("deep.png", file.getvalue(), project_id=made.id, services=see.services)
    assert added.image is not None
    return added.image


def choose_window(canvas: CanvasHands, image: Image, *, black: int, white: int) -> None:
    with canvas.page.expect_response(lambda answer: f"window={black},{white}" in answer.url):
        for name, value in (("black", black), ("white", white)):
            field = canvas.page.get_by_label(f"Sample shown as {name}")
            field.fill(str(value))
            field.press("Enter")
    canvas.ready(image)


def seen(canvas: CanvasHands, spot: Spot) -> int:
    """The grey level that is drawn where a spot of the image is shown."""
    return at(canvas, "picture", spot)[0]


def at(canvas: CanvasHands, layer: str, spot: Spot) -> list[int]:
    """Red, green, blue and opacity of a layer where a spot of the image is shown."""
    told = canvas.stage.get_attribute("data-view")
    assert told is not None
    scale, x, y = map(float, told.split(","))
    place = [spot[0] * scale + x, spot[1] * scale + y]
    found: list[int] = canvas.stage.locator(f"canvas.{layer}").evaluate(PIXEL_AT, place)
    return found


def on_top(canvas: CanvasHands, spot: Spot, *classes: Class) -> Class:
    """Whose colour is drawn at a spot, or nearly: a mask lets a part of the picture through."""
    assert colored(canvas, spot)
    seen = at(canvas, "masks", spot)[:3]

    def off(meant: Class) -> int:
        color = [int(meant.color[n : n + 2], 16) for n in (1, 3, 5)]
        return sum(abs(a - b) for a, b in zip(color, seen, strict=True))

    return min(classes, key=off)


def near(level: float) -> object:
    return pytest.approx(level, abs=JPEG_LOSS)


def propose_boxes(see: Behind, image: Image, *boxes: Box) -> None:
    """What a run would leave: predictions, put before the reviewer."""
    findings = [Finding("bolt", box, mask_from_box(box), MaskSource.MODEL) for box in boxes]
    with see.services.store.write() as records:
        run = records.runs.add(image.project_id, PROMPT, [image.id], actor=see.services.actor)
        task = records.runs.claim(run.id, worker="somewhere/1/0", lease=timedelta(minutes=1))
        assert task is not None
        found = records.predictions.add(task.id, image.id, findings)
        propose(records, image.id, found, detail={"run": run.id})
        records.runs.settle(task, TaskState.DONE)


def colored(canvas: CanvasHands, spot: Spot) -> bool:
    """Whether a mask colours the pixel, once what was asked for is drawn."""
    canvas.drawn()
    return at(canvas, "masks", spot)[3] > 0
