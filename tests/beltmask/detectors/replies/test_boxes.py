"""What models write as a box -> pixels."""

from __future__ import annotations

import pytest

from tests.beltmask.detectors.replies.reply_parts import boxes, kinds, read


@pytest.mark.parametrize("key", ["box_2d", "box", "bbox", "bounding_box", "bbox_2d", "Box_2D"])
def test_every_name_of_the_box(key: str) -> None:
    reply = read(f'[{{"{key}": [100, 100, 500, 300], "label": "bolt"}}]')
    assert boxes(reply) == [(20, 10, 60, 50)]


@pytest.mark.parametrize(
    ("value", "box", "problems"),
    [
        ("[100, 100, 500, 300]", (20, 10, 60, 50), []),
        ("[100.4, 99.6, 500.0, 300]", (20, 10, 60, 50), []),
        ('["100", "100", "500", "300"]', (20, 10, 60, 50), []),
        ('"[100, 100, 500, 300]"', (20, 10, 60, 50), []),
        ('"100 100 500 300"', (20, 10, 60, 50), []),
        ("[[100, 100, 500, 300]]", (20, 10, 60, 50), []),
        ("[[100, 100], [500, 300]]", (20, 10, 60, 50), []),
        ('{"x": 100, "y": 100, "width": 200, "height": 400}', (20, 10, 60, 50), []),
        ('{"ymin": 100, "xmin": 100, "ymax": 500, "xmax": 300}', (20, 10, 60, 50), []),
        ("[500, 300, 100, 100]", (20, 10, 60, 50), ["box_swapped"]),
        ("[100, 300, 500, 100]", (20, 10, 60, 50), ["box_swapped"]),
        ("[-50, 900, 500, 1100]", (180, 0, 200, 50), ["box_clipped"]),
        ("[0, 0, 1000, 1000]", (0, 0, 200, 100), []),
        ("[0, 0, 1, 1]", (0, 0, 1, 1), []),  # a tenth of a pixel is still one pixel
        ("[999, 999, 1000, 1000]", (199, 99, 200, 100), []),
        ("[995, 0, 1000, 5]", (0, 99, 1, 100), []),
    ],
)
def test_boxes_in_pixels(value: str, box: tuple[int, ...], problems: list[str]) -> None:
    reply = read(f'[{{"box_2d": {value}, "label": "bolt"}}]')
    assert boxes(reply) == [box]
    assert kinds(reply) == problems


@pytest.mark.parametrize("value", ["[5, 5, 5, 5]", "[0, 1000, 9, 1090]", "[-9, 0, -1, 9]"])
def test_a_box_without_area_in_the_picture_is_named(value: str) -> None:
    reply = read(f'[{{"box_2d": {value}, "label": "bolt"}}]')
    assert (reply.findings, kinds(reply)) == ((), ["box_empty"])


@pytest.mark.parametrize("value", ["[1, 2, 3]", "[1, 2, 3, 4, 5]", '"no"', "[1, 2, 3, null]", "7"])
def test_a_box_nobody_can_read_is_named(value: str) -> None:
    good = '{"box_2d": [0, 0, 9, 9], "label": "nut"}'
    reply = read(f'[{good}, {{"box_2d": {value}, "label": "bolt"}}]')
    assert len(reply.findings) == 1
    assert [(p.kind, p.object) for p in reply.problems] == [("box_missing", 2)]
