"""Boxes in no object at all: ``[[…], […]]``, ``["bolt", […]]``, ``bolt[[…]]``.

The last is what InternVL, DeepSeek-VL2 and CogVLM leave where a server strips special tokens
(vLLM does unless told ``skip_special_tokens=False``): the label ends where the bracket opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from beltmask.detectors.replies.dialects.parallel_lists import (
    is_flat,
    items_of,
    lists_boxes,
    object_at,
)
from beltmask.detectors.replies.loose_json import ListNode, ObjectNode, TopValue
from beltmask.detectors.replies.numerals import is_numbers

_MOST_LETTERS = 200
_NO_WORDS = re.compile(r"[\[\]{}<>()`\"':=;|\n]")


def objects_in(value: TopValue, text: str) -> Iterator[ObjectNode]:
    """The boxes of a list that stands in ``text``.

    One alone, ``[10, 20, 30, 40]``, is a box where it has a line of its own or a label right
    before it; anywhere else it may be a sentence's.
    """
    node = value.node
    if not isinstance(node, ListNode):
        return
    label = _label_before(text, value.span[0])
    if is_flat(node) and label is None and not _alone(value, text):
        return
    for found in _boxes(node):
        if label is not None and "label" not in found:
            found["label"] = label
            found.beside = f"\n{label}"
        yield found


def _boxes(node: ListNode) -> Iterator[ObjectNode]:
    labels = [item for item in node if isinstance(item, str) and not is_numbers(item)]
    places = [item for item in node if is_flat(item) or lists_boxes(item)]
    if is_flat(node):
        yield object_at(node, node, {"box": node})
    elif len(labels) == 1 and len(node) == 5:
        numbers = ListNode(item for item in node if item is not labels[0])
        numbers.span, numbers.cut = node.span, node.cut
        yield object_at(numbers, node, {"box": numbers, "label": labels[0]})
    elif len(labels) == 1 and places:
        single = ([place] if is_flat(place) else items_of(place) for place in places)
        for item in chain.from_iterable(single):
            yield object_at(item, node, {"box": item, "label": labels[0]})
    elif lists_boxes(node):
        yield from (object_at(item, node, {"box": item}) for item in node)
    else:
        for item in node:
            if isinstance(item, ListNode):
                yield from _boxes(item)


def _label_before(text: str, start: int) -> str | None:
    """The words that end where the bracket opens, back to the last mark or line."""
    before = text[max(0, start - _MOST_LETTERS) : start]
    if not before or before[-1].isspace():
        return None
    return _NO_WORDS.split(before)[-1].strip(" ,.\t\r") or None


def _alone(value: TopValue, text: str) -> bool:
    """Whether nothing else is on its line."""
    start, end = value.span
    before = text[max(0, start - _MOST_LETTERS) : start].rpartition("\n")[2]
    after = text[end : end + _MOST_LETTERS].partition("\n")[0]
    return not before.strip("` \t-*") and not after.strip("` \t,.")
