"""A reviewer's hands on the canvas: clicks and keys where a pixel of the image is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from beltmask.model import Image

PATIENCE_MS = 90_000
"""A browser that lost its server asks for it again in ever longer steps."""
COLORED = """
(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 3; at < data.length; at += 4) count += data[at] > 0 ? 1 : 0;
  return count;
}
"""

Spot = tuple[float, float]
"""A place in image pixels."""


@dataclass(frozen=True, slots=True)
class View:
    """Where the picture stands: screen pixels for one of the image, and its corner on the page."""

    scale: float
    left: float
    top: float

    def to_page(self, spot: Spot) -> Spot:
        """Whole screen pixels, as a mouse has them."""
        return (round(self.left + spot[0] * self.scale), round(self.top + spot[1] * self.scale))

    def to_image(self, place: Spot) -> Spot:
        return ((place[0] - self.left) / self.scale, (place[1] - self.top) / self.scale)


class CanvasHands:
    """Everything a person does on the review canvas of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def stage(self) -> Locator:
        return self.page.locator(".stage")

    @property
    def objects(self) -> Locator:
        return self.page.get_by_role("listbox", name="Objects").get_by_role("option")

    @property
    def status(self) -> Locator:
        return self.page.locator(".bar .status")

    def refusals(self) -> list[str]:
        """What the canvas says was refused and nobody has dismissed yet."""
        return self.page.locator(".notice.lasting").all_inner_texts()

    def drawn(self) -> None:
        """Wait for the frame that draws what the canvas knows by now, and tells of it."""
        self.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => drawn()))")

    def ready(self, image: Image) -> None:
        """Wait until the canvas shows the image, with all its masks."""
        self.drawn()
        expect(self.stage).to_have_attribute("data-shows", str(image.id))
        expect(self.stage).to_have_attribute("data-complete", "true")
        self.page.mouse.move(1, 1)

    def saved(self) -> None:
        """Wait until the canvas says so."""
        expect(self.status).to_have_text("Saved", timeout=PATIENCE_MS)

    def colored_pixels(self) -> int:
        """How many pixels of the screen the masks colour."""
        return int(self.stage.locator("canvas.masks").evaluate(COLORED))

    def view(self) -> View:
        told = self.stage.get_attribute("data-view")
        box = self.stage.bounding_box()
        assert told is not None
        assert box is not None
        scale, x, y = map(float, told.split(","))
        return View(scale, box["x"] + x, box["y"] + y)

    def land(self, spot: Spot) -> Spot:
        """Where in the image the mouse comes to when it is sent to a spot."""
        view = self.view()
        return view.to_image(view.to_page(spot))

    def click(self, *spots: Spot, modifier: str = "") -> list[Spot]:
        """Click at spots one after another; returns where in the image that was."""
        view = self.view()
        if modifier:
            self.page.keyboard.down(modifier)
        for spot in spots:
            self.page.mouse.click(*view.to_page(spot))
        if modifier:
            self.page.keyboard.up(modifier)
        return [view.to_image(view.to_page(spot)) for spot in spots]

    def drag(self, *spots: Spot) -> list[Spot]:
        with self.dragging(*spots) as landed:
            pass
        return landed

    @contextmanager
    def dragging(self, *spots: Spot) -> Iterator[list[Spot]]:
        """What is done inside happens while the mouse is down."""
        view = self.view()
        places = [view.to_page(spot) for spot in spots]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place)
        yield [view.to_image(place) for place in places]
        self.page.mouse.up()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def select(self, *numbers: int) -> None:
        """Choose objects in the list, the first alone and the others with Shift."""
        for place, number in enumerate(numbers):
            self.row(number).click(modifiers=["Shift"] if place else [])

    def row(self, number: int) -> Locator:
        return self.page.get_by_role("option", name=f"Object {number},")

    def says(self, words: str) -> None:
        expect(self.page.locator(".notices").get_by_text(words)).to_be_visible()


def whole(spots: Sequence[Spot]) -> list[tuple[int, int]]:
    """Spots at the nearest pixel edges."""
    return [(round(x), round(y)) for x, y in spots]
