"""What the numbers of a reply count: thousandths, pixels or parts of one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.replies.reader import read_reply
from beltmask.detectors.replies.units import Convention
from beltmask.masks import mask_from_box
from beltmask.model import Size
from tests.beltmask.detectors.replies.reply_parts import (
    BOX,
    SQUARE_YX,
    boxes,
    entry,
    kinds,
    mask_of,
    read,
)

WIDE: Size = (4000, 3000)


def _reply(*boxes_written: object) -> str:
    entries = [{"box_2d": box, "label": f"o{n}"} for n, box in enumerate(boxes_written)]
    return json.dumps(entries)


def test_parts_of_one_are_read_as_such() -> None:
    reply = read(_reply([0.1, 0.1, 0.5, 0.3], [0, 0, 1, 1]))
    assert boxes(reply) == [(20, 10, 60, 50), (0, 0, 200, 100)]
    assert reply.problems == ()


def test_an_outline_in_parts_of_one_follows_its_box() -> None:
    ring = [[y / 1000, x / 1000] for y, x in SQUARE_YX]
    for box in (BOX, [value / 1000 for value in BOX]):
        (finding,) = read(f"[{entry(box_2d=box, mask=ring)}]").findings
        assert mask_of(finding) == mask_from_box(finding.box)


def test_boxes_that_lie_beyond_the_grid_and_in_the_picture_are_pixels() -> None:
    reply = read(_reply([2100, 3000, 2400, 3500], [10, 20, 300, 400]), WIDE)
    assert boxes(reply) == [(3000, 2100, 3500, 2400), (20, 10, 400, 300)]
    assert reply.problems == ()


@pytest.mark.parametrize("box", [[20, 1000, 300, 1300], [1000, 20, 1300, 300]])
def test_a_box_that_begins_where_the_grid_ends_is_counted_in_pixels(box: list[int]) -> None:
    reply = read(_reply(box), WIDE)
    assert boxes(reply) == [(box[1], box[0], box[3], box[2])]
    assert reply.problems == ()


@pytest.mark.parametrize("x_first", [False, True])
def test_an_outline_in_pixels_follows_its_box(x_first: bool) -> None:
    ring = [[2100, 3000], [2100, 3500], [2400, 3500], [2400, 3000]]
    mask = [point[::-1] for point in ring] if x_first else ring
    (finding,) = read(f"[{entry(box_2d=[2100, 3000, 2400, 3500], mask=mask)}]", WIDE).findings
    assert mask_of(finding) == mask_from_box(finding.box)


def test_many_boxes_far_beyond_the_grid_are_pixels_and_it_is_said_to_be_a_guess() -> None:
    reply = read(_reply([900, 800, 1300, 1200], [10, 20, 1400, 400], [1, 2, 3, 4]), WIDE)
    assert boxes(reply)[0] == (800, 900, 1200, 1300)
    assert kinds(reply) == ["units_unsure"]


def test_one_box_of_many_that_overshoots_changes_nothing_and_it_is_said() -> None:
    reply = read(_reply([900, 800, 1300, 1200], [10, 20, 400, 400], [1, 2, 3, 4]), WIDE)
    assert boxes(reply)[1] == (80, 30, 1600, 1200)
    assert kinds(reply) == ["box_clipped", "units_unsure"]


@pytest.mark.parametrize(
    "written",
    [
        [900, 800, 1010, 1030],
        [-90, 800, 1090, 900],
        [-20, -30, 700, 1100],
    ],
)
def test_a_little_overshoot_is_clipped_without_a_doubt(written: list[int]) -> None:
    reply = read(_reply(written), WIDE)
    assert kinds(reply) == ["box_clipped"]


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ([0, 500, 1080, 1920], (720, 1600)),
        ([900, 800, 1300, 9000], WIDE),
        ([-20, 800, 1300, 1200], WIDE),
        ([-400, 100, 300, 400], WIDE),
        ([1700, 100, 1900, 200], (720, 1600)),
    ],
)
def test_a_box_that_leaves_the_picture_by_far_may_be_counted_in_something_else(
    written: list[int], size: Size
) -> None:
    reply = read(_reply(written), size)
    assert "units_unsure" in kinds(reply)
    assert "1 box reaches far beyond" in reply.problems[-1].detail


@pytest.mark.parametrize("x_first", [False, True])
def test_pixels_that_were_asked_for_leave_the_picture_by_far(x_first: bool) -> None:
    convention = Convention(x_first=x_first, counts_pixels=True)
    text = json.dumps([{"bbox_2d": [0, 500, 1080, 1920], "label": "bolt"}])
    reply = read_reply(text, size=(720, 1600), convention=convention)
    assert kinds(reply) == ["box_clipped", "units_unsure"]


@pytest.mark.parametrize(
    "whole", [[0.0, 0.0, 1.0, 1.0], ["0.0", "0.0", "1.0", "1.0"], "[0.0, 0.0, 1.0, 1.0]"]
)
@pytest.mark.parametrize("counts_pixels", [False, True])
def test_zero_to_one_with_a_point_is_the_whole_picture(whole: object, counts_pixels: bool) -> None:
    reply = read_reply(_reply(whole), size=WIDE, convention=Convention(counts_pixels=counts_pixels))
    assert (boxes(reply), reply.problems) == ([(0, 0, *WIDE)], ())


def test_the_sides_of_a_whole_picture_may_have_names() -> None:
    named = {"xmin": 0.0, "ymin": 0.0, "xmax": 1.0, "ymax": 1.0, "label": "all"}
    assert boxes(read(json.dumps([named]))) == [(0, 0, 200, 100)]


def test_a_little_overshoot_in_parts_of_one_is_still_in_parts() -> None:
    reply = read(_reply([-0.02, 0.1, 0.5, 0.3], [0.5, 0.5, 1.04, 1.0]))
    assert boxes(reply) == [(20, 0, 60, 50), (100, 50, 200, 100)]
    assert kinds(reply) == ["box_clipped", "box_clipped"]


@pytest.mark.parametrize("turned", [False, True])
def test_boxes_of_one_reply_in_different_units_are_told_apart_and_told(
    turned: bool,
) -> None:
    written = [[0.1, 0.1, 0.5, 0.3], [100, 100, 500, 300], [0.0, 0.0, 1.0, 1.0]]
    reply = read(_reply(*(written[::-1] if turned else written)))
    found = boxes(reply)[::-1] if turned else boxes(reply)
    assert found == [(20, 10, 60, 50), (20, 10, 60, 50), (0, 0, 200, 100)]
    assert kinds(reply) == ["units_unsure"]
    assert "2 in parts of the picture, 1 in thousandths" in reply.problems[0].detail


def test_an_outline_follows_its_own_box_where_units_are_mixed() -> None:
    ring = [[y / 1000, x / 1000] for y, x in SQUARE_YX]
    small = entry(box_2d=[value / 1000 for value in BOX], mask=ring)
    reply = read(f"[{small}, {entry(label='nut', mask=SQUARE_YX)}]")
    assert [mask_of(one) == mask_from_box(one.box) for one in reply.findings] == [True, True]


SHARE = st.integers(0, 900).map(lambda n: n / 1000)


@given(st.lists(st.tuples(SHARE, SHARE), min_size=1, max_size=5, unique=True), st.integers(1, 30))
def test_the_same_boxes_are_the_same_in_parts_and_in_thousandths(
    corners: list[tuple[float, float]], side: int
) -> None:
    parts = [[y, x, y + 0.0205 + side / 1000, x + 0.0205 + side / 1000] for y, x in corners]
    counted = [[value * 1000 for value in box] for box in parts]
    written = [read(_reply(*one), WIDE) for one in (parts, counted)]
    for in_parts, in_thousandths in zip(*map(boxes, written), strict=True):
        assert all(abs(a - b) <= 1 for a, b in zip(in_parts, in_thousandths, strict=True))
