"""A detector such as anybody might add: it finds bright squares, and writes its answer as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

import pytest

from beltmask.detectors.base import (
    Availability,
    Detector,
    DetectorTraits,
    EarlierAnswer,
    Estimate,
    Event,
    ModelChoice,
    ReplyFinished,
    RequestSent,
)
from beltmask.detectors.llm.earlier_replies import read_again
from beltmask.detectors.replies.reader import read_reply
from beltmask.detectors.replies.rebuilt_masks import events_of
from beltmask.model import Box, Picture, Prompt, Reply, Size
from beltmask.workflows import services
from beltmask.workflows.services import held_to_belt
from tests.beltmask.simple_detectors import findings_in

SQUARES = Prompt("squares", "bright squares", model="squares-1")


class BrightSquares(Detector):
    """Costs a cent a square, if there is one."""

    name = "squares"
    traits = DetectorTraits(
        asks_a_model=True,
        usual_model="squares-1",
        ignores_sketches="Squares are found without a sketch.",
        writes_replies=True,
    )

    def availability(self) -> Availability:
        return Availability(ready=True, note="Bright squares, on this machine.")

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        found = [finding.box for finding in findings_in(picture.pixels)][: prompt.object_cap]
        text = json.dumps([_entry(box, picture.size) for box in found])
        request = hashlib.sha256((self.words_for(prompt) + text).encode()).hexdigest()
        yield RequestSent(request)
        read = read_reply(text, size=picture.size, object_cap=prompt.object_cap)
        yield from events_of(read)
        yield ReplyFinished(Reply(text, request, read.dialect, readable=True))

    def read(self, answer: EarlierAnswer, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        read = partial(read_reply, size=picture.size)
        return read_again(answer, picture.pixels, read, object_cap=prompt.object_cap)

    def words_for(self, prompt: Prompt) -> str:
        return f"{prompt.model}, find {prompt.query}"

    def fallback_steps(self, prompt: Prompt) -> Sequence[str]:
        return ["with brighter light"]

    def models(self, day: date) -> Sequence[ModelChoice]:
        return [self.model(name, day) for name in ("squares-1", "squares-2")]

    def model(self, name: str, day: date) -> ModelChoice:
        return ModelChoice(name, f"{name} is of {day.year}", heeds_temperature=name != "squares-2")

    def estimate(self, prompt: Prompt, sizes: Sequence[Size], day: date) -> Estimate:
        cents = len(sizes), len(sizes) * prompt.object_cap
        tokens = sum(len(self.words_for(prompt)) for _ in sizes)
        return Estimate(
            len(sizes), (len(sizes),) * 2, tokens, cents, (cents[0] / 100, cents[1] / 100)
        )


def add_squares(patch: pytest.MonkeyPatch) -> None:
    """The one line in ``services`` that a detector of one's own needs."""
    line = (lambda _: held_to_belt(BrightSquares()),)
    patch.setattr(services, "DETECTORS", (*services.DETECTORS, *line))


def _entry(box: Box, size: Size) -> dict[str, object]:
    """In thousandths, y before x."""
    x0, x1 = (round(1000 * x / size[0]) for x in (box.x0, box.x1))
    y0, y1 = (round(1000 * y / size[1]) for y in (box.y0, box.y1))
    outline = [[y0, x0], [y0, x1], [y1, x1], [y1, x0]]
    return {"box_2d": [y0, x0, y1, x1], "label": "square", "mask": outline}
