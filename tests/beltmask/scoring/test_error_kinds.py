from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from beltmask import masks
from beltmask.scoring import ScoredObject, match
from beltmask.scoring.error_kinds import ErrorKind, Fault, faults_of
from beltmask.scoring.overlaps import iou_matrix
from tests.beltmask.scoring.blocks import block, blocks


def faults(predictions: list[ScoredObject], truth: list[ScoredObject]) -> list[Fault]:
    matches = match(predictions, truth, iou=0.5)
    return faults_of(predictions, truth, matches, iou_matrix(predictions, truth))


def kinds(predictions: list[ScoredObject], truth: list[ScoredObject]) -> dict[str, int]:
    found = [str(fault.kind) for fault in faults(predictions, truth)]
    return {kind: found.count(kind) for kind in found}


def disc(x: int, y: int, radius: int) -> ScoredObject:
    """Round, so that it is told from a square by its pixels."""
    rows, columns = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    mask = masks.mask_from_crop(rows**2 + columns**2 <= radius**2, x, y)
    assert mask is not None
    return ScoredObject(mask.box, mask)


def box_only(region: ScoredObject) -> ScoredObject:
    return ScoredObject(region.box)


BOLT = block(0, 0, label="bolt")


@pytest.mark.parametrize(
    ("predictions", "truth", "expected"),
    [
        pytest.param([BOLT], [BOLT], {}, id="perfect"),
        pytest.param([], [], {}, id="nothing"),
        pytest.param([], [BOLT], {"missed": 1}, id="missed"),
        pytest.param([BOLT], [], {"extra": 1}, id="extra"),
        pytest.param([BOLT], [block(0, 0, label="nut")], {"wrong_class": 1}, id="wrong class"),
        pytest.param([BOLT], [block(0, 0)], {}, id="class not known"),
        pytest.param(
            [BOLT], [block(30, 0, label="nut")], {"missed": 1, "extra": 1}, id="far from any"
        ),
        pytest.param([BOLT, BOLT], [BOLT], {"duplicate": 1}, id="said twice"),
        pytest.param([BOLT, block(2, 2, 4, 4)], [BOLT], {"duplicate": 1}, id="a part said again"),
        pytest.param([BOLT, block(7, 0)], [BOLT], {"extra": 1}, id="partly on a matched one"),
        pytest.param(
            [BOLT, block(0, 0, 30, 30)], [BOLT], {"extra": 1}, id="a large one around a matched one"
        ),
        pytest.param(
            [block(0, 0, 24)], [block(0, 0), block(14, 0)], {"merged": 1}, id="two neighbours"
        ),
        pytest.param(
            [block(0, 0, 35)],
            [block(0, 0), block(12, 0), block(24, 0)],
            {"merged": 1},
            id="three neighbours",
        ),
        pytest.param(
            [block(0, 0, 30)],
            [block(0, 0, 20), block(20, 0)],
            {"merged": 1},
            id="a neighbour swallowed by a pair",
        ),
        pytest.param(
            [block(0, 0, 20), block(22, 0, 20)], [block(0, 0, 42)], {"split": 1}, id="two halves"
        ),
        pytest.param(
            [block(0, 0), block(10, 0), block(20, 0)],
            [block(0, 0, 30)],
            {"split": 1},
            id="three parts",
        ),
        pytest.param([block(6, 0)], [BOLT], {"shifted": 1}, id="shifted, overlapping"),
        pytest.param([block(12, 4)], [BOLT], {"shifted": 1}, id="shifted, apart"),
        pytest.param(
            [block(15, 0)], [BOLT], {"missed": 1, "extra": 1}, id="farther than the diagonal"
        ),
        pytest.param([block(10, 10)], [BOLT], {"shifted": 1}, id="as far as the diagonal"),
        pytest.param([block(0, 0, 16, 16)], [block(3, 3)], {"loose_box": 1}, id="loose"),
        pytest.param(
            [block(0, 0, 34, 34)], [block(12, 12)], {"missed": 1, "extra": 1}, id="too loose"
        ),
        pytest.param([box_only(block(6, 0))], [BOLT], {"shifted": 1}, id="a box, shifted"),
        pytest.param(
            [box_only(block(0, 0, 24))],
            [block(0, 0), block(14, 0)],
            {"merged": 1},
            id="a box around two",
        ),
        pytest.param(
            [ScoredObject(BOLT.box, empty=True)], [], {"empty_mask": 1}, id="empty on nothing"
        ),
        pytest.param(
            [ScoredObject(BOLT.box, label="nut", empty=True)],
            [BOLT],
            {"empty_mask": 1},
            id="empty, found by its box",
        ),
    ],
)
def test_each_kind_of_error_is_told_by_name(
    predictions: list[ScoredObject], truth: list[ScoredObject], expected: dict[str, int]
) -> None:
    assert kinds(predictions, truth) == expected


def test_a_crowd_is_never_at_fault_nor_what_lies_on_it() -> None:
    crowd = block(0, 0, 40, 40, ignored=True)
    assert kinds([block(5, 5), block(20, 20)], [crowd]) == {}
    assert kinds([], [crowd]) == {}
    assert kinds([block(50, 0)], [crowd]) == {"extra": 1}


def test_a_neighbour_that_lies_on_another_is_missed_not_merged() -> None:
    """A screw on a card: the card is found, the screw upon it is not."""
    card, screw = block(0, 0, 30, 30), block(10, 10, 4, 4)
    assert kinds([card], [card, screw]) == {"missed": 1}


def test_parts_that_do_not_make_the_whole_are_no_split() -> None:
    assert kinds([block(0, 0, 4), block(26, 0, 4)], [block(0, 0, 30)]) == {"loose_box": 1} | {
        "extra": 1
    }


def test_of_two_that_may_be_the_shifted_one_the_better_fit_is() -> None:
    found = faults([disc(11, 0, 5), block(0, 11)], [block(0, 0)])
    assert found == [
        Fault(ErrorKind.SHIFTED, (1,), (0,)),
        Fault(ErrorKind.EXTRA, (0,)),
    ]


def test_merged_names_the_prediction_and_all_truth_it_holds() -> None:
    found = faults([block(0, 0, 24)], [block(14, 0), block(0, 0)])
    assert found == [Fault(ErrorKind.MERGED, (0,), found[0].truth)]
    assert sorted(found[0].truth) == [0, 1]


@given(blocks(), blocks(ignoring=True))
def test_every_object_left_over_is_in_one_fault_and_no_pair_in_any(
    predictions: list[ScoredObject], truth: list[ScoredObject]
) -> None:
    matches = match(predictions, truth, iou=0.5)
    found = faults(predictions, truth)
    assert sorted(i for fault in found for i in fault.predictions) == sorted(matches.false)
    assert sorted(i for fault in found for i in fault.truth) == sorted(matches.missed)


@given(blocks())
def test_a_box_alone_makes_the_same_errors_as_a_mask_that_fills_it(
    predictions: list[ScoredObject],
) -> None:
    truth = [block(0, 0), block(12, 0), block(20, 20, 18, 18)]
    boxes = [ScoredObject(region.box) for region in predictions]
    assert faults(boxes, truth) == faults(predictions, truth)


def test_kinds_are_spelled_as_in_the_report() -> None:
    assert {str(kind) for kind in ErrorKind} == {
        *("missed", "extra", "merged", "split", "wrong_class", "loose_box", "shifted"),
        *("empty_mask", "duplicate", "cut_off", "format_error"),
    }
