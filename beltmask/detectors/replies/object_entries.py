"""The JSON-like values of a reply -> its entries, out of every wrapper models put around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from beltmask.detectors.replies.boxes import BOX_KEYS, is_box
from beltmask.detectors.replies.loose_json import ListNode, ObjectNode, TopValue, Value

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
)
POINT_KEYS = ("point", "point_2d")
LABEL_KEYS = ("label", "name", "class", "class_name", "category", "object", "title", "description")
_TELLING_KEYS = frozenset((*BOX_KEYS, *MASK_KEYS, *POINT_KEYS))
_EMPTY_LIST = re.compile(r"\[\s*\]")
_BEFORE_AN_ANSWER = re.compile(r"(?:^|[:`>]|json)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """One thing the reply lists; ``node`` is None when it is no object at all."""

    node: ObjectNode | None
    shown: str


def entries_of(values: Sequence[TopValue]) -> list[ObjectEntry]:
    """Everything listed, in order, without values that list no object at all (a footnote "[1]")."""
    return _listed(values, _is_entry) or _listed(values, _is_only_named)


def _listed(
    values: Sequence[TopValue], is_entry: Callable[[ObjectNode], bool]
) -> list[ObjectEntry]:
    found: list[ObjectEntry] = []
    for value in values:
        entries = list(_entries(value.node, is_entry))
        if any(entry.node is not None for entry in entries):
            found.extend(entries)
    return found


def says_nothing_found(values: Sequence[TopValue], text: str) -> bool:
    """Whether the reply is an empty list, bare or in a wrapper, and not just brackets in prose."""
    return any(not value.cut and _is_empty_answer(value, text) for value in values)


def first_of(node: ObjectNode, keys: Sequence[str]) -> Value:
    """The value of the first key that is there."""
    return next((node[key] for key in keys if key in node), None)


def _is_empty_answer(value: TopValue, text: str) -> bool:
    start, end = value.span
    if isinstance(value.node, ObjectNode):
        lists = [inner for inner in value.node.values() if isinstance(inner, ListNode)]
        return len(lists) == 1 and not lists[0] and "error" not in value.node
    alone = not text[end : end + 200].partition("\n")[0].strip(" \t\r`.")
    before = text[max(0, start - 200) : start].rpartition("\n")[2]
    return bool(
        _EMPTY_LIST.fullmatch(text[start:end]) and alone and _BEFORE_AN_ANSWER.search(before)
    )


def _entries(node: Value, is_entry: Callable[[ObjectNode], bool]) -> Iterator[ObjectEntry]:
    if isinstance(node, ObjectNode):
        yield from _of_object(node, is_entry)
    elif isinstance(node, ListNode):
        yield from _of_list(node, is_entry)


def _of_object(node: ObjectNode, is_entry: Callable[[ObjectNode], bool]) -> Iterator[ObjectEntry]:
    if is_entry(node):
        yield ObjectEntry(node, "")
        return
    for inner in node.values():
        yield from _entries(inner, is_entry)


def _of_list(node: ListNode, is_entry: Callable[[ObjectNode], bool]) -> Iterator[ObjectEntry]:
    """A list that holds objects is a list of entries: whatever else is in it counts too."""
    holds_objects = any(isinstance(item, ObjectNode) for item in node)
    holds_entries = any(isinstance(item, ObjectNode) and is_entry(item) for item in node)
    for item in node:
        inside = list(_entries(item, is_entry))
        yield from inside
        if holds_entries and not inside and isinstance(item, ObjectNode) and _is_only_named(item):
            yield ObjectEntry(item, "")
        elif holds_objects and not inside:
            yield ObjectEntry(None, _shown(item))


def _is_entry(node: ObjectNode) -> bool:
    telling = any(key in _TELLING_KEYS and not _wraps(inner) for key, inner in node.items())
    return telling or is_box(node)


def _is_only_named(node: ObjectNode) -> bool:
    """Whether it says what it is, and nothing of where."""
    return any(isinstance(node.get(key), str) for key in LABEL_KEYS)


def _shown(item: Value) -> str:
    """The beginning of something that may be very large."""
    return str(item[:8] if isinstance(item, ListNode) else item)[:80]


def _wraps(value: Value) -> bool:
    """Whether a telling key such as "polygons" is only the name of a list of entries."""
    first = value[0] if isinstance(value, ListNode) and value else None
    return isinstance(first, ObjectNode) and _is_entry(first)
