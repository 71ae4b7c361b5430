"""A detector that sees exactly what is there, and simple things for it to see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from beltmask.geometry import Box, Mask
from beltmask.masks import mask_from_frame, moved, part_in
from beltmask.messages import as_said
from beltmask.model import Finding, MaskSource, Picture, Problem, Prompt, Reply
from beltmask.runs import TaskAnswer


class Eyes(Detector):
    """Sees exactly what is there: each true object's pixels within the picture it is shown."""

    name = "eyes"

    def __init__(self, truth: Sequence[Mask], *, whole: Picture, least: int = 1) -> None:
        self._truth = truth
        self._whole = whole
        self._least = least
        self.asked: list[Picture] = []

    def availability(self) -> Availability:
        return Availability(True, "")

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        self.asked.append(picture)
        yield RequestSent(picture.name)
        place = self._place(picture)
        for mask in self._truth:
            seen = part_in(mask, place)
            if seen is not None and seen.area >= self._least:
                local = moved(seen, -place.x0, -place.y0)
                yield ObjectFound(Finding("thing", local.box, local, MaskSource.MODEL))
        yield ProblemFound(Problem("noted", as_said("seen"), object=1))
        yield ReplyFinished(Reply(raw=picture.name))

    def _place(self, picture: Picture) -> Box:
        """Tiles are views of the whole picture's memory."""
        start = picture.pixels.__array_interface__["data"][0]
        origin = self._whole.pixels.__array_interface__["data"][0]
        y, x = divmod((start - origin) // 3, self._whole.size[0])
        return Box(x, y, x + picture.size[0], y + picture.size[1])


def blank(width: int, height: int) -> Picture:
    return Picture("line.png", "0" * 64, np.zeros((height, width, 3), dtype=np.uint8))


def ellipse(width: int, height: int, at: tuple[int, int], axes: tuple[int, int]) -> Mask:
    frame = np.zeros((height, width), dtype=np.uint8)
    cv2.ellipse(frame, at, axes, 30, 0, 360, 1, -1)
    mask = mask_from_frame(frame.astype(np.bool_))
    assert mask is not None
    return mask


def found(events: Iterator[Event]) -> list[Finding]:
    """What counts in the end."""
    answer = TaskAnswer()
    answer.take(events)
    return answer.findings
