"""What a dialect of tokens is: marks of its own in the text, and the objects between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from beltmask.detectors.replies.loose_json import CutText, ListNode, ObjectNode, Value
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.detectors.replies.units import Convention

Span = tuple[int, int]
MOST_NUMBERS, MOST_SHAPES = 100_000, 25_000
"""Read of one object's tokens; as boxes they are more than are kept of a whole reply."""
_MOST_LABEL = 800


@dataclass(frozen=True, slots=True)
class TokenDialect:
    """``mark`` stands in every reply of it; ``read`` gives its objects in order.

    All that comes before a ``start`` is whole when that has come; None: only its end tells.
    ``nothing`` is what it writes where it found nothing, if that has words of its own.
    """

    mark: re.Pattern[str]
    start: re.Pattern[str] | None
    read: Callable[[str], Iterator[ObjectEntry]]
    nothing: str | None = None


def entry_of(
    fields: Mapping[str, Value],
    span: Span,
    convention: Convention,
    *,
    cut: bool = False,
    beside: str = "",
) -> ObjectEntry:
    """An object that stands in the text at ``span``; fields without a value are left out."""
    node = ObjectNode({key: value for key, value in fields.items() if value is not None})
    node.span, node.cut, node.beside = span, cut, beside
    return ObjectEntry(node, convention=convention)


def corners(numbers: Sequence[float], *, cut: bool = False) -> ListNode:
    """Numbers as a list the text holds; ``cut``: the last of them may have lost digits."""
    made = ListNode(numbers)
    if cut and made:
        made[-1], made.cut = CutText(f"{numbers[-1]:g}"), True
    return made


def label_in(text: str) -> str | None:
    """The words of a label, without what only surrounds them; None for none."""
    return text[-_MOST_LABEL:].strip(" \t\r\n`\"'*.,;:-|") or None


def ends_inside(text: str, start: int, token: re.Pattern[str]) -> bool:
    """Whether the text ends at ``start``, or with the beginning of a ``token`` there."""
    rest = text[start : start + _MOST_LABEL].strip()
    return start + _MOST_LABEL > len(text) and (not rest or token.fullmatch(rest) is not None)
