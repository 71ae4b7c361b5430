"""Every dialect in every container with every damage: the pieces, and what must be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import numpy as np

from beltmask.masks import CocoRle, to_coco_rle
from beltmask.model import Mask
from tests.beltmask.detectors.replies.reply_parts import BOX, SIZE, SQUARE_YX, png_base64, png_uri

BITS = np.tri(40, dtype=np.bool_)
NAMES = ("bolt", "nut", "screw")
_BOXES = (BOX, [600, 100, 1000, 300], [100, 700, 500, 900])


MaskAt = Callable[[list[int]], object]


def _moved(box: list[int], *, x_first: bool = False) -> list[list[int]]:
    """The square outline of BOX, where ``box`` lies."""
    down, right = box[0] - BOX[0], box[1] - BOX[1]
    points = [[y + down, x + right] for y, x in SQUARE_YX]
    return [point[::-1] for point in points] if x_first else points


def _rle(box: list[int]) -> CocoRle:
    return to_coco_rle(Mask(box[1] * SIZE[0] // 1000, box[0] * SIZE[1] // 1000, BITS), SIZE)


DIALECTS: Mapping[str, tuple[str, MaskAt]] = {
    "PNG": ("png", lambda _: png_uri(BITS)),
    "bare PNG": ("png", lambda _: png_base64(BITS).rstrip("=")),
    "pairs": ("polygon", _moved),
    "pairs, x first": ("polygon", lambda box: _moved(box, x_first=True)),
    "flat polygon": ("polygon", lambda box: [n for point in _moved(box) for n in point]),
    "polygon in a string": ("polygon", lambda box: str(_moved(box))),
    "two parts": ("polygon", lambda box: [_moved(box)[:3], _moved(box)[2:] + _moved(box)[:1]]),
    "RLE with size": ("rle", _rle),
    "RLE string": ("rle", lambda box: _rle(box)["counts"]),
    "truth values": ("booleans", lambda _: BITS[::8, ::8].tolist()),
    "codes": ("seg_tokens", lambda _: "<start_of_mask>" + "<seg_9>" * 16),
    "placeholder": ("box", lambda _: "gimme_mask_for_this"),
    "no mask": ("box", lambda _: ...),
}
"""What a reading calls it, and the mask for a box."""
UNREADABLE = {"codes", "placeholder"}


def entries(mask_at: MaskAt) -> list[dict[str, object]]:
    fields = (
        {"box_2d": box, "mask": mask_at(box), "label": name}
        for name, box in zip(NAMES, _BOXES, strict=True)
    )
    return [{key: value for key, value in one.items() if value is not ...} for one in fields]


def _list(objects: list[dict[str, object]]) -> str:
    return json.dumps(objects)


CONTAINERS: Mapping[str, Callable[[list[dict[str, object]]], str]] = {
    "bare list": _list,
    "indented list": lambda objects: json.dumps(objects, indent=2),
    "json fence": lambda objects: f"```json\n{_list(objects)}\n```",
    "plain fence": lambda objects: f"```\n{_list(objects)}\n```",
    "four backticks": lambda objects: f"````json\n{_list(objects)}\n````",
    "prose around": lambda objects: f"I see [3] of them:\n{_list(objects)}\nAnything {{else}}?",
    "prose and fence": lambda objects: f"Here:\n```json\n{_list(objects)}\n```\n1. Look\n2. Done",
    "two fences": lambda objects: (
        f"```json\n{_list(objects[:1])}\n```\nand\n```json\n{_list(objects[1:])}\n```"
    ),
    "wrapped": lambda objects: json.dumps({"boxes": objects}),
    "wrapped with more": lambda objects: json.dumps({"note": "ok", "detections": objects, "n": 3}),
    "wrapped twice": lambda objects: json.dumps({"result": {"items": objects}}),
    "one per line": lambda objects: "\n".join(map(json.dumps, objects)),
}


def in_a_body(text: str) -> str:
    """The model's text as the service sends it."""
    content = {"role": "model", "parts": [{"text": text[:50]}, {"text": text[50:]}]}
    return json.dumps({"candidates": [{"content": content, "finishReason": "STOP"}]})


DAMAGES: Mapping[str, Callable[[str], str]] = {
    "whole": lambda text: text,
    "trailing commas": lambda text: text.replace("}", ",}"),
    "doubled braces": lambda text: text.replace("{", "{{").replace("}", "}}"),
    "single quotes": lambda text: text.replace('"', "'"),
    "Python's words": lambda text: text.replace("true", "True").replace("false", "False"),
    "NaN as a score": lambda text: text.replace('"label"', '"score": NaN, "label"'),
    "bare keys": lambda text: text.replace('"label"', "label").replace('"box_2d"', "box_2d"),
    "no commas between": lambda text: text.replace("}, {", "} {"),
    "no brackets between": lambda text: text.replace("}, {", ", "),
    "capital keys": lambda text: text.replace("box_2d", "Box_2D").replace("label", "Label"),
    "windows lines": lambda text: text.replace("\n", "\r\n"),
    "cut behind the last object": lambda text: text[: text.rindex("}") + 1],
    "cut in the last label": lambda text: text[: text.rindex("screw") + 2],
}
CUT = {"cut behind the last object", "cut in the last label"}
