"""Objects under their label: ``{"bolt": [[…], […]], "nut": {"bbox": […]}}``.

Nobody documents it; models write it when they are asked for "a JSON of the objects".
"""

from __future__ import annotations

import re

from beltmask.detectors.replies.dialects.parallel_lists import (
    beginning_of,
    is_flat,
    items_of,
    lists_boxes,
    object_at,
)
from beltmask.detectors.replies.loose_json import ListNode, ObjectNode
from beltmask.detectors.replies.object_keys import LABEL_KEYS, TEXT_KEYS

_NO_LABEL = re.compile(
    r"""[\W_]*(?:(?:all|the|detected|found|foreign|annotated|object|item|thing|instance|region|area
    |box|bbox|bounding|detection|prediction|annotation|segmentation|segment|mask
    |polygon|point|result|output|answer|response|reply|data|content|list|array|image|img|picture
    |frame|entry|entitie|entity|element|candidate|target|finding|location|position|coordinate
    |coord|grounding|geometry|shape|outline|contour|quad|value|roi|2d|norm|normalized
    |label|name|class|classe|category|categorie|score|size|width|height|description|meta|info|part
    |debug|extra|[xywh](?:_?(?:min|max)|\d)?(?![a-z])
    )e?s?[\W_]*)*+\d*""",
    re.VERBOSE | re.IGNORECASE,
)
"""A name for a container, or a number: "detected_objects", "box 3"."""


def objects_in(node: ObjectNode) -> list[ObjectNode]:
    """The boxes of an object that holds, besides plain words and numbers, only boxes."""
    held = {key: value for key, value in node.items() if isinstance(value, ListNode | ObjectNode)}
    if not all(is_flat(value) or lists_boxes(value) for value in held.values()):
        return []
    return [
        _labelled(object_at(item, node, {"box": item}), node.name_of(key))
        for key, value in held.items()
        for item in ([value] if is_flat(value) else items_of(value))
    ]


def name_by_key(node: ObjectNode, name: str) -> None:
    """Give an object that stands under ``name`` and has no label that one."""
    if not any(key in node for key in (*LABEL_KEYS, *TEXT_KEYS)):
        _labelled(node, name)


def _labelled(node: ObjectNode, name: str) -> ObjectNode:
    if len(name) > 200 or not _NO_LABEL.fullmatch(name):
        node["label"] = name
        node.beside += beginning_of(name)
    return node
