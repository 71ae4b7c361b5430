"""Text of a reply -> objects and problems. Pure: no network, no files, no clock, no pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beltmask.detectors.replies import problems as about
from beltmask.detectors.replies.api_bodies import refuse_error
from beltmask.detectors.replies.decoded_objects import DecodedObjects
from beltmask.detectors.replies.deduplication import Numbered, Span, StatedObject, distinct, folded
from beltmask.detectors.replies.dialects.registry import says_nothing
from beltmask.detectors.replies.object_entries import says_nothing_found
from beltmask.detectors.replies.objects import Setting, written_box
from beltmask.detectors.replies.reply_entries import ReplyEntries, reply_entries_of
from beltmask.detectors.replies.seg_tokens import TokenDecoder
from beltmask.detectors.replies.units import GEMINI, Convention, units_of
from beltmask.errors import EmptyReplyError, UnreadableReplyError
from beltmask.messages import Message
from beltmask.model import Finding, Problem, Size

PARSER_VERSION = 5
"""Goes up with every change that may read an old reply differently."""
MAX_OBJECTS = 2_000


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
        raise EmptyReplyError(Message("replies.empty"), reply=text)
    asked = _ReadContext(text, size, object_cap, decoder, convention, decoded or DecodedObjects())
    listed = reply_entries_of(text)
    read = _with_entries(listed, asked) if listed.entries else _without_entries(listed, text)
    return _without_spans(read) if listed.within else read


def _with_entries(listed: ReplyEntries, asked: _ReadContext) -> ReadReply:
    entries, text = listed.entries, listed.text
    said = distinct(entries, text)
    numbered, problems = _objects(said[:MAX_OBJECTS], asked)
    if not any(item.read.placed for item in numbered):
        raise UnreadableReplyError(_why_unplaced(numbered), reply=asked.raw)
    kept, repeated = folded(numbered)
    dialect = _dialect(kept)
    problems += repeated
    problems += about.no_objects(entries[: 2 * MAX_OBJECTS], text)
    problems += about.missing_masks(kept, dialect)
    problems += about.cut_or_looping(entries, listed.values, text)
    problems += about.over_limit(len(said), len(numbered), text, unread_from=listed.unread_from)
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


def _without_entries(listed: ReplyEntries, raw: str) -> ReadReply:
    values, text = listed.values, listed.text
    refuse_error(values, raw)
    if says_nothing_found(values, text) or says_nothing(text, values):
        return ReadReply("none", (), (), ())
    if any(value.too_long for value in values):
        raise UnreadableReplyError(Message("replies.too_long"), reply=raw)
    if any(value.cut for value in values):
        raise UnreadableReplyError(Message("replies.cut_before_first"), reply=raw)
    if values:
        raise UnreadableReplyError(Message("replies.no_objects_listed"), reply=raw)
    start = " ".join(text[:200].split())[:60]
    raise UnreadableReplyError(Message("replies.prose", start=start), reply=raw)


def _objects(
    said: Sequence[StatedObject], asked: _ReadContext
) -> tuple[list[Numbered], list[Problem]]:
    conventions = [_convention_of(item, asked) for item in said]
    written = [
        written_box(item.node, convention, size=asked.size)
        for item, convention in zip(said, conventions, strict=True)
    ]
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
        Numbered(item, asked.decoded.read(item.node, item.words, setting.for_one(box, convention)))
        for item, box, convention in zip(said, written, conventions, strict=True)
    ]
    problems = [note.about(item.number, item.span) for item in numbered for note in item.read.notes]
    return numbered, problems + unsure


def _convention_of(said: StatedObject, asked: _ReadContext) -> Convention:
    if said.convention is None:
        return asked.convention
    return said.convention.beside(asked.convention)


def _dialect(kept: Sequence[Numbered]) -> str:
    """What the masks are written in; objects without one do not count beside those with one."""
    dialects = {item.read.dialect for item in kept}
    telling = dialects - {"box"} or dialects
    return telling.pop() if len(telling) == 1 else "mixed"


def _why_unplaced(numbered: Sequence[Numbered]) -> Message:
    if not numbered:
        return Message("replies.no_objects_listed")
    dialects = tuple(sorted({item.read.dialect for item in numbered} - {"box"}))
    names = ", ".join(item.read.label for item in numbered[:5])[:100]
    if dialects:
        return Message("replies.no_box_but_masks", dialects=dialects, names=names)
    return Message("replies.no_box", names=names)


def _order(problem: Problem) -> int:
    return MAX_OBJECTS + 1 if problem.object is None else problem.object


def _without_spans(read: ReadReply) -> ReadReply:
    """Spans count in the model's text; inside an API body they would point astray."""
    bare = tuple(Problem(p.kind, p.said, p.object) for p in read.problems)
    return ReadReply(read.dialect, read.findings, bare, read.numbers)
