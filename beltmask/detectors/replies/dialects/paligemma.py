"""PaliGemma: ``<loc0123><loc0045><loc0678><loc0910> bolt ; …``, and masks as ``<seg042>``.

y0, x0, y1, x1; 0..1023, where 1023 is the far edge: its training data multiply by that and round
(https://github.com/google-research/big_vision, big_vision/pp/proj/paligemma/segmentation.py).
Many readers divide by 1024, up to a thousandth of the picture less. A mask is 16 codes over the
box, for whoever has the codebook (``seg_tokens.TokenDecoder``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from beltmask.detectors.replies.dialects.token_dialect import (
    MOST_NUMBERS,
    TokenDialect,
    corners,
    ends_inside,
    entry_of,
    label_in,
)
from beltmask.detectors.replies.loose_json import CutText, Value
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.detectors.replies.units import Convention, Units

CONVENTION = Convention(whole=Units(1023.0, 1023.0), settled=True)
CODES = 16
_OBJECT = re.compile(r"((?:<loc\d{4}>)++)\s*+((?:<seg\d{3}>)*+)([^<;\n]*+)")
_NUMBER = re.compile(r"\d{4}")
_PART = re.compile(r"<(?:l(?:o(?:c\d{0,4})?)?|s(?:e(?:g\d{0,3})?)?)?")
_LONGEST_LABEL, _TOO_MANY = 800, 5
_NEXT = re.compile(r"(?<!\d>)<loc\d{4}>")


def _read(text: str) -> Iterator[ObjectEntry]:
    place, cut = 0, False
    for match in _OBJECT.finditer(text):
        place, label = match.end(), match[3].strip()
        cut = not label and ends_inside(text, place, _PART) and _is_broken(match, text)
        yield from _objects(match, cut=cut)
    begun = text[place : place + 40].lstrip(" ;\n")
    if place and not cut and begun and ends_inside(text, len(text) - len(begun), _PART):
        yield entry_of({}, (place, len(text)), CONVENTION, cut=True)


def _is_broken(match: re.Match[str], text: str) -> bool:
    """Whether something is missing of an object that the text ends in."""
    unfinished = match[1].count("<") < 4 or 0 < match[2].count("<") < CODES
    return unfinished or bool(text[match.end() :].strip())


def _objects(match: re.Match[str], *, cut: bool) -> Iterator[ObjectEntry]:
    """One; several where the boxes of one label stand in a row."""
    found = list(islice(_NUMBER.finditer(match[0], 0, len(match[1])), MOST_NUMBERS))
    label = label_in(match[3][:_LONGEST_LABEL])
    each = 4 if len(found) % 4 == 0 else len(found)
    for first in range(0, len(found), each):
        row = found[first : first + each]
        last = first + each == len(found)
        start, end = match.start() + row[0].start() - len("<loc"), match.start() + row[-1].end() + 1
        span = (start, match.end() if last else end)
        numbers = [float(number[0]) for number in row[:_TOO_MANY]]
        fields = {"box": corners(numbers), "label": label}
        mask = {"mask": _mask(match[2], cut=cut)} if last else {}
        yield entry_of(fields | mask, span, CONVENTION, cut=cut and last, beside=f"\n{label}")


def _mask(codes: str, *, cut: bool) -> Value:
    if not codes:
        return None
    return CutText(codes) if cut and codes.count("<") < CODES else codes


PALIGEMMA = TokenDialect(re.compile(r"<loc\d{4}>"), _NEXT, _read)
