"""The belt region before and behind a detector: what it sees, what counts, and what is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.base import (
    Availability,
    Detector,
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ReplyFinished,
)
from beltmask.detectors.region import OUTSIDE, RegionDetector, belt_view, seen_window
from beltmask.detectors.tiling import TilingDetector
from beltmask.errors import SettingsError
from beltmask.geometry import BeltRegion, Box, Line
from beltmask.masks import mask_from_box
from beltmask.model import Finding, MaskSource, Picture, Problem, Prompt, Reply, Tiling
from beltmask.runs import TaskAnswer
from tests.beltmask.simple_detectors import findings_in

PROMPT = Prompt("spots", "spots")
SIZE = (200, 100)
LEFT: Line = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
SPOTS = [Box(10, 20, 20, 30), Box(94, 40, 104, 60), Box(98, 70, 118, 80), Box(150, 10, 170, 30)]


class Spots(Detector):
    """Finds what is bright in whatever it is shown, which it remembers."""

    name = "spots"

    def __init__(self) -> None:
        self.seen: list[Picture] = []
        self.prompts: list[Prompt] = []

    def availability(self) -> Availability:
        return Availability(ready=True, note="")

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        self.seen.append(picture)
        self.prompts.append(prompt)
        yield from map(ObjectFound, findings_in(picture.pixels))
        yield ReplyFinished(Reply("", "aa"))


def belt(region: BeltRegion | None, spots: Sequence[Box] = SPOTS) -> Picture:
    pixels = np.full((SIZE[1], SIZE[0], 3), 40, dtype=np.uint8)
    for box in spots:
        pixels[box.y0 : box.y1, box.x0 : box.x1] = 200
    return Picture("belt.png", "ff", pixels, region)


def asked(region: BeltRegion | None, prompt: Prompt = PROMPT) -> tuple[TaskAnswer, Spots]:
    spots, answer = Spots(), TaskAnswer()
    detector = RegionDetector(TilingDetector(spots))
    answer.take(detector.detect(belt(region), prompt))
    return answer, spots


def boxes(answer: TaskAnswer) -> list[Box]:
    return sorted((finding.box for finding in answer.findings), key=lambda box: box.corners)


def test_without_a_region_everything_is_seen_and_counts() -> None:
    answer, spots = asked(None)
    assert boxes(answer) == SPOTS
    assert [picture.size for picture in spots.seen] == [SIZE]
    assert (answer.late, answer.replies[0][0].region) == ((), None)


def test_what_lies_mostly_outside_is_told_as_a_problem_and_no_mask_is_cut() -> None:
    answer, _ = asked(BeltRegion((LEFT,)))
    assert boxes(answer) == SPOTS[:2]
    assert [finding.mask for finding in answer.findings] == list(map(mask_from_box, SPOTS[:2]))
    assert [problem.kind for problem in answer.late] == [OUTSIDE]
    assert "x 98, y 70 to x 106, y 80: 25% of it lies" in answer.late[0].detail


def test_a_detector_is_shown_the_belt_and_a_margin_around_it() -> None:
    answer, spots = asked(BeltRegion((LEFT,)))
    assert [picture.size for picture in spots.seen] == [(106, 100)]
    assert answer.replies[0][0].region == Box(0, 0, 106, 100)


def test_what_lies_in_an_ignored_zone_does_not_count_and_is_seen_all_the_same() -> None:
    zone: Line = ((0.7, 0.0), (1.0, 0.0), (1.0, 0.4), (0.7, 0.4))
    answer, spots = asked(BeltRegion(ignored=(zone,)))
    assert boxes(answer) == SPOTS[:3]
    assert [problem.kind for problem in answer.late] == [OUTSIDE]
    assert np.array_equal(spots.seen[0].pixels, belt(None).pixels)


def test_of_two_parts_of_a_belt_that_overlap_both_count() -> None:
    wide: Line = ((0.2, 0.0), (1.0, 0.0), (1.0, 1.0), (0.2, 1.0))
    answer, _ = asked(BeltRegion((LEFT, wide)))
    assert boxes(answer) == SPOTS


def test_an_object_across_tiles_is_judged_whole() -> None:
    tiled = Prompt("spots", "spots", tiling=Tiling.TILES, image_side=60)
    answer, spots = asked(BeltRegion((LEFT,)), tiled)
    assert len(spots.seen) > 1
    assert boxes(answer) == SPOTS[:2]
    assert [problem.kind for problem in answer.late] == [OUTSIDE]
    regions = [reply.region for reply, _ in answer.replies]
    assert all(region and region.x1 <= 106 for region in regions)


def test_strokes_keep_their_place_on_the_belt() -> None:
    right: Line = ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0))
    _, spots = asked(BeltRegion((right,)), Prompt("spots", "", sketch=(((0.75, 0.5), (0.8, 0.6)),)))
    window = seen_window(BeltRegion((right,)), SIZE)
    [[(x, y), _]] = spots.prompts[0].sketch
    assert (x * window.width + window.x0, y * window.height + window.y0) == pytest.approx((150, 50))


def test_a_region_that_leaves_nothing_is_refused_in_a_sentence() -> None:
    with pytest.raises(SettingsError, match=r"leaves nothing of belt\.png"):
        asked(BeltRegion((LEFT,), (LEFT,)))


@pytest.mark.parametrize(("x", "counts"), [(95, True), (96, False)])
def test_an_object_counts_from_half_of_it_on(x: int, counts: bool) -> None:
    """The belt ends at x 100; the objects are 10 px wide."""
    region = BeltRegion((LEFT,))
    view = belt_view(belt(region))
    box = Box(x, 40, x + 10, 50)
    assert view.counts(Finding("spot", box, mask_from_box(box), MaskSource.MODEL)) is counts


def test_what_a_detector_sees_beside_the_picture_does_not_count() -> None:
    view = belt_view(belt(BeltRegion((LEFT,))))
    beside = Box(400, 40, 410, 50)
    assert view.share(Finding("spot", beside, None, MaskSource.NONE)) == 0.0


def test_what_is_taken_back_is_no_problem_either() -> None:
    class WithdrawnSpots(Spots):
        def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
            yield from map(ObjectFound, findings_in(picture.pixels))
            yield ObjectsWithdrawn()
            yield ReplyFinished(Reply("", "aa"))

    answer = TaskAnswer()
    answer.take(RegionDetector(WithdrawnSpots()).detect(belt(BeltRegion((LEFT,))), PROMPT))
    assert (answer.findings, answer.late) == ([], ())


shares = st.floats(0, 1, allow_nan=False)
lines = st.lists(st.tuples(shares, shares), min_size=3, max_size=8).map(tuple)


@given(st.lists(lines, max_size=3).map(tuple), st.lists(lines, max_size=2).map(tuple))
def test_every_object_counts_or_is_told_as_a_problem(
    on_belt: tuple[Line, ...], ignored: tuple[Line, ...]
) -> None:
    region = BeltRegion(on_belt, ignored)
    try:
        view = belt_view(belt(region))
    except SettingsError:
        return
    window = view.window
    found = [box.overlap(window) for box in SPOTS]
    seen = [mask_from_box(box.moved(-window.x0, -window.y0)) for box in found if box]
    findings = [Finding("spot", mask.box, mask, MaskSource.MODEL) for mask in seen]
    answer, late = TaskAnswer(), list[Problem]()
    answer.take(RegionDetector(Spots()).detect(belt(region), PROMPT))
    late += answer.late
    assert len(answer.findings) + len(late) == len(findings)
    assert all(finding.box in found for finding in answer.findings)
