"""What the numbers of a reply count: thousandths of the picture, pixels, or the picture itself.

Gemini counts thousandths. Other models, and Gemini on a bad day, count pixels or write parts of
one. All places of a reply together decide, because one alone often cannot; where they leave it
open, it is what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from beltmask.messages import Message
from beltmask.model import Problem, Size

Corners = tuple[float, float, float, float]
_BEYOND = 1050.0
"""Boxes overshoot the grid a little; farther out they are counted in something else."""
_OVERSHOOT = 1.02
_FAR = 0.1
"""Of the picture's side; a box drawn around something at the edge reaches no farther out."""
_BY_CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Units:
    """How large the whole picture is in the numbers of a reply."""

    width: float
    height: float

    @property
    def slack(self) -> float:
        """A fiftieth of the picture, the way it is measured here."""
        return max(self.width, self.height) / 50


GRID = Units(1000.0, 1000.0)
PARTS = Units(1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Convention:
    """How a model was asked to write places. Its reply may count in other units all the same.

    ``x_first``: [x0, y0, x1, y1] and [x, y], except under a name that belongs to Gemini.
    ``seen``: (width, height) of the picture as it was sent, whose pixels are meant where a reply
    counts pixels; None: the picture was not made smaller. ``whole``: what the picture measures
    where none are counted. ``settled``: a dialect's form leaves no doubt of any of it.
    """

    x_first: bool = False
    counts_pixels: bool = False
    seen: Size | None = None
    whole: Units = GRID
    settled: bool = False

    def asked(self, size: Size) -> Units:
        """The units that were asked for, of a picture of ``size``."""
        return Units(*(self.seen or size)) if self.counts_pixels else self.whole

    def beside(self, asked: Convention) -> Convention:
        """A dialect's own, in a reply that was ``asked`` for another."""
        if self.settled:
            return replace(self, seen=asked.seen)
        return replace(asked, x_first=self.x_first)


GEMINI = Convention()


@dataclass(frozen=True, slots=True)
class WrittenBox:
    """A box as a model wrote it: (y0, x0, y1, x1), and whether 1 is written as 1.0.

    ``units`` is what it counts where its dialect leaves no doubt, else None.
    """

    corners: Corners
    decimals: bool = False
    units: Units | None = None

    @property
    def in_parts(self) -> bool:
        """Whether it is counted in parts of the picture."""
        fractions = self.decimals or any(number % 1 for number in self.corners)
        return fractions and _around_one(self.corners)


def units_of(
    written: Sequence[WrittenBox], size: Size, convention: Convention = GEMINI
) -> tuple[Units, list[Problem]]:
    """The units of a reply with these boxes, and what is unsure about them.

    ``size`` is the picture's own (width, height). Boxes ``in_parts`` count so beside any others,
    and have no say in what those count; nor have those whose dialect settles it.
    """
    problems = list(_beyond_their_dialect(written))
    in_doubt = [box for box in written if box.units is None]
    others = [box.corners for box in in_doubt if not box.in_parts]
    if len(others) < len(in_doubt) and all(map(_around_one, others)):
        return PARTS, problems
    units, unsure = _units_of(others, size, convention)
    problems += [] if unsure is None else [unsure]
    if len(others) < len(in_doubt):
        problems.append(_mixed(len(in_doubt) - len(others), len(others), units))
    return units, problems


def _beyond_their_dialect(written: Sequence[WrittenBox]) -> Iterator[Problem]:
    settled = {box.units for box in written if box.units is not None}
    for units in sorted(settled, key=lambda units: (units.width, units.height)):
        boxes = [box.corners for box in written if box.units == units]
        far = _far_out(boxes, units, named=Message("replies.their_dialect"))
        if far is not None:
            yield far


def _units_of(
    boxes: Sequence[Corners], size: Size, convention: Convention
) -> tuple[Units, Problem | None]:
    asked, seen = convention.asked(size), convention.seen or size
    if not boxes:
        return asked, None
    if min(min(corners) for corners in boxes) < 0:
        return asked, _far_out(boxes, asked)
    if convention.counts_pixels:
        return _pixels_unless_beyond(boxes, seen)
    units, unsure = _thousandths_unless_beyond(boxes, seen)
    if units is GRID and unsure is None and convention.seen is not None:
        return GRID, _crowded(boxes, seen)
    return units, unsure


def _mixed(parts: int, others: int, units: Units) -> Problem:
    said = Message("replies.units_mixed", parts=parts, others=others, units=_named(units))
    return Problem("units_unsure", said)


def _around_one(corners: Corners) -> bool:
    """Within the picture in parts of it, or a little beyond; and not just zeros."""
    return all(map(_near, corners)) and max(corners) > 0


def _far_out(
    boxes: Sequence[Corners], units: Units, *, named: Message | None = None
) -> Problem | None:
    """Boxes that leave the picture by far in the units they were read in."""
    far = sum(not all(map(_near, _in_shares(corners, units))) for corners in boxes)
    if not far:
        return None
    said = Message("replies.far_beyond", count=far, units=named or _named(units))
    return Problem("units_unsure", said)


def _in_shares(corners: Corners, units: Units) -> Corners:
    y0, x0, y1, x1 = corners
    return (y0 / units.height, x0 / units.width, y1 / units.height, x1 / units.width)


def _near(share: float) -> bool:
    return -_FAR <= share <= 1 + _FAR


def _named(units: Units) -> Message:
    known = {GRID: Message("replies.thousandths"), PARTS: Message("replies.parts")}
    return known.get(units, Message("replies.pixels"))


def _pixels_unless_beyond(boxes: Sequence[Corners], size: Size) -> tuple[Units, Problem | None]:
    """Pixels were asked for. Boxes that leave the picture and not the grid are thousandths."""
    width, height = size[0] * _OVERSHOOT, size[1] * _OVERSHOOT
    beyond = [c for c in boxes if max(c[1], c[3]) > width or max(c[0], c[2]) > height]
    if not beyond or max(max(corners) for corners in boxes) > _BEYOND:
        return Units(*size), _far_out(boxes, Units(*size))
    if any(min(c[1], c[3]) >= size[0] or min(c[0], c[2]) >= size[1] for c in beyond):
        return GRID, None
    said = Message("replies.read_as_thousandths")
    return GRID, Problem("units_unsure", said)


def _crowded(boxes: Sequence[Corners], size: Size) -> Problem | None:
    """All in the corner of the grid that the picture's pixels would fill: hardly by chance."""
    share = min(1.0, size[0] / 1000) * min(1.0, size[1] / 1000)
    if share ** len(boxes) > _BY_CHANCE or not all(_fits(corners, size) for corners in boxes):
        return None
    said = Message("replies.may_be_pixels", width=size[0], height=size[1])
    return Problem("units_unsure", said)


def _thousandths_unless_beyond(
    boxes: Sequence[Corners], size: Size
) -> tuple[Units, Problem | None]:
    """Thousandths were asked for. Boxes that leave the grid and not the picture are pixels."""
    beyond = [corners for corners in boxes if max(corners) > _BEYOND]
    if not beyond or not all(_fits(corners, size) for corners in boxes):
        return GRID, _far_out(boxes, GRID)
    if any(_outside_the_grid(corners) for corners in beyond):
        return Units(*size), None
    if 2 * len(beyond) < len(boxes) or len(beyond) < 2:
        said = Message("replies.some_beyond")
        return GRID, Problem("units_unsure", said)
    said = Message("replies.most_beyond")
    return Units(*size), Problem("units_unsure", said)


def _fits(corners: Corners, size: Size) -> bool:
    y0, x0, y1, x1 = corners
    return max(x0, x1) <= size[0] + 1 and max(y0, y1) <= size[1] + 1


def _outside_the_grid(corners: Corners) -> bool:
    y0, x0, y1, x1 = corners
    return min(y0, y1) >= 1000 or min(x0, x1) >= 1000
