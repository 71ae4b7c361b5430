"""Molmo: ``<point x="61.5" y="40.2" alt="bolt">bolt</point>``, and ``<points x1=… y1=… …>``.

Points only, x first, in hundredths of the picture
(https://huggingface.co/allenai/Molmo-7B-O-0924/discussions/1). Molmo 2 writes thousandths, a
number for each point and one for the picture before: ``<points coords="1 1 073 160 2 173 600">``
(https://huggingface.co/allenai/Molmo2-8B).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from beltmask.detectors.replies.dialects.token_dialect import (
    MOST_NUMBERS,
    Span,
    TokenDialect,
    corners,
    entry_of,
    label_in,
)
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.detectors.replies.units import Convention, Units

CONVENTION = Convention(x_first=True, whole=Units(100.0, 100.0), settled=True)
CONVENTION_2 = Convention(x_first=True, settled=True)
_TAG = re.compile(r"<points?\s([^<>]*+)(?:/?>([^<]*+)(?:</points?>)?)?+")
_AXIS = re.compile(r"""\b([xy])(\d{0,6})\s?=\s?["']\s?(\d{1,6}(?:\.\d{0,9})?)""")
_COORDS = re.compile(r"""\bcoords\s?=\s?["']([^"']*+)""")
_ALT = re.compile(r"""\balt\s?=\s?["']([^"']*+)""")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LONGEST_LABEL = 800
Place = tuple[tuple[float, float] | None, Span]


def _read(text: str) -> Iterator[ObjectEntry]:
    for match in _TAG.finditer(text):
        alt = _ALT.search(match[1])
        label = label_in((alt[1] if alt else match[2] or "")[:_LONGEST_LABEL])
        convention, points = _points(match[1])
        broken = match[2] is None and match.end() == len(text)
        places = list(points) or [(None, (0, len(match[1])))]
        for number, (point, (start, end)) in enumerate(places, start=1):
            cut = broken and number == len(places)  # its last number may have lost digits
            span = (match.start(1) + start, match.start(1) + end)
            fields = {"label": label, "point": None if cut or point is None else corners(point)}
            yield entry_of(fields, span, convention, cut=cut, beside=f"\n{label}")


def _points(attributes: str) -> tuple[Convention, Iterator[Place]]:
    """What the points of a tag count, and each with its place, None for one without an axis."""
    coords = _COORDS.search(attributes)
    if coords is None:
        return CONVENTION, _named(attributes)
    return CONVENTION_2, _listed(attributes, coords.span(1))


def _named(attributes: str) -> Iterator[Place]:
    found: dict[str, dict[str, re.Match[str]]] = {}
    for match in islice(_AXIS.finditer(attributes), MOST_NUMBERS):
        found.setdefault(match[2], {})[match[1]] = match
    for axes in found.values():
        x, y = axes.get("x"), axes.get("y")
        place = min(axes.values(), key=re.Match.start).span()
        yield (None if x is None or y is None else (float(x[3]), float(y[3]))), place


def _listed(attributes: str, span: Span) -> Iterator[Place]:
    """Number, x, y of each; one more before them is the picture's."""
    found = list(islice(_NUMBER.finditer(attributes, *span), MOST_NUMBERS))
    if len(found) % 3 == 2:
        yield None, span
        return
    for n in range(len(found) % 3, len(found), 3):
        x, y = float(found[n + 1][0]), float(found[n + 2][0])
        yield (x, y), (found[n].start(), found[n + 2].end())


MOLMO = TokenDialect(
    re.compile(r"<points?\s"), re.compile(r"<points?\s"), _read, nothing="There are none."
)
