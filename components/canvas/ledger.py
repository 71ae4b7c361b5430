"""What was drawn on the canvas and what of it is already told.

A sheet is one base drawing: it never changes while the person works on it, because a new
base throws away a gesture that is still under way. Each snapshot that comes back names its
sheet, so a late one is read against the sheet the person had before them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from uuid import uuid4

import numpy as np
from pydantic import TypeAdapter, ValidationError

from beltmask.model import Annotation, Mask
from beltmask.review import Edit
from components.canvas.drawing import Outline, View, outlines_of, shape_of

SHEETS_KEPT = 3
MOST_OFFERS = 3


@dataclass(frozen=True, slots=True)
class Known:
    """An annotation as the person saw it; ``color`` is empty until the next run tells it."""

    revision: int
    digest: str
    color: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """``base`` is what was drawn at first, ``outlines`` what is on it as far as it was told.

    ``worn`` asks for a new sheet: the outlines no longer show what the masks are.
    """

    number: int
    base: tuple[Outline, ...]
    outlines: tuple[Outline, ...]
    known: Mapping[str, Known]
    colors: Mapping[str, str]
    drawn_count: int = 0
    worn: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """The newest sheet comes first. ``key`` is the canvas's, ``session`` makes ids unique.

    ``tool`` is the one last in hand. ``before`` is the newest sheet as it was before the edits
    of the last run, for as long as the annotations do not show them; ``offers`` counts the runs
    that returned exactly the edits named in ``told``.
    """

    key: str
    session: str
    sheets: tuple[Sheet, ...]
    next_number: int
    tool: str = ""
    before: Sheet | None = None
    offers: int = 0
    told: tuple[str, ...] = ()

    @property
    def sheet(self) -> Sheet:
        return self.sheets[0]

    def with_sheet(self, sheet: Sheet) -> Ledger:
        """The same ledger after something was told of one of its sheets."""
        sheets = tuple(sheet if s.number == sheet.number else s for s in self.sheets)
        return replace(self, sheets=sheets)


_JSON = TypeAdapter(Ledger)


def read_ledger(text: str) -> Ledger | None:
    """What ``write_ledger`` wrote; None for anything else, such as an older version's."""
    try:
        return _JSON.validate_json(text)
    except ValidationError:
        return None


def write_ledger(ledger: Ledger) -> str:
    return _JSON.dump_json(ledger).decode()


def digest(mask: Mask) -> str:
    """Equal for equal masks only."""
    place = f"{mask.x},{mask.y},{mask.bits.shape}".encode()
    return blake2b(place + np.packbits(mask.bits).tobytes(), digest_size=12).hexdigest()


def known(annotations: Sequence[Annotation], colors: Mapping[str, str]) -> dict[str, Known]:
    return {a.id: Known(a.revision, digest(shape_of(a)), colors[a.id]) for a in annotations}


def new_ledger(key: str) -> Ledger:
    return Ledger(key, uuid4().hex, (), 1)


def with_new_sheet(
    ledger: Ledger, annotations: Sequence[Annotation], *, view: View, now: Mapping[str, Known]
) -> Ledger:
    """Draw the annotations afresh; numbers are never used twice."""
    number = ledger.next_number
    outlines = outlines_of(annotations, view=view, first_number=number + 1)
    colors = {owner: known.color for owner, known in now.items()}
    sheet = Sheet(number, outlines, outlines, now, colors)
    sheets = (sheet, *ledger.sheets)[:SHEETS_KEPT]
    return replace(ledger, sheets=sheets, next_number=number + 1 + len(outlines))


def shows(sheet: Sheet, now: Mapping[str, Known]) -> bool:
    """The canvas still shows the annotations as they are; revisions alone do not show."""
    return not sheet.worn and _agrees(sheet, now)


def acknowledged(ledger: Ledger, now: Mapping[str, Known]) -> Ledger:
    """The ledger after looking whether the edits of the last run were applied.

    A run can be cut short between returning edits and applying them: when nothing at all
    has happened since, they count as not told. A few times only: they may be refused.
    """
    before = ledger.before
    if before is None or _agrees(ledger.sheet, now):
        return replace(ledger, before=None, offers=0)
    untouched = _agrees(before, now) and all(
        was.revision == now[i].revision for i, was in before.known.items()
    )
    if untouched and ledger.offers < MOST_OFFERS:
        return replace(ledger.with_sheet(before), before=None)
    return replace(ledger, before=None, offers=0)


def offered(ledger: Ledger, before: Sheet, edits: Sequence[Edit]) -> Ledger:
    """The ledger after edits of its newest sheet, ``before`` until now, were returned."""
    told = tuple(edit.id for edit in edits)
    offers = ledger.offers + 1 if told == ledger.told else 1
    return replace(ledger, before=before, offers=offers, told=told)


def _agrees(sheet: Sheet, now: Mapping[str, Known]) -> bool:
    return sheet.known.keys() == now.keys() and all(
        was.digest == now[i].digest and was.color in ("", now[i].color)
        for i, was in sheet.known.items()
    )


def up_to_date(sheet: Sheet, now: Mapping[str, Known]) -> Sheet:
    """The sheet after the person has seen ``now``: newer revisions of what it shows anyway."""
    seen = {
        i: now[i] if i in now and now[i].digest == was.digest else was
        for i, was in sheet.known.items()
    }
    return replace(sheet, known=seen)
