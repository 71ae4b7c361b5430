"""Large pictures in tiles: everything covered, every object whole and once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.demo import draw_belt
from beltmask.detectors.base import (
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ProblemFound,
    ReplyFinished,
)
from beltmask.detectors.offline import OfflineDetector
from beltmask.detectors.tiling import (
    TilingDetector,
    detect_closely,
    detect_in_tiles,
    tiles_of,
)
from beltmask.errors import DetectorBusyError
from beltmask.geometry import Box, Mask
from beltmask.masks import iou
from beltmask.messages import as_said
from beltmask.model import Finding, MaskSource, Picture, Prompt, Tiling
from beltmask.runs import TaskAnswer
from tests.beltmask.detectors.eyes import Eyes, blank, ellipse, found

PROMPT = Prompt("eyes", "everything")
sizes = st.tuples(st.integers(1, 3000), st.integers(1, 3000))


@given(size=sizes, side=st.integers(16, 1500))
def test_tiles_cover_every_pixel_and_share_a_fifth(size: tuple[int, int], side: int) -> None:
    tiles = tiles_of(size, side)
    assert all(tile.width <= side and tile.height <= side for tile in tiles)
    columns = sorted({(tile.x0, tile.x1) for tile in tiles})
    assert (columns[0][0], columns[-1][1]) == (0, size[0])
    for (_, end), (start, _) in pairwise(columns):
        assert end - start >= side // 5


def test_a_small_picture_is_one_tile() -> None:
    assert tiles_of((800, 600), 1024) == [Box(0, 0, 800, 600)]


def test_objects_cut_by_seams_come_back_whole_and_once() -> None:
    picture = blank(900, 700)
    truth = [
        ellipse(900, 700, (450, 350), (400, 30)),  # runs through many tiles
        ellipse(900, 700, (560, 160), (40, 25)),  # on a seam
        ellipse(900, 700, (850, 60), (8, 5)),  # in a corner tile only
    ]
    eyes = Eyes(truth, whole=picture)
    findings = found(detect_in_tiles(eyes, picture, PROMPT, tiles_of(picture.size, 200)))
    assert len(findings) == len(truth)
    assert all(any(each.mask == mask for each in findings) for mask in truth)


def test_neighbours_that_touch_a_seam_stay_two() -> None:
    picture = blank(400, 200)
    truth = [ellipse(400, 200, (180, 100), (15, 15)), ellipse(400, 200, (216, 100), (15, 15))]
    eyes = Eyes(truth, whole=picture)
    assert len(found(detect_in_tiles(eyes, picture, PROMPT, tiles_of(picture.size, 220)))) == 2


def test_every_tile_keeps_its_reply_and_says_where_its_problems_are() -> None:
    picture = blank(400, 200)
    tiles = tiles_of(picture.size, 220)
    events = list(detect_in_tiles(Eyes([], whole=picture), picture, PROMPT, tiles))
    regions = [event.reply.region for event in events if isinstance(event, ReplyFinished)]
    assert regions == tiles
    details = [event.problem.detail for event in events if isinstance(event, ProblemFound)]
    assert details == [f"tile {n} of {len(tiles)}: seen" for n in range(1, len(tiles) + 1)]


def test_a_tile_nobody_answered_is_not_taken_for_empty() -> None:
    class Busy(Eyes):
        def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
            if len(self.asked) == 1:
                raise DetectorBusyError(as_said("overloaded"))
            yield from super().detect(picture, prompt)

    picture = blank(400, 200)
    with pytest.raises(DetectorBusyError, match="tile 2 of 3: overloaded"):
        list(detect_in_tiles(Busy([], whole=picture), picture, PROMPT, tiles_of((400, 200), 220)))


def test_what_a_tile_takes_back_is_gone_and_other_tiles_stay() -> None:
    class Unsure(Eyes):
        def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
            yield from super().detect(picture, prompt)
            if picture is not self.asked[0]:
                yield ObjectsWithdrawn()

    picture = blank(400, 200)
    truth = [ellipse(400, 200, (40, 100), (20, 10)), ellipse(400, 200, (360, 100), (20, 10))]
    unsure = Unsure(truth, whole=picture)
    findings = found(detect_in_tiles(unsure, picture, PROMPT, tiles_of(picture.size, 220)))
    assert [finding.mask for finding in findings] == truth[:1]


def test_objects_are_told_while_tiles_are_looked_at() -> None:
    picture = blank(900, 200)
    truth = [ellipse(900, 200, (200, 100), (60, 30)), ellipse(900, 200, (700, 100), (20, 10))]
    told = detect_in_tiles(Eyes(truth, whole=picture), picture, PROMPT, tiles_of(picture.size, 220))
    early = takewhile(lambda event: not isinstance(event, ObjectsWithdrawn), told)
    pieces = [event.finding for event in early if isinstance(event, ObjectFound)]
    assert len(pieces) > len(truth)
    assert all(any(iou(one.mask, whole) > 0 for whole in truth) for one in pieces if one.mask)


@pytest.mark.parametrize(
    ("tiling", "size", "regions"),
    [
        (Tiling.WHOLE, (2000, 400), [None]),
        (Tiling.TILES, (400, 300), [None]),
        (Tiling.SUSPECTS, (400, 300), [None]),
        (Tiling.TILES, (2000, 400), tiles_of((2000, 400), 400)),
        (Tiling.SUSPECTS, (2000, 400), [None, tiles_of((2000, 400), 400)[0]]),
    ],
)
def test_the_prompt_says_how_large_pictures_are_looked_at(
    tiling: Tiling, size: tuple[int, int], regions: list[Box | None]
) -> None:
    picture = blank(*size)
    eyes = Eyes([ellipse(*size, (40, 200), (20, 10))], whole=picture)
    answer = TaskAnswer()
    prompt = replace(PROMPT, tiling=tiling, image_side=400)
    answer.take(TilingDetector(eyes).detect(picture, prompt))
    assert [reply.region for reply, _ in answer.replies] == regions
    assert len(answer.findings) == 1


def test_looking_closely_asks_only_where_something_is_suspected() -> None:
    picture = blank(2000, 400)
    truth = [ellipse(2000, 400, (300, 200), (40, 30)), ellipse(2000, 400, (1700, 100), (9, 9))]
    eyes = Eyes(truth, whole=picture)
    tiles = tiles_of(picture.size, 400)
    findings = found(detect_closely(eyes, picture, PROMPT, tiles))
    assert all(any(each.mask == mask for each in findings) for mask in truth)
    assert 1 < len(eyes.asked) < 1 + len(tiles)


def test_a_suspicion_that_was_taken_back_is_not_looked_at_closely() -> None:
    picture = blank(2000, 400)

    class WithdrawnSuspicion(Eyes):
        def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
            if picture.size == (2000, 400):
                yield ObjectFound(Finding("thing", Box(1900, 10, 1990, 90), None, MaskSource.NONE))
                yield ObjectsWithdrawn()
            yield from super().detect(picture, prompt)

    eyes = WithdrawnSuspicion([ellipse(2000, 400, (40, 200), (20, 10))], whole=picture)
    tiles = tiles_of(picture.size, 400)
    assert len(found(detect_closely(eyes, picture, PROMPT, tiles))) == 1
    assert [one.name for one in eyes.asked] == ["line.png", "line.png, tile 1 of 1"]


def test_where_nothing_is_suspected_nothing_is_asked_and_nothing_taken_back() -> None:
    picture = blank(2000, 400)
    eyes = Eyes([], whole=picture)
    events = list(detect_closely(eyes, picture, PROMPT, tiles_of(picture.size, 400)))
    assert len(eyes.asked) == 1
    events += detect_in_tiles(eyes, picture, PROMPT, tiles_of(picture.size, 400))
    assert not [event for event in events if isinstance(event, ObjectsWithdrawn)]


@pytest.mark.parametrize(
    ("length", "side", "starts"),
    [(1024, 1024, [0]), (1025, 1024, [0, 1]), (1844, 1024, [0, 820]), (1845, 1024, [0, 410, 821])],
)
def test_tiles_are_as_few_as_a_fifth_of_overlap_allows(
    length: int, side: int, starts: list[int]
) -> None:
    assert [tile.x0 for tile in tiles_of((length, 10), side)] == starts


def test_tiles_find_small_things_that_one_look_misses() -> None:
    belt = draw_belt(2, size=(4800, 1600), object_count=14)
    picture = Picture("line.png", "0" * 64, belt.pixels)
    detector = OfflineDetector(weights=None)
    once = found(detector.detect(picture, PROMPT))
    tiled = found(detect_in_tiles(detector, picture, PROMPT, tiles_of(picture.size, 1024)))
    assert hits(tiled, belt.objects) > hits(once, belt.objects)


def hits(findings: Sequence[Finding], objects: Sequence[object]) -> int:
    masks = [finding.mask for finding in findings if finding.mask is not None]
    truth = [mask for each in objects if isinstance(mask := getattr(each, "mask", None), Mask)]
    return sum(any(iou(mask, wanted) >= 0.5 for mask in masks) for wanted in truth)
