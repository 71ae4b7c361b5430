"""Moondream: ``{"objects": [{"x_min": …, …}]}`` and ``{"points": [{"x": …, "y": …}]}``.

Parts of the picture, 0..1 (https://docs.moondream.ai/quickstart: detect and point). Its
boxes are read like anybody's named corners; its points must not be taken for one outline.
"""

from __future__ import annotations

from beltmask.detectors.replies.loose_json import ListNode, ObjectNode
from beltmask.detectors.replies.numerals import number_in
from beltmask.detectors.replies.units import PARTS, Convention

CONVENTION = Convention(x_first=True, whole=PARTS, settled=True)
_ANSWER = frozenset(("points", "request_id", "count", "finish_reason", "metrics", "usage"))


def points_in(node: ObjectNode) -> list[ObjectNode]:
    """The points of an answer that holds nothing else; none of any other object."""
    points = node.get("points")
    if not isinstance(points, ListNode) or not node.keys() <= _ANSWER:
        return []
    found = [_point(one) for one in points if isinstance(one, ObjectNode) and _is_point(one)]
    return found if len(found) == len(points) else []


def _is_point(value: ObjectNode) -> bool:
    if value.keys() != {"x", "y"}:
        return False
    shares = [number_in(value["x"]), number_in(value["y"])]
    return all(share is not None and 0 <= share <= 1 for share in shares)


def _point(value: ObjectNode) -> ObjectNode:
    point = ObjectNode({"point": ListNode([value["x"], value["y"]])})
    point.span, point.cut = value.span, value.cut
    return point
