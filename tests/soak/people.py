"""Somebody who draws small boxes on a picture, one in each cell of a grid, and never waits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from playwright.sync_api import BrowserContext, Error, expect

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.model import Image
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.browser.canvas_hands import CanvasHands, Spot
from tests.browser.hands import Hands

PROJECT = "People at work"
SIZE = (640, 480)
STEP, SIDE, MARGIN = 14, 10, 20
COLUMNS = (SIZE[0] - 2 * MARGIN) // STEP
PEOPLE = 3
RELOAD_EVERY = 25
PATIENCE_MS = 180_000
GONE_MS = 20_000
"""A canvas that has not come by then is not there."""

SAID = """
(stage) => {
  const root = stage.getRootNode(), saved = root.querySelector(".status").textContent === "Saved";
  const objects = [...root.querySelectorAll("[data-object]")];
  return saved ? objects.map((each) => each.dataset.object) : [];
}
"""
"""The ids of all objects on the canvas, if it says that they are saved."""

Cell = int
"""The number of a place on the grid, row by row."""


def pictures_to_review(count: int, *, services: Services) -> list[Image]:
    project = create_project(PROJECT, services=services)
    images = []
    for number in range(count):
        data = encode_png(draw_belt(number, size=SIZE, object_count=1).pixels)
        name = f"{number}.png"
        added = add_picture(name, data, project_id=project.id, services=services).image
        assert added is not None
        images.append(added)
    return images


class SoakPerson:
    """One tab of a browser of their own. ``said`` are the ids of objects it said were saved."""

    def __init__(
        self, name: str, context: BrowserContext, url: str, image: Image, *, turn: int
    ) -> None:
        self.name, self.image = name, image
        self.drawn = 0
        self.said = set[str]()
        self.refused = list[str]()
        self.gone = list[str]()
        self._next = turn
        self._context = context
        context.set_default_timeout(GONE_MS)
        self._hands = Hands(context.new_page(), url)
        self._hands.open_review(image, project=PROJECT)
        self._canvas.press("r")

    @property
    def _canvas(self) -> CanvasHands:
        return self._hands.canvas

    def draw(self) -> None:
        """One box more; now and then the page is loaded anew, if there is a server to load it.

        What falls under a dialog just then is not drawn, and the hand takes its tool again.
        """
        if self.drawn % RELOAD_EVERY == RELOAD_EVERY - 1:
            self._load_anew()
        try:
            self._canvas.press("r")
            self._canvas.drag(*_corners(self._next))
            self._hear()
        except Error as error:  # the canvas is not there: whoever sees that loads the page anew
            self.gone.append(str(error).splitlines()[0])
            self._load_anew()
        self.drawn += 1
        self._next += PEOPLE

    def wait_until_saved(self) -> None:
        expect(self._canvas.status).to_have_text("Saved", timeout=PATIENCE_MS)
        self._hear()
        assert self._hands.page.get_by_test_id("stException").all_inner_texts() == []

    def leave(self) -> None:
        self._context.close()

    def _hear(self) -> None:
        self._canvas.drawn()
        self.said.update(self._canvas.stage.evaluate(SAID))
        self.refused = self._canvas.refusals()

    def _load_anew(self) -> None:
        with suppress(Error, AssertionError):
            if self._hands.page.request.get(f"{self._hands.url}/_stcore/health").ok:
                self._hands.load_anew(self.image)


def _corners(cell: Cell) -> Sequence[Spot]:
    x, y = MARGIN + STEP * (cell % COLUMNS), MARGIN + STEP * (cell // COLUMNS)
    return (x + 2, y + 2), (x + 2 + SIDE, y + 2 + SIDE)
