"""Florence-2: ``bolt<loc_52><loc_332><loc_932><loc_774>``, corner by corner, x first.

1000 bins a side, read at their middles; a label has one box or several; text has the four
corners of a quad; outlines stand in ``<poly>``, their parts apart by ``<sep>``
(https://huggingface.co/microsoft/Florence-2-large/blob/main/processing_florence2.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from beltmask.detectors.replies.dialects.token_dialect import (
    MOST_NUMBERS,
    MOST_SHAPES,
    Span,
    TokenDialect,
    corners,
    ends_inside,
    entry_of,
    label_in,
)
from beltmask.detectors.replies.loose_json import ListNode
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.detectors.replies.units import Convention

CONVENTION = Convention(x_first=True, settled=True)
_RUN = re.compile(r"(?:<loc_\d{1,4}>|<sep>|</?poly>)(?:\s?(?:<loc_\d{1,4}>|<sep>|</?poly>))*+")
_NUMBER = re.compile(r"\d{1,4}")
_GROUP = re.compile(r"(?:<loc_\d{1,4}>\s?|<sep>\s?)++(?:</poly>)?+")
"""One outline with all its parts."""
_NOT_SAID = re.compile(r"</?s>|<pad>|<[A-Z_]+>|[\n{}]")
_PART = re.compile(r"<(?:l(?:o(?:c(?:_\d{0,4})?)?)?|s(?:ep?)?|/?(?:p(?:o(?:ly?)?)?)?)?")
_MIDDLE = 0.5
_LONGEST_LABEL = 800


def _read(text: str) -> Iterator[ObjectEntry]:
    place = 0
    for match in _RUN.finditer(text):
        before = text[max(place, match.start() - _LONGEST_LABEL) : match.start()]
        label = label_in(_NOT_SAID.split(before)[-1])
        place = match.end()
        yield from _objects(match, label, broken=_is_broken(match, text))
    begun = text[place : place + _LONGEST_LABEL]
    if place and begun[:1].isalnum() and len(begun) < _LONGEST_LABEL and "\n" not in begun:
        yield entry_of({"label": label_in(begun)}, (place, len(text)), CONVENTION, cut=True)


def _is_broken(match: re.Match[str], text: str) -> bool:
    """Whether the text ends in or right after this run, and something of it is missing."""
    run, rest = match[0], text[match.end() : match.end() + 10].strip()
    if not ends_inside(text, match.end(), _PART) and rest:
        return False
    unclosed = run.count("<poly>") > run.count("</poly>")
    return bool(rest) or unclosed or len(_NUMBER.findall(run)) < 4


def _objects(match: re.Match[str], label: str | None, *, broken: bool) -> Iterator[ObjectEntry]:
    """The objects of one run of tokens; in a broken one the last is cut."""
    shapes = _shapes(match[0])
    for number, (name, shape, (start, end)) in enumerate(shapes, start=1):
        cut = broken and number == len(shapes)
        shape.cut = cut and name == "polygon"
        span = (match.start() + start, match.start() + end)
        fields = {"label": label, name: shape}
        yield entry_of(fields, span, CONVENTION, cut=cut, beside=f"\n{label}")


def _shapes(run: str) -> list[tuple[str, ListNode, Span]]:
    """(field, numbers, where): outlines, or boxes, or a quad, whose corners run round."""
    if "<poly>" in run or "<sep>" in run:
        groups = islice(_GROUP.finditer(run), MOST_SHAPES)
        return [("polygon", _rings(group[0]), group.span()) for group in groups]
    found = list(islice(_NUMBER.finditer(run), MOST_NUMBERS))
    numbers = [int(number[0]) + _MIDDLE for number in found]
    rows = [numbers[n : n + 4] for n in range(0, len(numbers), 4)]
    if len(numbers) == 4 or all(len(row) == 4 and _is_ordered(row) for row in rows):
        return [("box", corners(row), _span(found, 4 * n)) for n, row in enumerate(rows)]
    if len(numbers) >= 6 and not len(numbers) % 2:
        return [("polygon", corners(numbers), (0, len(run)))]
    return [("box", corners(numbers[:5]), (0, len(run)))]


def _span(found: list[re.Match[str]], first: int) -> Span:
    """Of four tokens, from the first of them on."""
    return (found[first].start() - len("<loc_"), found[first + 3].end() + 1)


def _rings(group: str) -> ListNode:
    parts = group.split("<sep>", MOST_SHAPES)
    rings = ([int(number) + _MIDDLE for number in _NUMBER.findall(part)] for part in parts)
    return ListNode(corners(ring) for ring in rings if ring)


def _is_ordered(row: list[float]) -> bool:
    """Whether the first corner is left of and above the second."""
    return row[0] < row[2] and row[1] < row[3]


FLORENCE_2 = TokenDialect(
    re.compile(r"<loc_\d{1,4}>"),
    re.compile(r"(?<=>)(?=[^\s<])"),
    _read,
    nothing="No object detected.",
)
