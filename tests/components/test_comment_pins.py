"""What a browser says of a place that was pointed at is read with care."""

from __future__ import annotations

import pytest

from components.canvas.comment_pins import read_pointed


def test_a_place_on_the_picture_and_its_object_are_read() -> None:
    told = {"image": 7, "x": 12.5, "y": 40, "object": "ab", "round": 1}
    assert read_pointed(told) == (7, 12.5, 40.0, "ab")


@pytest.mark.parametrize(
    "told",
    [
        None,
        "here",
        {"image": 7, "x": 12.5},
        {"image": 0, "x": 1, "y": 1},
        {"image": 7, "x": float("nan"), "y": 1},
        {"image": 7, "x": -1, "y": 1},
        {"image": 7, "x": 1, "y": 1, "object": "a" * 99},
    ],
)
def test_anything_else_is_no_place(told: object) -> None:
    assert read_pointed(told) is None
