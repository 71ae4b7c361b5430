"""One person at one tab of the Review page, who goes from picture to picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from beltmask.model import Annotation, Image, Mask, Project
from tests.browser.canvas_hands import CanvasHands
from tests.browser.hands import Behind, Hands
from tests.browser.script_runs import settled


@dataclass(frozen=True)
class Review:
    """A picture open on the canvas, with two squares on it, and the store behind."""

    canvas: CanvasHands
    see: Behind
    image: Image

    @property
    def objects(self) -> list[Annotation]:
        self.canvas.saved()
        return list(self.see.sheet(self.image).annotations)

    @property
    def masks(self) -> list[Mask | None]:
        return [each.mask for each in self.objects]


class Desk:
    """Hands out the pictures of a project one after another.

    ``failures`` tells how many tests have failed: after one of them nobody knows what the tab
    looks like, and the next picture is opened anew.
    """

    def __init__(
        self, hands: Hands, see: Behind, project: Project, failures: Callable[[], int]
    ) -> None:
        self.hands = hands
        self.see = see
        self._project = project.name
        self._images = see.images(project.name)
        self._queue = iter(self._images)
        self._failures = failures
        self._failed = -1

    def next(self) -> Review:
        image = next(self._queue)
        if self._failures() != self._failed:
            self._failed = self._failures()
            self.hands.open_review(image, project=self._project)
        else:
            self._walk_to(image)
        return Review(self.hands.canvas, self.see, image)

    def open(self, name: str) -> Review:
        """The picture of this name, by its link; the next one is opened by its link too."""
        [image] = [each for each in self._images if each.name == name]
        self._failed = -1
        self.hands.open_review(image, project=self._project)
        return Review(self.hands.canvas, self.see, image)

    def _walk_to(self, image: Image) -> None:
        """By the key, with nothing chosen and no tool in the hand."""
        self.hands.canvas.press("Escape", "Escape", "Escape", "v", "f")
        self.hands.canvas.ready(image)
        settled(self.hands.page)
