"""Places as other models write them: x first, in three units, in every shape; read per reply."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest

from beltmask.detectors.replies.reader import read_reply
from beltmask.detectors.replies.streaming import StreamReader
from beltmask.detectors.replies.units import Convention
from beltmask.model import Size
from tests.beltmask.detectors.gemini.one_belt import BELT
from tests.beltmask.detectors.replies.reply_parts import boxes, kinds

PICTURE: Size = (1600, 1200)
SENT: Size = (800, 600)
TRUTH = [(160, 96, 480, 240), (1200, 900, 1520, 1176)]
"""x0, y0, x1, y1 in the picture's pixels; the second fits neither the sent height nor width."""
ASKED_THOUSANDTHS = Convention(x_first=True, seen=SENT)
ASKED_PIXELS = Convention(x_first=True, counts_pixels=True, seen=SENT)
WHOLE: dict[str, tuple[float, float]] = {
    "parts": (1.0, 1.0),
    "thousandths": (1000.0, 1000.0),
    "pixels": SENT,
}
Corners = tuple[float, float, float, float]


def _ring(box: Corners) -> list[list[float]]:
    x0, y0, x1, y1 = box
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]


SHAPES: dict[str, Callable[[Corners], dict[str, Any]]] = {
    "bbox_2d": lambda box: {"bbox_2d": list(box)},
    "bbox": lambda box: {"bbox": list(box)},
    "box of pairs": lambda box: {"box": [list(box[:2]), list(box[2:])]},
    "text": lambda box: {"bounding_box": str(list(box))},
    "Gemini's name": lambda box: {"box_2d": [box[1], box[0], box[3], box[2]]},
    "named in a box": lambda box: {"bbox": dict(zip(("x1", "y1", "x2", "y2"), box, strict=True))},
    "Moondream": lambda box: dict(zip(("x_min", "y_min", "x_max", "y_max"), box, strict=True)),
    "sides": lambda box: {"x": box[0], "y": box[1], "w": box[2] - box[0], "h": box[3] - box[1]},
    "outline": lambda box: {"polygon": _ring(box)},
    "flat outline": lambda box: {"segmentation": [[*chain.from_iterable(_ring(box))]]},
    "named corners": lambda box: {"points": [{"x": x, "y": y} for x, y in _ring(box)]},
    "both": lambda box: {"bbox_2d": list(box), "mask": _ring(box)},
}


def _scaled(box: Corners, whole: tuple[float, float]) -> Corners:
    x, y = whole[0] / PICTURE[0], whole[1] / PICTURE[1]
    return (box[0] * x, box[1] * y, box[2] * x, box[3] * y)


def _reply(shape: str, whole: tuple[float, float]) -> str:
    written = [{"label": "bolt"} | SHAPES[shape](_scaled(box, whole)) for box in TRUTH]
    return json.dumps({"boxes": written})


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("units", ["parts", "thousandths"])
def test_thousandths_were_asked_for(shape: str, units: str) -> None:
    reply = read_reply(_reply(shape, WHOLE[units]), size=PICTURE, convention=ASKED_THOUSANDTHS)
    assert boxes(reply) == TRUTH
    assert set(kinds(reply)) <= {"box_derived"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("units", list(WHOLE))
def test_pixels_were_asked_for(shape: str, units: str) -> None:
    reply = read_reply(_reply(shape, WHOLE[units]), size=PICTURE, convention=ASKED_PIXELS)
    assert boxes(reply) == TRUTH
    assert set(kinds(reply)) <= {"box_derived"}


@pytest.mark.parametrize("shape", SHAPES)
def test_pixels_beyond_the_grid_are_seen_for_what_they_are(shape: str) -> None:
    """They are those of the picture as sent, not of the original."""
    sent: Size = (2400, 1800)
    convention = Convention(x_first=True, seen=sent)
    reply = read_reply(_reply(shape, sent), size=(4800, 3600), convention=convention)
    assert boxes(reply) == [tuple(3 * x for x in box) for box in TRUTH]


def test_an_outline_gets_the_units_and_the_axes_of_its_box() -> None:
    """Also where it is as high as wide, so that its box cannot tell which comes first."""
    square = {"bbox_2d": [100, 100, 300, 300], "mask": [[100, 100], [300, 100], [300, 300]]}
    [finding] = read_reply(
        json.dumps([square]), size=(1000, 1000), convention=ASKED_THOUSANDTHS
    ).findings
    assert finding.mask is not None
    rows = finding.mask.bits.sum(axis=1)
    assert rows[0] > rows[-1]  # the corner [300, 100] is up and right


def test_a_point_alone_is_told_in_the_order_it_was_meant() -> None:
    reply = read_reply(
        '[{"bbox_2d": [1, 2, 30, 40], "label": "a"}, {"point_2d": [5, 7], "label": "b"}]',
        size=PICTURE,
        convention=ASKED_THOUSANDTHS,
    )
    assert "y 7, x 5" in reply.problems[-1].detail


def test_too_many_boxes_in_one_corner_raise_a_doubt() -> None:
    """A model that counts pixels of a small picture looks just like that."""
    corner = [(80.0 * n, 70.0 * n, 80.0 * n + 40, 70.0 * n + 30) for n in range(1, 9)]
    seen: Size = (700, 600)
    text = json.dumps([{"bbox_2d": list(box), "label": f"o{n}"} for n, box in enumerate(corner)])
    reply = read_reply(text, size=(1400, 1200), convention=Convention(x_first=True, seen=seen))
    assert kinds(reply) == ["units_unsure"]
    assert "700 × 600" in reply.problems[0].detail
    few = json.dumps([{"bbox_2d": list(corner[0]), "label": "bolt"}])
    alone = read_reply(few, size=(1400, 1200), convention=Convention(x_first=True, seen=seen))
    assert alone.problems == ()


@pytest.mark.parametrize("overshoot", [0, 10])
def test_pixels_that_overshoot_the_picture_a_little_stay_pixels(overshoot: int) -> None:
    text = json.dumps([{"bbox_2d": [400, 300, 800 + overshoot, 600], "label": "bolt"}])
    reply = read_reply(text, size=PICTURE, convention=ASKED_PIXELS)
    assert boxes(reply) == [(800, 600, 1600, 1200)]


def test_a_guess_of_thousandths_where_pixels_were_asked_for_is_said_to_be_one() -> None:
    text = json.dumps([{"bbox_2d": [400, 300, 990, 590], "label": "bolt"}])
    reply = read_reply(text, size=PICTURE, convention=ASKED_PIXELS)
    assert boxes(reply) == [(640, 360, 1584, 708)]
    assert kinds(reply) == ["units_unsure"]


def test_a_reply_that_streams_in_is_read_by_the_same_convention() -> None:
    convention = Convention(x_first=True, counts_pixels=True, seen=(160, 120))
    text = '[{"bbox_2d": [20, 15, 60, 40], "label": "bolt"}, {"bbox_2d"'
    reader = StreamReader(BELT, convention)
    [finding] = reader.take(text)
    assert finding.box.corners == (40, 30, 120, 80)
