"""The names models give to the fields of an object; in lower case, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence

from beltmask.detectors.replies.loose_json import ObjectNode, Value

MASK_KEYS = (
    "mask",
    "segmentation",
    "segmentation_mask",
    "polygon",
    "polygons",
    "points",
    "contour",
    "outline",
    "rle",
    "quad",
    "poly",
)
POINT_KEYS = ("point", "point_2d")
LABEL_KEYS = ("label", "name", "class", "class_name", "category", "object", "title", "description")
TEXT_KEYS = ("text_content", "phrase", "text", "caption")
"""A label where nothing else is one."""
SCORE_KEYS = ("score", "confidence")


def first_of(node: ObjectNode, keys: Sequence[str]) -> Value:
    """The value of the first key that is there."""
    return next((node[key] for key in keys if key in node), None)
