"""Problems that no object has by itself: about its neighbours, the limits, the whole reply."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from beltmask.detectors.replies.boxes import BOX_KEYS
from beltmask.detectors.replies.deduplication import Numbered, Span
from beltmask.detectors.replies.loose_json import TopValue
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.messages import Message
from beltmask.model import Problem

_SAYS_WHY = {"mask_unreadable", "mask_missing", "over_limit"}
_BOX_KEY = re.compile(rf"""["'](?:{"|".join(BOX_KEYS)})["']\s*:""", re.IGNORECASE)
_BOX_TOKENS = re.compile(
    r"(?:<loc_?\d++>){4}|\[\d++(?:,\s?\d++){3}\]|\(\d++,\s?\d++\),\s?\(\d++,\s?\d++\)|<points?\s"
)
_TAIL = 200
_LONGEST_PERIOD = 64
_TIMES = 8
_SHORTEST_TAIL = 24


def no_objects(entries: Sequence[ObjectEntry], text: str) -> Iterator[Problem]:
    """What stands among the objects and is none; its span is the gap it stands in."""
    for index, entry in enumerate(entries):
        if entry.node is None:
            span = _gap(entries, index, text)
            yield Problem(
                "not_an_object",
                Message("replies.not_an_object", shown=entry.shown),
                index + 1,
                span,
            )


def missing_masks(kept: Sequence[Numbered], dialect: str) -> Iterator[Problem]:
    """Objects without any mask in a reply whose other objects have one."""
    if dialect in {"box", "points"}:
        return
    for item in kept:
        said_why = any(note.kind in _SAYS_WHY for note in item.read.notes)
        if item.read.dialect == "box" and item.read.finding is not None and not said_why:
            said = Message("replies.no_mask_given")
            yield Problem("mask_missing", said, item.number, item.span)


def cut_or_looping(
    entries: Sequence[ObjectEntry], values: Sequence[TopValue], text: str
) -> Iterator[Problem]:
    """An end that came too early, and the loop the model was caught in then."""
    cut = [number for number, entry in enumerate(entries, 1) if entry.node and entry.node.cut]
    if any(value.cut and not value.too_long for value in values) and not cut:
        end = max(entry.node.span[1] for entry in entries if entry.node)
        span = (min(end, len(text) - 1), len(text))
        yield Problem("cut_off", Message("replies.list_cut_off"), None, span)
    looped = repeated_tail(text.rstrip("` \n")) if cut else None
    if looped is not None:
        said = Message("replies.repeated_to_the_end", repeated=looped)
        yield Problem("loop", said, cut[0], (max(0, len(text) - _TAIL), len(text)))


def over_limit(entries: int, read: int, text: str, *, unread_from: int) -> Iterator[Problem]:
    """Objects nobody read: those beyond the limit, and those in text beyond the limit.

    ``entries`` are the different objects that were told apart, ``read`` of them were read;
    what follows in ``text`` from ``unread_from`` on is only counted, by the boxes in it.
    """
    total = entries + _boxes_from(text, unread_from)
    if total > read or unread_from < len(text):
        said = Message(
            "replies.too_many_objects",
            total=total,
            letters=len(text),
            read=read,
            left=total - read,
        )
        yield Problem("over_limit", said)


def _boxes_from(text: str, start: int) -> int:
    """How many boxes stand in what was not read, of entries or of a dialect's tokens."""
    if start >= len(text):
        return 0
    named = sum(1 for _ in _BOX_KEY.finditer(text, start))
    return named or sum(1 for _ in _BOX_TOKENS.finditer(text, start))


def at_cap(count: int, cap: int | None) -> Iterator[Problem]:
    """A list that is just as long as was allowed may have been longer."""
    if count == cap:
        yield Problem("at_object_cap", Message("replies.at_object_cap", count=count))


def repeated_tail(text: str) -> str | None:
    """What ``text`` repeats at its end, at least eight times in a row; None when nothing."""
    for period in range(1, _LONGEST_PERIOD + 1):
        length = max(period * _TIMES, _SHORTEST_TAIL)
        tail = text[-length:]
        if len(tail) == length and tail[period:] == tail[:-period]:
            return tail[:period]
    return None


def _gap(entries: Sequence[ObjectEntry], index: int, text: str) -> Span | None:
    """From the object before to the object after, without what separates them."""
    before = entries[index - 1].node if index else None
    after = entries[index + 1].node if index + 1 < len(entries) else None
    if before is None or after is None or before.span[1] >= after.span[0]:
        return None
    start, end = before.span[1], after.span[0]
    gap = text[start:end]
    start += len(gap) - len(gap.lstrip(" \t\r\n,"))
    end -= len(gap) - len(gap.rstrip(" \t\r\n,"))
    return (start, end) if start < end else None
