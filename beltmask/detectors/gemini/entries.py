"""The JSON-like values of a reply -> its entries, out of every wrapper models put around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from beltmask.detectors.gemini.boxes import BOX_KEYS
from beltmask.detectors.gemini.loose_json import ListNode, ObjectNode, TopValue, Value

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
_TELLING_KEYS = frozenset((*BOX_KEYS, *MASK_KEYS, *POINT_KEYS))
_EMPTY_LIST = re.compile(r"\[\s*\]")
_BEFORE_AN_ANSWER = re.compile(r"(?:^|[:`>]|json)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing the reply lists; ``node`` is None when it is no object at all."""

    node: ObjectNode | None
    shown: str


def entries_of(values: Sequence[TopValue]) -> list[Entry]:
    """Everything listed, in order, without values that list no object at all (a footnote "[1]")."""
    found: list[Entry] = []
    for value in values:
        entries = list(_entries(value.node))
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


def _entries(node: Value) -> Iterator[Entry]:
    if isinstance(node, ObjectNode):
        yield from _of_object(node)
    elif isinstance(node, ListNode):
        yield from _of_list(node)


def _of_object(node: ObjectNode) -> Iterator[Entry]:
    if _is_entry(node):
        yield Entry(node, "")
        return
    for inner in node.values():
        yield from _entries(inner)


def _of_list(node: ListNode) -> Iterator[Entry]:
    """A list that holds objects is a list of entries: whatever else is in it counts too."""
    holds_objects = any(isinstance(item, ObjectNode) for item in node)
    for item in node:
        inside = list(_entries(item))
        yield from inside
        if holds_objects and not inside:
            yield Entry(None, str(item)[:80])


def _is_entry(node: ObjectNode) -> bool:
    return any(key in _TELLING_KEYS and not _wraps(inner) for key, inner in node.items())


def _wraps(value: Value) -> bool:
    """Whether a telling key such as "polygons" is only the name of a list of entries."""
    first = value[0] if isinstance(value, ListNode) and value else None
    return isinstance(first, ObjectNode) and _is_entry(first)
