"""What a browser says is on a pad: read where it lies, moved or not, or not at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.sketch.shapes import DrawnShape, fabric_drawing, read_drawing

SIZE = (800, 500)
PINK, GREEN = "#ff00ff", "#00aa00"
STROKE = DrawnShape(((0.1, 0.2), (0.3, 0.25), (0.35, 0.6)), PINK, closed=False)
ZONE = DrawnShape(((0.5, 0.5), (0.9, 0.5), (0.7, 0.9)), GREEN, closed=True)
shares = st.floats(0, 1, allow_nan=False).map(lambda share: round(share, 5))


def as_told(*shapes: DrawnShape) -> dict[str, Any]:
    return fabric_drawing(shapes, SIZE, width=4)


def near(line: object) -> object:
    return pytest.approx(np.asarray(line), abs=1e-4)


@given(st.lists(st.tuples(shares, shares), min_size=3, max_size=9).map(tuple))
def test_an_outline_comes_back_as_it_went(line: tuple[tuple[float, float], ...]) -> None:
    [seen] = read_drawing(as_told(DrawnShape(line, GREEN, closed=True)), SIZE) or ()
    assert np.asarray(seen.line) == near(line)
    assert (seen.color, seen.closed) == (GREEN, True)


def test_a_stroke_comes_back_as_it_went() -> None:
    seen = read_drawing(as_told(STROKE, ZONE), SIZE)
    assert seen is not None
    assert [each.closed for each in seen] == [False, True]
    assert np.asarray(seen[0].line) == near(STROKE.line)


def test_a_stroke_that_was_moved_and_made_larger_lies_where_it_is_seen() -> None:
    drawing = as_told(STROKE)
    drawing["objects"][0] |= {"scaleX": 2, "scaleY": 2, "left": 400, "top": 250}
    [seen] = read_drawing(drawing, SIZE) or ()
    middle = (np.array([0.1, 0.2]) + np.array([0.35, 0.6])) / 2
    wanted = (np.asarray(STROKE.line) - middle) * 2 + 0.5
    assert np.asarray(seen.line) == near(wanted)


def test_a_curve_as_the_brush_draws_it_lies_on_its_points() -> None:
    """Left and top are of the box around the curve, not around its handles."""
    path = [["M", 100, 100], ["Q", 200, 300, 300, 100], ["L", 320, 100]]
    curve = {"type": "Path", "path": path, "left": 210, "top": 150, "fill": None, "stroke": PINK}
    [seen] = read_drawing({"objects": [curve]}, SIZE) or ()
    ends = np.asarray(seen.line) * SIZE
    assert ends[0] == near([100, 100])
    assert ends[-1] == near([320, 100])
    assert ends[:, 1].max() == pytest.approx(200, abs=1)


def test_an_outline_that_is_not_closed_yet_is_no_shape() -> None:
    half = {"type": "Path", "path": [["M", 1, 1], ["L", 9, 9], ["z"]], "fill": "#00aa0020"}
    assert read_drawing({"objects": [half, {"type": "Circle"}]}, SIZE) == ()


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {"objects": [{"type": "Polygon", "points": []}]},
        {"objects": [{"type": "Path", "path": [["M", float("nan"), 1]]}]},
        {"objects": [{"type": "Group"}]},
        {"objects": as_told(*[ZONE] * 201)["objects"]},
    ],
)
def test_what_nobody_understands_is_no_drawing(raw: object) -> None:
    assert read_drawing(raw, SIZE) is None
