"""A reply's text -> what it lists, whichever form that is in, and how far it was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from beltmask.detectors.replies.api_bodies import text_in_body
from beltmask.detectors.replies.dialects.registry import has_marks, read_tokens
from beltmask.detectors.replies.loose_json import (
    ListNode,
    ObjectNode,
    TopValue,
    Value,
    read_values,
)
from beltmask.detectors.replies.object_entries import (
    ObjectEntry,
    entries_of,
    loose_entries,
    named_entries,
)

MAX_LETTERS = 8_000_000
_FRAGMENT = re.compile(r'[\s`]*(?:json\s)?\s*"\w+"\s*:')


@dataclass(frozen=True, slots=True)
class ReplyEntries:
    """What a reply lists. ``text`` is the model's own, ``values`` the JSON-like ones in it.

    Nothing is read of ``text`` from ``unread_from`` on. ``within``: the text stood in a body
    or a string, so that places in it are none of the reply.
    """

    text: str
    values: Sequence[TopValue]
    entries: Sequence[ObjectEntry]
    unread_from: int
    within: bool = False


def reply_entries_of(raw: str) -> ReplyEntries:
    """What a reply lists: entries, a dialect's tokens, or whatever boxes stand in it.

    Raises:
        UnreadableReplyError: It is the body of an error.
        EmptyReplyError: It is a body without text.
    """
    values = _values(raw)
    inner = text_in_body(values, raw)
    if inner is None:
        return _entries_of_text(raw, values)
    return replace(_entries_of_text(inner, _values(inner)), within=True)


def _entries_of_text(text: str, values: Sequence[TopValue]) -> ReplyEntries:
    entries = entries_of(values)
    if not entries and _FRAGMENT.match(text):
        moved = [_moved_back(value) for value in _values("{" + text)]
        values, entries = [value for value, _ in moved], [e for _, found in moved for e in found]
    if not entries and has_marks(text):
        tokens = _in_tokens(text, values)
        if tokens.entries:
            return tokens
    entries = entries or loose_entries(values, text) or named_entries(values)
    whole = [entry for entry in entries if not _stopped_in(entry, values)]
    return ReplyEntries(text, values, whole, _unread_from(whole, values, text))


def _in_tokens(text: str, values: Sequence[TopValue]) -> ReplyEntries:
    """Of the strings in it, where a server put the model's words into some."""
    strings = [said for value in values for said in _strings(value.node) if has_marks(said)]
    inner = "\n".join(strings) if strings else text
    entries, unread_from = read_tokens(inner[:MAX_LETTERS])
    return ReplyEntries(inner, (), entries, unread_from, within=bool(strings))


def _strings(node: Value) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, ListNode | ObjectNode):
        for inner in node.values() if isinstance(node, ObjectNode) else node:
            yield from _strings(inner)


def _values(text: str) -> list[TopValue]:
    """Those of as much text as may be read."""
    values = read_values(text[:MAX_LETTERS])
    if values and values[-1].cut and len(text) > MAX_LETTERS:
        values[-1] = replace(values[-1], too_long=True)
    return values


def _unread_from(entries: Sequence[ObjectEntry], values: Sequence[TopValue], text: str) -> int:
    """Where the text begins that was too long to be read; its end when all of it was read."""
    if not any(value.too_long for value in values):
        return min(len(text), MAX_LETTERS)
    return max((entry.node.span[1] for entry in entries if entry.node), default=0)


def _stopped_in(entry: ObjectEntry, values: Sequence[TopValue]) -> bool:
    """Whether a limit, not the model, ended the text inside this entry."""
    return entry.node is not None and entry.node.cut and values[-1].too_long


def _moved_back(value: TopValue) -> tuple[TopValue, list[ObjectEntry]]:
    """The bracket put before a fragment is no letter of the text."""
    entries = entries_of([value])
    for node in {id(entry.node): entry.node for entry in entries}.values():
        if node is not None:
            node.span = _one_back(node.span)
    return replace(value, span=_one_back(value.span)), entries


def _one_back(span: tuple[int, int]) -> tuple[int, int]:
    return (max(0, span[0] - 1), max(0, span[1] - 1))
