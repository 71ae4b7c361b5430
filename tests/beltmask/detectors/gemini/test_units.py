"""What the numbers of a reply count: thousandths, pixels or parts of one."""

from __future__ import annotations

import json

import pytest

from beltmask.masks import mask_from_box
from beltmask.model import Size
from tests.beltmask.detectors.gemini.reply_parts import (
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
        [900, 800, 1010, 1030],  # a little overshoot
        [900, 800, 1300, 9000],  # fits no picture
        [-20, 800, 1300, 1200],
    ],
)
def test_overshoot_is_clipped_without_a_doubt(written: list[int]) -> None:
    reply = read(_reply(written), WIDE)
    assert kinds(reply) == ["box_clipped"]
