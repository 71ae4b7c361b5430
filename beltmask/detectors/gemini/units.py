"""What the numbers of a reply count: thousandths of the picture, pixels, or the picture itself.

Gemini counts thousandths. Other models, and Gemini on a bad day, count pixels or write parts of
one. All boxes of a reply together decide, because one alone often cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beltmask.model import Problem, Size

Corners = tuple[float, float, float, float]
_BEYOND = 1050.0
"""Boxes overshoot the grid a little; farther out they are counted in something else."""


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


def units_of(boxes: Sequence[Corners], size: Size) -> tuple[Units, Problem | None]:
    """The units of a reply with these boxes (y0, x0, y1, x1), and a problem where it is unsure."""
    numbers = [number for corners in boxes for number in corners]
    if not numbers or min(numbers) < 0:
        return GRID, None
    if max(numbers) <= 1.001:
        return (PARTS if any(0 < number < 1 for number in numbers) else GRID), None
    beyond = [corners for corners in boxes if max(corners) > _BEYOND]
    if not beyond or not all(_fits(corners, size) for corners in boxes):
        return GRID, None
    if any(_outside_the_grid(corners) for corners in beyond):
        return Units(*size), None
    if 2 * len(beyond) < len(boxes) or len(beyond) < 2:
        said = "some boxes reach far beyond 1000; they were read as thousandths, not pixels"
        return GRID, Problem("units_unsure", said)
    said = "most boxes reach far beyond 1000 and fit the picture: they were read as pixels"
    return Units(*size), Problem("units_unsure", said)


def _fits(corners: Corners, size: Size) -> bool:
    y0, x0, y1, x1 = corners
    return max(x0, x1) <= size[0] + 1 and max(y0, y1) <= size[1] + 1


def _outside_the_grid(corners: Corners) -> bool:
    y0, x0, y1, x1 = corners
    return min(y0, y1) >= 1000 or min(x0, x1) >= 1000
