"""The belt region before and behind every detector: what it sees, and what of it counts.

A detector is shown the picture cut to the belt and a margin around it. What it reports is moved
back; what lies mostly outside, or in an ignored zone, becomes a problem. A mask is never cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from beltmask.detectors.base import (
    Detector,
    EarlierAnswer,
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ProblemFound,
    ReplyFinished,
    WrappedDetector,
)
from beltmask.detectors.lines import area_of, lines_in, ring_of
from beltmask.errors import SettingsError
from beltmask.geometry import BeltRegion, BoolArray, Box, Size
from beltmask.masks import bits_in, difference, mask_from_box, moved
from beltmask.messages import Message
from beltmask.model import Finding, Picture, Problem, Prompt

OUTSIDE = "outside_region"
"""The kind of problem an object becomes that does not count."""
MARGIN = 0.03
"""Of the longer side: an object that lies across the edge of the belt is seen whole."""
LEAST_SHARE = 0.5
_NOTHING_LEFT = Message("detectors.draw_region_anew")


@dataclass(frozen=True, slots=True, eq=False)
class BeltView:
    """A picture as a detector is shown it: ``window`` of the whole, and where objects ``count``.

    ``count`` has the shape of the window.
    """

    picture: Picture
    size: Size
    window: Box
    count: BoolArray

    def prompt(self, prompt: Prompt) -> Prompt:
        """The same question about the window."""
        return replace(prompt, sketch=lines_in(prompt.sketch, self.size, self.window))

    def whole(self, finding: Finding) -> Finding:
        """A finding of the window in the whole picture's pixels."""
        x, y = self.window.x0, self.window.y0
        mask = None if finding.mask is None else moved(finding.mask, x, y)
        return replace(finding, box=finding.box.moved(x, y), mask=mask)

    def share(self, finding: Finding) -> float:
        """How much of a finding of the window lies where objects count, 0..1."""
        mask = finding.mask or mask_from_box(finding.box)
        box = mask.box.clipped(self.picture.size)
        if box is None:
            return 0.0
        here = self.count[box.y0 : box.y1, box.x0 : box.x1] & bits_in(mask, box)
        return float(np.count_nonzero(here)) / mask.area

    def counts(self, finding: Finding) -> bool:
        """Whether at least half of it lies where objects count."""
        return self.share(finding) >= LEAST_SHARE

    def region(self, part: Box | None) -> Box | None:
        """A part of the window in the whole picture's pixels; None is all of it, here as there."""
        if self.window == Box(0, 0, *self.size):
            return part
        return self.window if part is None else part.moved(self.window.x0, self.window.y0)

    def part(self, region: Box | None) -> Box | None:
        """What ``region`` made of a part of the window, made undone."""
        if region is None or region == self.window:
            return None
        return region.moved(-self.window.x0, -self.window.y0)

    def earlier(self, answer: EarlierAnswer) -> EarlierAnswer:
        """Replies about the whole picture as replies about the window."""
        replies = tuple(
            replace(
                earlier,
                reply=replace(earlier.reply, region=self.part(earlier.reply.region)),
                problems=tuple(one for one in earlier.problems if one.kind != OUTSIDE),
            )
            for earlier in answer.replies
        )
        return replace(answer, replies=replies)

    def problem(self, finding: Finding) -> Problem:
        box = self.whole(finding).box
        said = Message(
            "detectors.outside_the_belt",
            label=finding.label,
            x0=box.x0,
            y0=box.y0,
            x1=box.x1,
            y1=box.y1,
            share=float(self.share(finding)),
        )
        return Problem(OUTSIDE, said)


class RegionDetector(WrappedDetector):
    """Any detector, held to the belt region of the picture it is shown."""

    def __init__(self, detector: Detector, *, shows_all: bool = False) -> None:
        """``shows_all``: its answers are about whole pictures, so it is shown all of them."""
        super().__init__(detector)
        self._shows_all = shows_all

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        """
        Raises:
            SettingsError: The region leaves nothing of the picture.
            DetectorError: The picture could not be answered.
        """
        if not picture.belt:
            yield from self._detector.detect(picture, prompt)
            return
        view = belt_view(picture, whole=self._shows_all)
        yield from _counted(self._detector.detect(view.picture, view.prompt(prompt)), view)

    def read(self, answer: EarlierAnswer, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        """
        Raises:
            SettingsError: The region leaves nothing of the picture.
            DetectorError: As ``base.Detector`` says.
        """
        if not picture.belt:
            yield from self._detector.read(answer, picture, prompt)
            return
        view = belt_view(picture, whole=self._shows_all)
        events = self._detector.read(view.earlier(answer), view.picture, view.prompt(prompt))
        yield from _counted(events, view)


def belt_view(picture: Picture, *, whole: bool = False) -> BeltView:
    """What of a picture with a belt region is shown; ``whole`` shows all of it.

    Raises:
        SettingsError: The region leaves nothing of the picture.
    """
    size, region = picture.size, picture.belt or BeltRegion()
    frame = Box(0, 0, *size)
    belt = area_of(region.belt, size) if region.belt else mask_from_box(frame)
    counts = difference(belt, area_of(region.ignored, size))
    if belt is None or counts is None:
        said = Message("detectors.region_leaves_nothing", name=picture.name)
        raise SettingsError(said, hint=_NOTHING_LEFT)
    window = frame if whole else seen_window(region, size)
    pixels = picture.pixels[window.y0 : window.y1, window.x0 : window.x1]
    shown = Picture(picture.name, picture.sha256, pixels)
    return BeltView(shown, size, window, bits_in(counts, window))


def seen_window(region: BeltRegion | None, size: Size) -> Box:
    """The part of a picture of ``size`` that is shown: the belt and a margin around it."""
    frame = Box(0, 0, *size)
    if not region or not region.belt:
        return frame
    corners = np.concatenate([ring_of(line, size) for line in region.belt])
    margin = round(MARGIN * max(size))
    x0, y0 = np.floor(corners.min(axis=0)).astype(int) - margin
    x1, y1 = np.ceil(corners.max(axis=0)).astype(int) + margin
    return Box(int(x0), int(y0), int(x1), int(y1)).clipped(size) or frame


def _counted(events: Iterable[Event], view: BeltView) -> Iterator[Event]:
    """Events about the window as events about the whole picture, and what does not count."""
    dropped: list[Problem] = []
    for event in events:
        yield from _told(event, view, dropped)
    yield from map(ProblemFound, dropped)


def _told(event: Event, view: BeltView, dropped: list[Problem]) -> Iterator[Event]:
    """What an event about the window means for the whole picture."""
    match event:
        case ObjectFound(finding):
            if view.counts(finding):
                yield ObjectFound(view.whole(finding))
            else:
                dropped.append(view.problem(finding))
        case ObjectsWithdrawn():
            dropped.clear()
            yield event
        case ReplyFinished(reply):
            yield ReplyFinished(replace(reply, region=view.region(reply.region)))
        case _:
            yield event
