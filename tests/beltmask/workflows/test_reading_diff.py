"""Two readings of one reply side by side."""

from __future__ import annotations

from beltmask.masks import mask_from_box
from beltmask.messages import as_said
from beltmask.model import Box, Finding, MaskSource, Problem
from beltmask.workflows.reading_diff import compared, problems_apart

BOLT = Finding("bolt", Box(0, 0, 10, 10), mask_from_box(Box(0, 0, 10, 10)), MaskSource.MODEL)
NUT = Finding("nut", Box(40, 40, 50, 50), None, MaskSource.NONE)


def test_the_same_objects_in_another_order_are_no_change() -> None:
    assert compared([BOLT, NUT], [NUT, BOLT]) == (0, 0, 0)


def test_objects_gained_lost_and_changed_are_told_apart() -> None:
    smaller = Finding("bolt", BOLT.box, mask_from_box(Box(1, 1, 9, 9)), MaskSource.MODEL)
    far = Finding("nut", Box(80, 80, 90, 90), None, MaskSource.NONE)
    assert compared([BOLT, NUT], [smaller, far]) == (1, 1, 1)
    assert compared([BOLT], [BOLT, NUT]) == (1, 0, 0)
    assert compared([BOLT, NUT], [BOLT]) == (0, 1, 0)


def test_another_name_is_a_change() -> None:
    screw = Finding("screw", BOLT.box, BOLT.mask, BOLT.mask_source)
    assert compared([BOLT], [screw]) == (0, 0, 1)


def test_two_objects_in_one_place_keep_their_names() -> None:
    washer = Finding("washer", BOLT.box, BOLT.mask, BOLT.mask_source)
    assert compared([BOLT, washer], [washer, BOLT]) == (0, 0, 0)


def test_problems_are_counted_by_kind() -> None:
    before = [Problem("cut_off", as_said("at the end")), Problem("box_clipped", as_said("a"), 1)]
    after = [
        Problem("box_clipped", as_said("b"), 1),
        Problem("loop", as_said("x"), 2),
        Problem("loop", as_said("y"), 3),
    ]
    assert problems_apart(before, after) == (("2 loop",), ("cut_off",))
