"""A label between tags, its boxes between others: what Qwen-VL, InternVL and DeepSeek-VL2 share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from beltmask.detectors.replies.dialects.token_dialect import (
    MOST_NUMBERS,
    MOST_SHAPES,
    Span,
    corners,
    entry_of,
    label_in,
)
from beltmask.detectors.replies.loose_json import Value
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.detectors.replies.units import Convention

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?")
_LIST = re.compile(r"\[([^\[\]]*+)(\]?)")
_MOST_NUMBERS = 9
_BETWEEN = 20


@dataclass(frozen=True, slots=True)
class Tags:
    """(opening, closing) tags of a label, of boxes and, where there are any, of quads."""

    label: tuple[str, str]
    box: tuple[str, str]
    quad: tuple[str, str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        """One tag with what is in it. A closing tag may be missing."""
        pairs = {"label": self.label, "box": self.box, "quad": self.quad}
        return re.compile(
            "|".join(
                f"{re.escape(pair[0])}(?P<{name}>[^<]*+)(?P<{name}_end>{re.escape(pair[1])})?+"
                for name, pair in pairs.items()
                if pair is not None
            )
        )

    @property
    def opening(self) -> re.Pattern[str]:
        """Where an object begins that has a label."""
        return re.compile(re.escape(self.label[0]))

    def begin_with(self, text: str) -> bool:
        """Whether a tag begins with ``text``, which may be nothing at all."""
        pairs = [self.label, self.box, *([self.quad] if self.quad else [])]
        return any(tag.startswith(text) for pair in pairs for tag in pair)


@dataclass(slots=True)
class _Label:
    """What the boxes that follow are. ``used``: one of them has come."""

    words: str | None
    span: Span
    beside: str = ""
    used: bool = False


def read_tagged(
    text: str, *, tags: Tags, pattern: re.Pattern[str], convention: Convention
) -> Iterator[ObjectEntry]:
    """Every box with the label before it; a label without a box is an object without one."""
    label, place = _Label(None, (0, 0), used=True), 0
    for match in pattern.finditer(text):
        kind = match.lastgroup or ""
        if kind.startswith("label"):
            yield from _unused(label, convention, cut=False)
            label = _Label(label_in(match["label"]), match.span())
        else:
            if text[place : match.start()].strip(" ,\n")[:_BETWEEN] or place == 0:
                label = _unless_new(label, text, place=place, start=match.start())
            last = match.end() == len(text)
            yield from _boxes(match, label, convention, last=last)
            label.used = True
        place = match.end()
    rest = text[place : place + _BETWEEN].strip() if len(text) - place < _BETWEEN else None
    yield from _unused(label, convention, cut=rest is not None and tags.begin_with(rest))


def _unless_new(label: _Label, text: str, *, place: int, start: int) -> _Label:
    """A label that no box had yet, or the word that touches the tag."""
    if not label.used:
        return label
    before = text[max(place, start - 200) : start]
    word = re.split(r"[>\n:\[\]]", before)[-1]
    touching = word.strip() and not word[-1].isspace()
    return _Label(label_in(word) if touching else None, (start, start), used=True)


def _unused(label: _Label, convention: Convention, *, cut: bool) -> Iterator[ObjectEntry]:
    if not label.used:
        yield entry_of({"label": label.words}, label.span, convention, cut=cut)


def _boxes(
    match: re.Match[str], label: _Label, convention: Convention, *, last: bool
) -> Iterator[ObjectEntry]:
    quad = (match.lastgroup or "").startswith("quad")
    name = "quad" if quad else "box"
    open_end = last and not match[f"{name}_end"]
    in_lists = "[" in match[name]
    found = _lists(match[name], match.start(name), in_lists=in_lists, quad=quad)
    lists = list(islice(found, MOST_SHAPES))
    for number, (numbers, span, closed) in enumerate(lists, start=1):
        cut = open_end and number == len(lists) and not closed
        box: Value = corners(numbers[:_MOST_NUMBERS], cut=cut)
        fields = {"label": label.words, name: box}
        yield entry_of(fields, span, convention, cut=cut, beside=f"\n{label.words}")
    if not lists:
        yield entry_of({"label": label.words}, match.span(), convention, cut=open_end)


def _lists(
    text: str, offset: int, *, in_lists: bool, quad: bool
) -> Iterator[tuple[Sequence[float], Span, bool]]:
    """(numbers, span, whether it is closed) of each box in what the tags hold."""
    if in_lists:
        for match in _LIST.finditer(text):
            if numbers := [float(found) for found in _NUMBER.findall(match[1])]:
                start, end = match.span()
                yield numbers, (offset + start, offset + end), bool(match[2])
        return
    found = list(islice(_NUMBER.finditer(text), MOST_NUMBERS))
    each = 8 if quad else 4
    each = each if len(found) > each else max(1, len(found))
    for first in range(0, len(found), each):
        group = found[first : first + each]
        start, end = group[0].start(), group[-1].end()
        closed = text[end : end + 1] == ")"
        span = (offset + start - (text[start - 1 : start] == "("), offset + end + closed)
        yield [float(number[0]) for number in group], span, closed
