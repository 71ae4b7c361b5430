"""Text of a reply -> objects and problems. Pure: no network, no files, no clock, no pixels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from beltmask.detectors.gemini.api_bodies import refuse_error, text_in_body
from beltmask.detectors.gemini.entries import Entry, entries_of, says_nothing_found
from beltmask.detectors.gemini.loops import repeated_tail
from beltmask.detectors.gemini.loose_json import TopValue, read_values
from beltmask.detectors.gemini.objects import ObjectRead, read_object
from beltmask.errors import EmptyReplyError, UnreadableReplyError
from beltmask.model import Finding, Problem, Size

MAX_LETTERS = 8_000_000
MAX_OBJECTS = 2_000
MAX_MASK_PIXELS = 500_000_000
_LOOP = 4
_SAYS_WHY = {"mask_unreadable", "mask_missing", "over_limit"}
_FRAGMENT = re.compile(r'[\s`]*(?:json\s)?\s*"\w+"\s*:')


@dataclass(frozen=True, slots=True, eq=False)
class ReadReply:
    """What parsing made of a reply.

    ``dialect`` is one of png, polygon, rle, seg_tokens, booleans, box, points, mixed, none.
    ``numbers`` holds each finding's place in the reply's own order, from 1, as problems do.
    """

    dialect: str
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Numbered:
    number: int
    read: ObjectRead
    span: tuple[int, int]


def read_reply(text: str, *, size: Size) -> ReadReply:
    """Read every object that can be read, in the order of the reply.

    Kinds of problems, about one object: mask_unreadable, mask_missing, mask_clipped,
    box_missing, box_empty, box_swapped, box_clipped, box_derived, label_missing, points_only,
    not_an_object, duplicate; about one object or the whole reply: cut_off, loop, over_limit.

    Args:
        text: The model's text, or a whole body of the API around it.
        size: (width, height) of the upright image; findings are in its pixels.

    Raises:
        EmptyReplyError: There is no text.
        UnreadableReplyError: There is text, and nothing in it can be read. An empty list can:
            it says that nothing was found.
    """
    if not text.strip():
        raise EmptyReplyError("the reply is empty", reply=text)
    values = read_values(text[:MAX_LETTERS])
    inner = text_in_body(values, text)
    if inner is not None:
        return _without_spans(_read(inner, read_values(inner[:MAX_LETTERS]), size=size, raw=text))
    return _read(text, values, size=size, raw=text)


def _read(text: str, values: Sequence[TopValue], *, size: Size, raw: str) -> ReadReply:
    entries = entries_of(values)
    if not entries and _FRAGMENT.match(text):
        values = read_values("{" + text[: MAX_LETTERS - 1])
        entries = entries_of(values)
    if not entries:
        return _without_entries(values, text, raw=raw)
    return _with_entries(entries, values, text, size=size, raw=raw)


def _with_entries(
    entries: Sequence[Entry], values: Sequence[TopValue], text: str, *, size: Size, raw: str
) -> ReadReply:
    numbered, problems = _objects(entries[:MAX_OBJECTS], size=size)
    if not any(item.read.placed for item in numbered):
        raise UnreadableReplyError(_why_unplaced(numbered), reply=raw)
    kept, folded = _folded(numbered)
    problems += _missing_masks(kept) + folded + _about_the_whole(entries, values, text)
    found = [item for item in kept if item.read.finding is not None]
    return ReadReply(
        dialect=_dialect(kept),
        findings=tuple(item.read.finding for item in found if item.read.finding is not None),
        problems=tuple(sorted(problems, key=_order)),
        numbers=tuple(item.number for item in found),
    )


def _without_entries(values: Sequence[TopValue], text: str, *, raw: str) -> ReadReply:
    refuse_error(values, raw)
    if says_nothing_found(values, text):
        return ReadReply("none", (), (), ())
    if any(value.cut for value in values):
        raise UnreadableReplyError("the reply ends before its first object is whole", reply=raw)
    if values:
        raise UnreadableReplyError("the reply lists nothing that could be an object", reply=raw)
    start = " ".join(text[:200].split())[:60]
    raise UnreadableReplyError(f"the reply is prose, not a list of objects: {start!r}", reply=raw)


def _objects(entries: Sequence[Entry], *, size: Size) -> tuple[list[_Numbered], list[Problem]]:
    numbered: list[_Numbered] = []
    problems: list[Problem] = []
    pixels_left = MAX_MASK_PIXELS
    for number, entry in enumerate(entries, start=1):
        if entry.node is None:
            problems.append(Problem("not_an_object", f"not an object: {entry.shown!r}", number))
            continue
        read = read_object(entry.node, size=size, most_pixels=pixels_left)
        pixels_left -= read.mask_pixels
        numbered.append(_Numbered(number, read, entry.node.span))
        problems += [note.about(number, entry.node.span) for note in read.notes]
    return numbered, problems


def _folded(numbered: Sequence[_Numbered]) -> tuple[list[_Numbered], list[Problem]]:
    """Each object once, with a problem for every one that was said again."""
    groups: dict[object, list[_Numbered]] = {}
    for item in numbered:
        groups.setdefault(item.read.identity or item.number, []).append(item)
    again = [_said_again(group[0], len(group)) for group in groups.values() if len(group) > 1]
    return [group[0] for group in groups.values()], again


def _said_again(item: _Numbered, count: int) -> Problem:
    kind = "loop" if count >= _LOOP else "duplicate"
    label = item.read.finding.label if item.read.finding else ""
    return Problem(kind, f"{label!r} was said {count} times; kept once", item.number, item.span)


def _missing_masks(kept: Sequence[_Numbered]) -> list[Problem]:
    """Objects without any mask in a reply whose other objects have one."""
    if _dialect(kept) in {"box", "points"}:
        return []
    bare = [item for item in kept if item.read.dialect == "box" and item.read.finding is not None]
    said = "the model gave this object no mask"
    return [
        Problem("mask_missing", said, item.number, item.span)
        for item in bare
        if not any(note.kind in _SAYS_WHY for note in item.read.notes)
    ]


def _about_the_whole(
    entries: Sequence[Entry], values: Sequence[TopValue], text: str
) -> list[Problem]:
    problems = []
    if len(entries) > MAX_OBJECTS or len(text) > MAX_LETTERS:
        said = f"{len(entries)} objects in {len(text)} letters; the first {MAX_OBJECTS} were read"
        problems.append(Problem("over_limit", said))
    cut_object = next((n for n, e in enumerate(entries, 1) if e.node and e.node.cut), None)
    if any(value.cut for value in values) and cut_object is None:
        problems.append(Problem("cut_off", "the reply ends before its list does"))
    looped = repeated_tail(text.rstrip("` \n")) if cut_object is not None else None
    if looped is not None:
        said = f"the model repeated {looped!r} until it was cut off"
        problems.append(Problem("loop", said, cut_object, (max(0, len(text) - 200), len(text))))
    return problems


def _dialect(kept: Sequence[_Numbered]) -> str:
    """What the masks are written in; objects without one do not count beside those with one."""
    dialects = {item.read.dialect for item in kept}
    telling = dialects - {"box"} or dialects
    return telling.pop() if len(telling) == 1 else "mixed"


def _why_unplaced(numbered: Sequence[_Numbered]) -> str:
    if not numbered:
        return "the reply lists nothing that could be an object"
    dialects = {item.read.dialect for item in numbered} - {"box"}
    what = f"; masks are written as {', '.join(sorted(dialects))}" if dialects else ""
    return f"the reply lists no object with a box that can be read{what}"


def _order(problem: Problem) -> int:
    return MAX_OBJECTS + 1 if problem.object is None else problem.object


def _without_spans(read: ReadReply) -> ReadReply:
    """Spans count in the model's text; inside an API body they would point astray."""
    bare = tuple(Problem(p.kind, p.detail, p.object) for p in read.problems)
    return ReadReply(read.dialect, read.findings, bare, read.numbers)
