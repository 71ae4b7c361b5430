"""Kept replies take the way the first ones took: through the belt region, the tiles, the parser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from beltmask.detectors.base import EarlierAnswer, EarlierReply, Event
from beltmask.detectors.offline import OfflineDetector
from beltmask.detectors.region import OUTSIDE, RegionDetector
from beltmask.detectors.tiling import TilingDetector
from beltmask.errors import UnansweredError, UnreadableReplyError
from beltmask.geometry import BeltRegion, Box
from beltmask.messages import as_said
from beltmask.model import Picture, Problem, Prompt, Reply, Tiling
from beltmask.runs import TaskAnswer
from tests.beltmask.bright_squares import SQUARES, BrightSquares
from tests.beltmask.detectors.eyes import blank

SIDE = 100
BOXES = [Box(20, 10, 40, 30), Box(90, 40, 110, 60), Box(160, 60, 180, 80), Box(227, 40, 233, 60)]
"""The second lies across a seam, the last beyond the belt and near enough to be seen."""
BELT = BeltRegion((((0.05, 0.0), (0.75, 0.0), (0.75, 1.0), (0.05, 1.0)),))
DETECTOR = RegionDetector(TilingDetector(BrightSquares()))


def belt(region: BeltRegion | None = BELT) -> Picture:
    pixels = np.full((100, 300, 3), 40, dtype=np.uint8)
    for box in BOXES:
        pixels[box.y0 : box.y1, box.x0 : box.x1] = 200
    return Picture("belt.png", "ff", pixels, region)


def asked(tiling: Tiling) -> Prompt:
    return replace(SQUARES, tiling=tiling, image_side=SIDE)


def taken(events: Iterator[Event]) -> TaskAnswer:
    answer = TaskAnswer()
    answer.take(events)
    return answer


def kept(answer: TaskAnswer, *, complete: bool = True) -> EarlierAnswer:
    """As the store keeps it: late problems are the last reply's."""
    replies = [EarlierReply(reply, problems) for reply, problems in answer.replies]
    last = replace(replies[-1], problems=(*replies[-1].problems, *answer.late))
    return EarlierAnswer((*replies[:-1], last), complete)


def told(answer: TaskAnswer) -> list[object]:
    objects = [(one.label, one.box, one.mask) for one in answer.findings]
    replies = [(reply.raw, reply.region, problems) for reply, problems in answer.replies]
    return [objects, replies, answer.late]


@pytest.mark.parametrize("region", [None, BELT], ids=["everywhere", "on the belt"])
@pytest.mark.parametrize("tiling", list(Tiling))
def test_an_answer_is_read_again_as_it_was_told(tiling: Tiling, region: BeltRegion | None) -> None:
    prompt, picture = replace(asked(tiling), object_cap=len(BOXES)), belt(region)
    first = taken(DETECTOR.detect(picture, prompt))
    again = taken(DETECTOR.read(kept(first), picture, prompt))
    assert told(again) == told(first)
    assert [problem.kind for problem in first.late] == [OUTSIDE] * (region is not None)
    said = {problem.kind for _, problems in first.replies for problem in problems}
    assert said == ({"at_object_cap"} if tiling is not Tiling.TILES else set())
    spent = {(reply.cached, reply.cost, reply.latency) for reply, _ in again.replies}
    assert spent == {(True, None, 0.0)}


@pytest.mark.parametrize("detail", ["tile 2 of 4: another answered", "another answered"])
def test_what_the_service_told_of_a_tile_stays_and_names_the_tile_once(detail: str) -> None:
    prompt = asked(Tiling.TILES)
    answer = kept(taken(DETECTOR.detect(belt(None), prompt)))
    replies = list(answer.replies)
    replies[1] = replace(replies[1], problems=(Problem("rerouted", as_said(detail)),))
    for _ in range(2):
        again = taken(DETECTOR.read(replace(answer, replies=tuple(replies)), belt(None), prompt))
        [problem] = again.replies[1][1]
        assert problem.detail == "tile 2 of 4: another answered"
        replies = list(kept(again).replies)


def test_an_object_beyond_the_belt_is_told_once_however_many_replies_there_were() -> None:
    prompt = asked(Tiling.WHOLE)
    good = kept(taken(DETECTOR.detect(belt(), prompt))).replies[0]
    beyond = tuple(problem for problem in good.problems if problem.kind == OUTSIDE)
    prose = EarlierReply(Reply("Nothing but prose.", region=good.reply.region), beyond)
    again = taken(DETECTOR.read(EarlierAnswer((good, prose)), belt(), prompt))
    problems = [*again.late, *(one for _, each in again.replies for one in each)]
    assert [problem.kind for problem in problems] == [OUTSIDE]
    assert [finding.box for finding in again.findings] == BOXES[:3]


def test_tiles_that_were_never_answered_are_counted() -> None:
    prompt = asked(Tiling.TILES)
    answer = kept(taken(DETECTOR.detect(belt(None), prompt)), complete=False)
    half = replace(answer, replies=answer.replies[:2])
    with pytest.raises(UnansweredError, match=r"^2 of its tiles were never answered$"):
        taken(DETECTOR.read(half, belt(None), prompt))
    assert taken(DETECTOR.read(answer, belt(None), prompt)).findings


def test_a_tile_nobody_can_read_is_named() -> None:
    prompt = asked(Tiling.TILES)
    answer = kept(taken(DETECTOR.detect(belt(None), prompt)))
    [first, second, *others] = answer.replies
    spoilt = replace(second, reply=replace(second.reply, raw="Nothing but prose."))
    with pytest.raises(UnreadableReplyError, match=r"^tile 2 of 4: the reply is prose"):
        taken(DETECTOR.read(EarlierAnswer((first, spoilt, *others)), belt(None), prompt))


def test_a_detector_without_replies_of_its_own_says_so() -> None:
    detector = RegionDetector(TilingDetector(OfflineDetector()))
    answer = EarlierAnswer((EarlierReply(Reply("[]")),))
    assert not detector.traits.writes_replies
    with pytest.raises(UnreadableReplyError, match="offline writes nothing that could be read"):
        taken(detector.read(answer, blank(50, 50), Prompt("offline", "")))
