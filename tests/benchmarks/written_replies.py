"""Replies as models write them, of any number of objects, with masks of one kind."""

from __future__ import annotations

import base64
import json

import cv2
import numpy as np

CORNERS = 60


def with_png_masks(count: int) -> str:
    """A fenced list of objects of 4 to 15 % of the picture's sides, masks of 256 x 256."""
    random = np.random.default_rng(count)
    return _fenced([{**_entry(random, number), "mask": _uri(random)} for number in range(count)])


def with_outlines(count: int) -> str:
    """The same objects, each with an outline of 60 corners [y, x]."""
    random = np.random.default_rng(count)
    entries = [_entry(random, number) for number in range(count)]
    return _fenced([{**entry, "mask": _outline(random, entry["box_2d"])} for entry in entries])


def _fenced(entries: list[dict[str, object]]) -> str:
    return "```json\n[\n  " + ",\n  ".join(map(json.dumps, entries)) + "\n]\n```"


def _entry(random: np.random.Generator, number: int) -> dict[str, object]:
    y, x = (int(value) for value in random.integers(0, 800, 2))
    height, width = (int(value) for value in random.integers(40, 150, 2))
    return {"box_2d": [y, x, y + height, x + width], "mask": "", "label": f"part {number}"}


def _uri(random: np.random.Generator) -> str:
    return "data:image/png;base64," + base64.b64encode(_png(random)).decode()


def _png(random: np.random.Generator) -> bytes:
    """As every recorded mask: 256 x 256, grey, 0 and 255, one IDAT, no filter."""
    grey = np.zeros((256, 256), dtype=np.uint8)
    angle = float(random.integers(0, 180))
    cv2.ellipse(grey, (128, 128), (120, int(random.integers(60, 120))), angle, 0, 360, 255, -1)
    written, data = cv2.imencode(
        ".png", grey, [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE]
    )
    assert written
    return data.tobytes()


def _outline(random: np.random.Generator, box: object) -> list[list[int]]:
    """A bumpy round thing that fills its box."""
    y0, x0, y1, x1 = np.asarray(box)
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    reach = random.uniform(0.9, 1, CORNERS) / 2
    y = (y0 + y1) / 2 + (y1 - y0) * reach * np.sin(angles)
    x = (x0 + x1) / 2 + (x1 - x0) * reach * np.cos(angles)
    corners: list[list[int]] = np.stack([y, x], axis=1).round().astype(int).tolist()
    return corners
