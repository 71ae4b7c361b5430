"""Text of a reply -> objects and problems. Pure: no network, no files, no clock, no pixels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from beltmask.detectors.replies import problems as about
from beltmask.detectors.replies.api_bodies import refuse_error, text_in_body
from beltmask.detectors.replies.decoded_objects import DecodedObjects
from beltmask.detectors.replies.deduplication import Numbered, Span, StatedObject, distinct, folded
from beltmask.detectors.replies.loose_json import TopValue, read_values
from beltmask.detectors.replies.object_entries import ObjectEntry, entries_of, says_nothing_found
from beltmask.detectors.replies.objects import Setting, written_box
from beltmask.detectors.replies.seg_tokens import TokenDecoder
from beltmask.detectors.replies.units import GEMINI, Convention, units_of
from beltmask.errors import EmptyReplyError, UnreadableReplyError
from beltmask.model import Finding, Problem, Size

PARSER_VERSION = 4
"""Goes up with every change that may read an old reply differently."""
MAX_LETTERS = 8_000_000
MAX_OBJECTS = 2_000
_FRAGMENT = re.compile(r'[\s`]*(?:json\s)?\s*"\w+"\s*:')


@dataclass(frozen=True, slots=True, eq=False)
class ReadReply:
    """What parsing made of a reply.

    ``dialect`` is one of png, polygon, rle, seg_tokens, booleans, box, points, mixed, none.
    ``numbers`` holds each finding's place in the reply's own order, from 1, as problems do;
    ``spans`` where it stands in the raw text, None where that is not known.
    """

    dialect: str
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    numbers: tuple[int, ...]
    spans: tuple[Span | None, ...] = ()


@dataclass(frozen=True, slots=True)
class _ReadContext:
    """What is known about a reply before it is read."""

    raw: str
    size: Size
    object_cap: int | None
    decoder: TokenDecoder | None
    convention: Convention
    decoded: DecodedObjects


def read_reply(
    text: str,
    *,
    size: Size,
    object_cap: int | None = None,
    decoder: TokenDecoder | None = None,
    convention: Convention = GEMINI,
    decoded: DecodedObjects | None = None,
) -> ReadReply:
    """Read every object that can be read, in the order of the reply.

    Kinds of problems, about one object: mask_unreadable, mask_missing, mask_clipped,
    box_missing, box_empty, box_swapped, box_clipped, box_derived, label_missing, points_only,
    not_an_object, duplicate; about one object or the whole reply: cut_off, loop, over_limit;
    about the whole reply: units_unsure, at_object_cap.

    Args:
        text: The model's text, or a whole body of the API around it.
        size: (width, height) of the upright image; findings are in its pixels.
        object_cap: How many objects were asked for at most; None when that is not known.
        decoder: Reads masks written as codes; None leaves them unreadable.
        convention: How places were asked for.
        decoded: What was decoded of it while it came.

    Raises:
        EmptyReplyError: There is no text.
        UnreadableReplyError: There is text, and nothing in it can be read. An empty list can:
            it says that nothing was found.
    """
    if not text.strip():
        raise EmptyReplyError("the reply is empty", reply=text)
    asked = _ReadContext(text, size, object_cap, decoder, convention, decoded or DecodedObjects())
    values = _values(text)
    inner = text_in_body(values, text)
    if inner is not None:
        return _without_spans(_read(inner, _values(inner), asked))
    return _read(text, values, asked)


def _values(text: str) -> list[TopValue]:
    """Those of as much text as may be read."""
    values = read_values(text[:MAX_LETTERS])
    if values and values[-1].cut and len(text) > MAX_LETTERS:
        values[-1] = replace(values[-1], too_long=True)
    return values


def _read(text: str, values: Sequence[TopValue], asked: _ReadContext) -> ReadReply:
    entries = entries_of(values)
    if entries or not _FRAGMENT.match(text):
        return _told(entries, values, text, asked)
    values = [_moved_back(value) for value in _values("{" + text)]
    return _told(entries_of(values), values, text, asked)


def _told(
    entries: Sequence[ObjectEntry], values: Sequence[TopValue], text: str, asked: _ReadContext
) -> ReadReply:
    if not entries:
        return _without_entries(values, text, raw=asked.raw)
    unread_from = _unread_from(entries, values, text)
    whole = [entry for entry in entries if not _stopped_in(entry, values)]
    return _with_entries(whole, values, text, asked=asked, unread_from=unread_from)


def _with_entries(
    entries: Sequence[ObjectEntry],
    values: Sequence[TopValue],
    text: str,
    *,
    asked: _ReadContext,
    unread_from: int,
) -> ReadReply:
    said = distinct(entries, text)
    numbered, problems = _objects(said[:MAX_OBJECTS], asked)
    if not any(item.read.placed for item in numbered):
        raise UnreadableReplyError(_why_unplaced(numbered), reply=asked.raw)
    kept, repeated = folded(numbered)
    dialect = _dialect(kept)
    problems += repeated
    problems += about.no_objects(entries[: 2 * MAX_OBJECTS], text)
    problems += about.missing_masks(kept, dialect)
    problems += about.cut_or_looping(entries, values, text)
    problems += about.over_limit(len(said), len(numbered), text, unread_from=unread_from)
    problems += about.at_cap(len(said), asked.object_cap)
    return _as_read(dialect, kept, problems)


def _as_read(dialect: str, kept: Sequence[Numbered], problems: Sequence[Problem]) -> ReadReply:
    found = [item for item in kept if item.read.finding is not None]
    return ReadReply(
        dialect=dialect,
        findings=tuple(item.read.finding for item in found if item.read.finding is not None),
        problems=tuple(sorted(problems, key=_order)),
        numbers=tuple(item.number for item in found),
        spans=tuple(item.span for item in found),
    )


def _without_entries(values: Sequence[TopValue], text: str, *, raw: str) -> ReadReply:
    refuse_error(values, raw)
    if says_nothing_found(values, text):
        return ReadReply("none", (), (), ())
    if any(value.too_long for value in values):
        raise UnreadableReplyError("the reply is too long to be read", reply=raw)
    if any(value.cut for value in values):
        raise UnreadableReplyError("the reply ends before its first object is whole", reply=raw)
    if values:
        raise UnreadableReplyError("the reply lists nothing that could be an object", reply=raw)
    start = " ".join(text[:200].split())[:60]
    raise UnreadableReplyError(f"the reply is prose, not a list of objects: {start!r}", reply=raw)


def _objects(
    said: Sequence[StatedObject], asked: _ReadContext
) -> tuple[list[Numbered], list[Problem]]:
    written = [written_box(item.node, asked.convention) for item in said]
    placed = [box for box in written if box is not None]
    units, unsure = units_of(placed, asked.size, asked.convention)
    setting = Setting(
        asked.size,
        units,
        limits=asked.decoded.limits,
        decoder=asked.decoder,
        convention=asked.convention,
    )
    numbered = [
        Numbered(item, asked.decoded.read(item.node, item.words, setting.counting(box)))
        for item, box in zip(said, written, strict=True)
    ]
    problems = [note.about(item.number, item.span) for item in numbered for note in item.read.notes]
    return numbered, problems + unsure


def _dialect(kept: Sequence[Numbered]) -> str:
    """What the masks are written in; objects without one do not count beside those with one."""
    dialects = {item.read.dialect for item in kept}
    telling = dialects - {"box"} or dialects
    return telling.pop() if len(telling) == 1 else "mixed"


def _why_unplaced(numbered: Sequence[Numbered]) -> str:
    if not numbered:
        return "the reply lists nothing that could be an object"
    dialects = {item.read.dialect for item in numbered} - {"box"}
    what = f"; masks are written as {', '.join(sorted(dialects))}" if dialects else ""
    names = ", ".join(item.read.label for item in numbered[:5])[:100]
    return f"the reply lists no object with a box that can be read{what}: {names}"


def _unread_from(entries: Sequence[ObjectEntry], values: Sequence[TopValue], text: str) -> int:
    """Where the text begins that was too long to be read; its end when all of it was read."""
    if not any(value.too_long for value in values):
        return min(len(text), MAX_LETTERS)
    whole = [e.node.span[1] for e in entries if e.node and not _stopped_in(e, values)]
    return max(whole, default=0)


def _stopped_in(entry: ObjectEntry, values: Sequence[TopValue]) -> bool:
    """Whether a limit, not the model, ended the text inside this entry."""
    return entry.node is not None and entry.node.cut and values[-1].too_long


def _moved_back(value: TopValue) -> TopValue:
    """The bracket put before a fragment is no letter of the text."""
    for entry in entries_of([value]):
        if entry.node is not None:
            start, end = entry.node.span
            entry.node.span = (max(0, start - 1), max(0, end - 1))
    start, end = value.span
    return TopValue(value.node, (max(0, start - 1), max(0, end - 1)), value.cut, value.too_long)


def _order(problem: Problem) -> int:
    return MAX_OBJECTS + 1 if problem.object is None else problem.object


def _without_spans(read: ReadReply) -> ReadReply:
    """Spans count in the model's text; inside an API body they would point astray."""
    bare = tuple(Problem(p.kind, p.said, p.object) for p in read.problems)
    return ReadReply(read.dialect, read.findings, bare, read.numbers)
