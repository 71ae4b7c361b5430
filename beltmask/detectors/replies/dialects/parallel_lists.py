"""Objects in lists that run side by side, and several boxes under one label.

Florence-2's own post-processor writes ``{"bboxes": [[…], …], "labels": ["…", …]}``, with
``quad_boxes`` for text and ``polygons`` for outlines
(https://huggingface.co/microsoft/Florence-2-large/blob/main/processing_florence2.py);
detectors of torchvision and Transformers have "boxes", "labels" and "scores"; and models that
are asked for entries write ``{"label": "…", "bbox_2d": [[…], […]]}`` where they see several.
"""

from __future__ import annotations

from collections.abc import Mapping

from beltmask.detectors.replies.boxes import BOX_KEYS, is_box
from beltmask.detectors.replies.loose_json import ListNode, ObjectNode, Value
from beltmask.detectors.replies.numerals import numbers_in
from beltmask.detectors.replies.object_keys import LABEL_KEYS, MASK_KEYS, SCORE_KEYS, first_of

_OF_GEMINI = ("box_2d", "boxes_2d", "box2d")
_MANY = frozenset(("bboxes", "boxes", "bounding_boxes", "boxes_2d", "bboxes_2d", "quad_boxes"))
_LISTS = _MANY | frozenset(BOX_KEYS)
_LABELS = ("labels", "bboxes_labels", "class_names", "names", "classes", "categories", *LABEL_KEYS)
_OUTLINE_LABELS = ("polygons_labels", "labels")
_SCORES = ("scores", "confidences", *SCORE_KEYS)
_LONGEST_SHOWN, _MOST_LETTERS = 1_000, 200
_OF_ONE = tuple(key for key in MASK_KEYS if key != "polygons")
_MASKS = ("masks", "segmentations", "polygons", *MASK_KEYS)


def objects_in(node: ObjectNode, *, labelled: bool = True) -> list[ObjectNode]:
    """An object for each box or outline that ``node`` lists; none when it lists none.

    ``labelled``: none either where a list of boxes has nothing beside it that names them.
    """
    key = next((key for key in node if key in _LISTS and _lists_boxes(node, key)), None)
    if key in _MANY and labelled and first_of(node, _LABELS) is None:
        return []
    boxes = [] if key is None else _boxes(node, key)
    taken = bool(boxes) and "polygons_labels" not in node
    return boxes if taken or "polygons" not in node else boxes + _outlines(node)


def lists_boxes(value: Value) -> bool:
    """Whether it is a list of lists of which one at least is a box or a quad."""
    if not isinstance(value, ListNode) or not value:
        return False
    return all(isinstance(item, ListNode | str) for item in value) and any(map(is_flat, value))


def is_flat(value: Value) -> bool:
    """Whether it is four numbers, or the eight of a quad, and nothing else."""
    numbers = numbers_in(value, most=8) if isinstance(value, ListNode | str) else None
    return numbers is not None and len(numbers) in {4, 8}


def items_of(value: Value) -> list[Value]:
    """Those of a list; none of anything else."""
    return list(value) if isinstance(value, ListNode) else []


def object_at(
    item: Value, source: ObjectNode | ListNode, fields: Mapping[str, Value]
) -> ObjectNode:
    """An object that stands in the reply as ``item`` of ``source``, its label elsewhere.

    What has no place of its own is shown at the source's, or where that begins if it is long.
    """
    made = ObjectNode(fields)
    made.beside = beginning_of(fields.get("label"))
    if isinstance(item, ListNode | ObjectNode):
        made.span, made.cut = item.span, item.cut
        return made
    start, end = source.span
    made.span = (start, end if end - start <= _LONGEST_SHOWN else start + 1)
    made.beside += beginning_of(item)
    return made


def beginning_of(value: Value) -> str:
    """As much of a word as tells it from others; it may be very long, and stand for many."""
    return f"\n{str(value)[:_MOST_LETTERS]}" if isinstance(value, str | int | float) else ""


def _lists_boxes(node: ObjectNode, key: str) -> bool:
    items = items_of(node[key])
    if lists_boxes(node[key]):
        return (key in _MANY or len(items) > 1) and not _has_own_mask(node, len(items))
    named = isinstance(first_of(node, _LABELS), ListNode)
    return named and bool(items) and all(isinstance(o, ObjectNode) and is_box(o) for o in items)


def _has_own_mask(node: ObjectNode, count: int) -> bool:
    """Whether it is one object after all: it has a mask, which is none of ``count`` in a list."""
    mask = first_of(node, _OF_ONE)
    return count > 1 and bool(mask) and len(items_of(mask)) != count


def _boxes(node: ObjectNode, key: str) -> list[ObjectNode]:
    items = items_of(node[key])
    under = "box_2d" if key in _OF_GEMINI else "box"
    masks = None if "polygons_labels" in node else first_of(node, _MASKS)
    rows = {
        under: items,
        "label": _column(first_of(node, _LABELS), len(items), shared=True),
        "score": _column(first_of(node, _SCORES), len(items), shared=True),
        "mask": _column(masks, len(items), shared=len(items) == 1),
    }
    objects = [
        object_at(item, node, {k: row[n] for k, row in rows.items() if row[n] is not None})
        for n, item in enumerate(items)
    ]
    return objects + _without_boxes(node, rows["label"][len(items) :])


def _outlines(node: ObjectNode) -> list[ObjectNode]:
    """Those of Florence-2: each may consist of several parts."""
    items, labels = items_of(node["polygons"]), first_of(node, _OUTLINE_LABELS)
    if not isinstance(labels, ListNode):
        return []
    names = _column(labels, len(items), shared=False)
    objects = [
        object_at(item, node, {"polygon": item, "label": names[n]})
        for n, item in enumerate(items)
        if isinstance(item, ListNode)
    ]
    return objects and objects + _without_boxes(node, names[len(items) :])


def _column(value: Value, count: int, *, shared: bool) -> list[Value]:
    """What each of ``count`` objects has of it, and what is left over."""
    if isinstance(value, ListNode):
        return [*value, *[None] * (count - len(value))]
    return [value if shared else None] * count


def _without_boxes(node: ObjectNode, labels: list[Value]) -> list[ObjectNode]:
    """Labels that stand in the list of labels and have no box in the other."""
    return [object_at(str(label), node, {"label": label}) for label in labels if label]
