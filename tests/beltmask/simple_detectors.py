"""Small detectors that really look at the picture, for tests of what is built around them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from queue import Queue

import cv2
import numpy as np

from beltmask.detectors.base import (
    Availability,
    Detector,
    Event,
    ObjectFound,
    ProblemFound,
    ReplyFinished,
    RequestSent,
)
from beltmask.images import encode_png
from beltmask.masks import mask_from_frame
from beltmask.messages import as_said
from beltmask.model import Finding, MaskSource, Picture, Pixels, Problem, Prompt, Reply

_PATIENCE = 30


class BrightSpots(Detector):
    """Finds what is brighter than the belt; ``before_answer`` may do harm to some pictures."""

    name = "bright"

    def __init__(self, before_answer: Callable[[Picture], None] = lambda _: None) -> None:
        self._before_answer = before_answer

    def availability(self) -> Availability:
        return Availability(ready=True, note="Looks for bright spots.")

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        """The events of two requests: a first look that finds nothing, then the objects."""
        yield RequestSent("aa")
        yield ProblemFound(Problem("too dark", as_said("asked again")))
        yield ReplyFinished(Reply(f"looking at {picture.name}", "aa"))
        self._before_answer(picture)
        yield RequestSent("bb")
        found = findings_in(picture.pixels)
        yield from (ObjectFound(finding) for finding in found)
        yield ReplyFinished(Reply(f"{len(found)} objects", "bb"))


class Gate:
    """Holds a detector back until the test lets it go on."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, _: Picture) -> None:
        self.reached.set()
        assert self.open.wait(timeout=30)


class Stepwise(Detector):
    """Tells what the test tells it, when it does; or ``events`` to every picture at once."""

    name = "stepwise"

    def __init__(self, events: Sequence[Event] | None = None) -> None:
        self._events = events
        self._orders: Queue[Event | Exception | None] = Queue()
        self._taken = threading.Semaphore(0)

    def tell(self, event: Event) -> None:
        """Returns when whoever asked has taken it."""
        self._orders.put(event)
        assert self._taken.acquire(timeout=_PATIENCE)

    def fail(self, error: Exception) -> None:
        self._orders.put(error)

    def end(self) -> None:
        self._orders.put(None)

    def availability(self) -> Availability:
        return Availability(ready=True, note="Does as it is told.")

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        if self._events is not None:
            yield from self._events
            return
        while (order := self._orders.get(timeout=_PATIENCE)) is not None:
            if isinstance(order, Exception):
                raise order
            yield order
            self._taken.release()


def findings_in(pixels: Pixels) -> list[Finding]:
    count, labels = cv2.connectedComponents((pixels[:, :, 0] > 128).astype(np.uint8))
    found = [mask_from_frame(np.asarray(labels == number)) for number in range(1, count)]
    return [Finding("spot", mask.box, mask, MaskSource.MODEL) for mask in found if mask is not None]


def spotted_belt(seed: int, spots: int = 2, width: int = 64, height: int = 48) -> bytes:
    """A PNG of a dark belt with bright spots that lie apart."""
    pixels = np.full((height, width, 3), 40, dtype=np.uint8)
    pixels[0, 0] = seed % 100
    for number in range(spots):
        x, y = 4 + 20 * (number % 3), 5 + 16 * (number // 3) + seed % 7
        pixels[y : y + 6, x : x + 9] = 200
    return encode_png(pixels)
