"""The JSON-like values of a reply -> its entries, out of every wrapper models put around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from beltmask.detectors.replies.boxes import BOX_KEYS, is_box
from beltmask.detectors.replies.dialects import (
    bare_boxes,
    florence_results,
    keyed_labels,
    moondream,
    parallel_lists,
)
from beltmask.detectors.replies.loose_json import ListNode, ObjectNode, TopValue, Value
from beltmask.detectors.replies.object_keys import LABEL_KEYS, MASK_KEYS, POINT_KEYS
from beltmask.detectors.replies.units import Convention

_TELLING_KEYS = frozenset((*BOX_KEYS, *MASK_KEYS, *POINT_KEYS))
_EMPTY_LIST = re.compile(r"\[\s*\]")
_BEFORE_AN_ANSWER = re.compile(r"(?:^|[:`>]|json)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """One thing the reply lists; ``node`` is None when it is no object at all.

    ``convention`` is how places are written in its dialect; None: as they were asked for.
    """

    node: ObjectNode | None
    shown: str = ""
    convention: Convention | None = None


def entries_of(values: Sequence[TopValue]) -> list[ObjectEntry]:
    """All objects listed, in order, without values that list none at all (a footnote "[1]")."""
    return _listed(values, _is_entry)


def named_entries(values: Sequence[TopValue]) -> list[ObjectEntry]:
    """What a reply without any place lists by name alone."""
    return _listed(values, _is_only_named)


def loose_entries(values: Sequence[TopValue], text: str) -> list[ObjectEntry]:
    """Boxes outside of objects, or under their label, in a reply that lists nothing else."""
    return [ObjectEntry(node) for value in values for node in _loose(value.node, value, text)]


def _loose(node: Value, value: TopValue, text: str) -> Iterator[ObjectNode]:
    found = list(bare_boxes.objects_in(value, text)) if node is value.node else []
    if isinstance(node, ObjectNode):
        found = parallel_lists.objects_in(node, labelled=False) or keyed_labels.objects_in(node)
    yield from found
    if found or not isinstance(node, ListNode | ObjectNode):
        return
    for inner in node.values() if isinstance(node, ObjectNode) else node:
        yield from _loose(inner, value, text)


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


def _is_empty_answer(value: TopValue, text: str) -> bool:
    start, end = value.span
    if isinstance(value.node, ObjectNode):
        return _holds_empty_lists(value.node)
    alone = not text[end : end + 200].partition("\n")[0].strip(" \t\r`.")
    before = text[max(0, start - 200) : start].rpartition("\n")[2]
    return bool(
        _EMPTY_LIST.fullmatch(text[start:end]) and alone and _BEFORE_AN_ANSWER.search(before)
    )


def _holds_empty_lists(node: ObjectNode) -> bool:
    """Whether it has lists, all empty, or is a wrapper around one such object."""
    lists = [value for value in node.values() if isinstance(value, ListNode)]
    inner = [value for value in node.values() if isinstance(value, ObjectNode)]
    if "error" in node or (not lists and len(inner) != 1):
        return False
    return not any(lists) if lists else _holds_empty_lists(inner[0])


def _entries(
    node: Value, is_entry: Callable[[ObjectNode], bool], convention: Convention | None = None
) -> Iterator[ObjectEntry]:
    if isinstance(node, ObjectNode):
        yield from _of_object(node, is_entry, convention)
    elif isinstance(node, ListNode):
        yield from _of_list(node, is_entry, convention)


def _of_object(
    node: ObjectNode, is_entry: Callable[[ObjectNode], bool], convention: Convention | None
) -> Iterator[ObjectEntry]:
    if objects := parallel_lists.objects_in(node):
        yield from (ObjectEntry(one, convention=convention) for one in objects)
    elif points := moondream.points_in(node):
        yield from (ObjectEntry(one, convention=moondream.CONVENTION) for one in points)
    elif is_entry(node):
        yield ObjectEntry(node, convention=convention)
    else:
        for key, inner in node.items():
            for entry in _entries(inner, is_entry, florence_results.convention_at(key, convention)):
                if entry.node is not None:
                    keyed_labels.name_by_key(entry.node, node.name_of(key))
                yield entry


def _of_list(
    node: ListNode, is_entry: Callable[[ObjectNode], bool], convention: Convention | None
) -> Iterator[ObjectEntry]:
    """A list that holds objects is a list of entries: whatever else is in it counts too."""
    holds_objects = any(isinstance(item, ObjectNode) for item in node)
    holds_entries = any(isinstance(item, ObjectNode) and is_entry(item) for item in node)
    for item in node:
        inside = list(_entries(item, is_entry, convention))
        yield from inside
        if holds_entries and not inside and isinstance(item, ObjectNode) and _is_only_named(item):
            yield ObjectEntry(item, convention=convention)
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
