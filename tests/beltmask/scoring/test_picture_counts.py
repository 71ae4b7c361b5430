from __future__ import annotations

import json
import math
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.scoring import ScoredObject, score
from beltmask.scoring.picture_counts import PictureCounts, picture_counts, total
from beltmask.scoring.statistics import figures_of
from tests.beltmask.scoring.blocks import SIZE, block, blocks


@given(blocks(), blocks(ignoring=True), st.sampled_from([0.3, 0.5, 0.75]), st.randoms())
def test_the_order_of_objects_changes_nothing(
    predictions: list[ScoredObject], truth: list[ScoredObject], iou: float, chance: Random
) -> None:
    turned = [list(side) for side in (predictions, truth)]
    for side in turned:
        chance.shuffle(side)
    counts = picture_counts(predictions, truth, SIZE, iou=iou)
    assert picture_counts(turned[0], turned[1], SIZE, iou=iou) == counts


def test_pairs_that_fit_equally_well_are_taken_in_the_same_order_however_objects_come() -> None:
    """One prediction lies between two objects, the other reaches only the second."""
    predictions, truth = [block(2, 0), block(6, 0)], [block(0, 0), block(4, 0)]
    for found in permutations(predictions):
        for wanted in permutations(truth):
            assert picture_counts(found, wanted, SIZE).found.true_positive == 2


@given(blocks(), blocks(ignoring=True))
def test_every_object_is_in_one_count(
    predictions: list[ScoredObject], truth: list[ScoredObject]
) -> None:
    counts = picture_counts(predictions, truth, SIZE)
    wanted = sum(not region.ignored for region in truth)
    assert counts.found == score(predictions, truth)
    for each in (counts.found, counts.panoptic):
        assert each.true_positive + each.false_negative == wanted
        assert each.true_positive + each.false_positive <= len(predictions)
    assert 0 <= counts.boundary_sum <= counts.found.true_positive


@given(blocks(), blocks(ignoring=True))
def test_counts_come_back_from_json_as_they_were(
    predictions: list[ScoredObject], truth: list[ScoredObject]
) -> None:
    counts = picture_counts(predictions, truth, SIZE)
    assert PictureCounts.from_dict(json.loads(json.dumps(counts.as_dict()))) == counts


def test_counts_of_pictures_add_up() -> None:
    one = picture_counts([block(0, 0), block(30, 0)], [block(0, 0)], SIZE)
    other = picture_counts([], [block(0, 0)], SIZE).with_errors({"cut_off": 1})
    both = total([one, other])
    assert (both.found.true_positive, both.found.false_positive, both.found.false_negative) == (
        1,
        1,
        1,
    )
    assert both.errors == {"extra": 1, "missed": 1, "cut_off": 1}
    assert figures_of(both)["f1"] == 0.5
    assert total([]) == PictureCounts()


def test_a_pair_at_exactly_half_counts_for_f1_and_not_for_panoptic_quality() -> None:
    figures = figures_of(picture_counts([block(0, 0, 10, 5)], [block(0, 0)], SIZE))
    assert (figures["f1"], figures["pq"]) == (1.0, 0.0)


def test_a_hand_worked_picture() -> None:
    """One found with IoU 0.8, one missed, one made up."""
    truth = [block(0, 0), block(20, 0)]
    figures = figures_of(picture_counts([block(0, 0, 10, 8), block(40, 20)], truth, SIZE))
    assert figures["f1"] == 0.5
    assert figures["mean_iou"] == pytest.approx(0.8)
    assert figures["pq"] == pytest.approx(0.8 / 2)


@pytest.mark.parametrize("iou", [0.0, 1.5, math.nan])
def test_a_senseless_threshold_is_refused(iou: float) -> None:
    with pytest.raises(ValueError, match="IoU threshold"):
        picture_counts([], [], SIZE, iou=iou)
