from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.scoring import ScoredObject
from beltmask.scoring.agreement import ReliabilityPoint, SeenObject, reliability, seen_objects
from beltmask.scoring.overlaps import place_of
from tests.beltmask.scoring.blocks import block, blocks


def test_an_object_says_how_many_repeats_saw_it() -> None:
    bolt, nut = block(0, 0), block(30, 0)
    found = seen_objects([[bolt, nut], [block(1, 0)], [nut, bolt], [bolt], []])
    assert [each.agreement for each in found] == [0.8, 0.4]
    assert [len(each.sightings) for each in found] == [4, 2]


def test_two_objects_of_one_repeat_are_never_one() -> None:
    found = seen_objects([[block(0, 0), block(1, 0)], [block(0, 0)]])
    assert sorted(len(each.sightings) for each in found) == [1, 2]


def test_the_map_says_by_pixel_how_many_repeats_saw_it() -> None:
    [seen] = seen_objects([[block(0, 0)], [block(2, 0)], []])
    window, share = seen.agreement_map()
    assert window.corners == (0, 0, 12, 10)
    expected = np.repeat([1 / 3, 2 / 3, 1 / 3], [2, 8, 2])
    assert share == pytest.approx(np.tile(expected, (10, 1)))


def test_repeats_are_merged_to_what_half_of_the_sightings_have() -> None:
    sightings = [
        [block(0, 0, label="bolt")],
        [block(2, 0, label="nut")],
        [block(1, 0, label="nut")],
    ]
    [seen] = seen_objects([*sightings, []])
    merged = seen.merged()
    assert merged.mask is not None
    assert merged.box.corners == (1, 0, 11, 10)
    assert (merged.label, merged.score) == ("nut", 0.75)
    boxes = [[ScoredObject(each.box) for each in answer] for answer in sightings]
    assert seen_objects(boxes)[0].merged().mask is None


def test_nothing_seen_is_nothing_agreed_on() -> None:
    assert seen_objects([]) == seen_objects([[], []]) == []


@given(st.lists(blocks(), max_size=4), st.randoms())
def test_the_order_of_repeats_and_objects_changes_nothing(
    repeats: list[list[ScoredObject]], chance: Random
) -> None:
    turned = [list(answer) for answer in repeats]
    for answer in turned:
        chance.shuffle(answer)
    chance.shuffle(turned)
    assert plain(seen_objects(turned)) == plain(seen_objects(repeats))


@given(st.lists(blocks(), max_size=4))
def test_every_sighting_is_in_one_object(repeats: list[list[ScoredObject]]) -> None:
    found = seen_objects(repeats)
    assert sum(len(each.sightings) for each in found) == sum(map(len, repeats))
    assert all(len(each.sightings) <= len(repeats) for each in found)


def plain(found: list[SeenObject]) -> list[object]:
    return [sorted(map(place_of, each.sightings)) for each in found]


def test_reliability_is_the_share_that_was_right_at_each_score() -> None:
    scores, right = [0.5, 1.0, 0.5, 1.0, 1.0], [False, True, True, True, False]
    assert reliability(scores, right) == [
        ReliabilityPoint(0.5, 1 / 2, 2),
        ReliabilityPoint(1.0, 2 / 3, 3),
    ]
    assert reliability([], []) == []
