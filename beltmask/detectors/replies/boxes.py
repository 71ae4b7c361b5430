"""What a model wrote as a box -> pixels.

Gemini's convention: ``[ymin, xmin, ymax, xmax]`` on a grid of 0..1000 over the whole picture
(https://ai.google.dev/gemini-api/docs/image-understanding). Most others write x first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice

from beltmask.detectors.replies.loose_json import CutText, ListNode, ObjectNode, Value
from beltmask.detectors.replies.numerals import number_in, numbers_in
from beltmask.detectors.replies.object_problems import ObjectProblem
from beltmask.detectors.replies.units import GEMINI, GRID, Convention, Corners, Units
from beltmask.messages import Message
from beltmask.model import Box, Size

BOX_KEYS = (
    "box_2d",
    "box",
    "bbox",
    "bounding_box",
    "bbox_2d",
    "boundingbox",
    "box2d",
    "bbox_norm",
    "box_norm",
    "bbox_normalized",
    "normalized_bbox",
)
_ALWAYS_Y_FIRST = {"box_2d", "box2d"}
_NAMED_CORNERS = (
    ("ymin", "xmin", "ymax", "xmax"),
    ("y_min", "x_min", "y_max", "x_max"),
    ("y0", "x0", "y1", "x1"),
    ("y1", "x1", "y2", "x2"),
    ("top", "left", "bottom", "right"),
)
_MOST_NUMBERS, _MOST_LETTERS = 8, 200
_NAMED_SIDES = (("y", "x", "height", "width"), ("y", "x", "h", "w"))


@dataclass(frozen=True, slots=True)
class GridBox:
    """A box in the reply's own units, corners in order; it may reach beyond the picture."""

    y0: float
    x0: float
    y1: float
    x1: float
    units: Units = GRID

    @property
    def corners(self) -> tuple[float, float, float, float]:
        return (self.y0, self.x0, self.y1, self.x1)

    @property
    def is_empty(self) -> bool:
        return self.y1 <= self.y0 or self.x1 <= self.x0

    @property
    def overshoots(self) -> bool:
        beyond = self.y1 > self.units.height or self.x1 > self.units.width
        return beyond or min(self.y0, self.x0) < 0

    @property
    def misses(self) -> bool:
        """Whether it lies beside the picture."""
        beyond = self.y0 >= self.units.height or self.x0 >= self.units.width
        return beyond or self.y1 <= 0 or self.x1 <= 0

    def counted_in(self, units: Units) -> GridBox:
        """The same box in other units."""
        x, y = units.width / self.units.width, units.height / self.units.height
        return GridBox(self.y0 * y, self.x0 * x, self.y1 * y, self.x1 * x, units)

    def pixels(self, size: Size) -> Box:
        """Rounded to the nearest pixel edges, at least one pixel each way, not clipped."""
        x0, x1 = _edges(self.x0, self.x1, size[0], whole=self.units.width)
        y0, y1 = _edges(self.y0, self.y1, size[1], whole=self.units.height)
        return Box(x0, y0, x1, y1)


@dataclass(frozen=True, slots=True)
class BoxRead:
    """``grid`` is None when there are no four numbers; ``box`` when none of it is in the picture.

    ``whole`` is the box before clipping: a mask drawn for it covers that much.
    """

    grid: GridBox | None = None
    whole: Box | None = None
    box: Box | None = None
    notes: tuple[ObjectProblem, ...] = ()


def read_box(corners: Corners | None, *, size: Size, units: Units = GRID) -> BoxRead:
    """The box with these corners in a picture of ``size``."""
    if corners is None:
        return BoxRead()
    grid, notes = _in_order(corners, units)
    if grid.is_empty:
        return BoxRead(
            grid,
            notes=(
                *notes,
                ObjectProblem("box_empty", Message("replies.box_empty", corners=_say(grid))),
            ),
        )
    whole = grid.pixels(size)
    box = whole.clipped(size)
    if box is None or grid.misses:
        said = ObjectProblem("box_empty", Message("replies.box_outside", corners=_say(grid)))
        return BoxRead(grid, notes=(*notes, said))
    if grid.overshoots:
        notes = (
            *notes,
            ObjectProblem("box_clipped", Message("replies.box_clipped", corners=_say(grid))),
        )
    return BoxRead(grid, whole, box, notes)


def corners_of(node: ObjectNode, convention: Convention = GEMINI) -> Corners | None:
    """(y0, x0, y1, x1) of an entry's box in any of the forms models use, or of itself.

    A list, pairs, a string, named corners; in any order of corners. None without four numbers.
    """
    key = next((key for key in BOX_KEYS if key in node), None)
    value = node if key is None else node[key]
    corners = _four_numbers(value)
    x_first = convention.x_first and key not in _ALWAYS_Y_FIRST
    if corners is None or not x_first or isinstance(value, ObjectNode):
        return corners
    x0, y0, x1, y1 = corners
    return (y0, x0, y1, x1)


def has_decimals(node: ObjectNode) -> bool:
    """Whether the numbers of an entry's box are written with a point, such as 1.0.

    Of one that is called normalized they need not be.
    """
    key = next((key for key in BOX_KEYS if key in node), None)
    return "norm" in (key or "") or _any_decimal(node if key is None else node[key])


def quad_in(node: ObjectNode) -> Value:
    """The four corners of a box that is written as such, eight numbers or four pairs, or None."""
    value = node[key] if (key := next((key for key in BOX_KEYS if key in node), None)) else None
    if not isinstance(value, ListNode | str) or len(value) < 4:
        return None
    pairs = isinstance(value, ListNode) and len(value) == 4
    if pairs and all(isinstance(corner, ListNode) and len(corner) == 2 for corner in value):
        return value
    numbers = numbers_in(value, most=_MOST_NUMBERS)
    return value if numbers is not None and len(numbers) == _MOST_NUMBERS else None


def _any_decimal(value: Value) -> bool:
    if isinstance(value, ObjectNode | ListNode):
        inner = value.values() if isinstance(value, ObjectNode) else value
        return any(_any_decimal(item) for item in islice(inner, _MOST_NUMBERS))
    return isinstance(value, float) or (isinstance(value, str) and "." in value[:_MOST_LETTERS])


def is_box(node: ObjectNode) -> bool:
    """Whether its own fields are named corners or sides, as Moondream writes them."""
    return any(all(name in node for name in names) for names in _NAMED_CORNERS + _NAMED_SIDES)


def _four_numbers(value: Value) -> Corners | None:
    if isinstance(value, ObjectNode):
        value = _named(value)
    while isinstance(value, ListNode) and len(value) == 1 and isinstance(value[0], ListNode):
        value = value[0]
    if isinstance(value, ListNode) and len(value) == 2 and not value.cut:
        value = _joined(value)
    if isinstance(value, CutText) or (isinstance(value, ListNode) and value.cut and len(value) < 5):
        value = _without_the_cut_number(value)
    numbers = numbers_in(value, most=5)
    if numbers is None or len(numbers) != 4 or not all(abs(n) < 1e9 for n in numbers):
        return None
    return (numbers[0], numbers[1], numbers[2], numbers[3])


def _without_the_cut_number(value: Value) -> Value:
    """A number at the very end may have lost digits; the list parser left it as a string."""
    if isinstance(value, ListNode):
        return ListNode(item for item in value if not isinstance(item, CutText))
    return None


def _named(node: ObjectNode) -> Value:
    for names in _NAMED_CORNERS:
        if all(name in node for name in names):
            return ListNode(node[name] for name in names)
    for names in _NAMED_SIDES:
        y, x, height, width = (number_in(node.get(name)) for name in names)
        if y is not None and x is not None and height is not None and width is not None:
            return ListNode([y, x, y + height, x + width])
    return None


def _joined(pair: ListNode) -> ListNode:
    """Two corners, each a pair, as four numbers."""
    if not all(isinstance(corner, ListNode) and len(corner) == 2 for corner in pair):
        return pair
    return ListNode(number for corner in pair if isinstance(corner, ListNode) for number in corner)


def _in_order(corners: Corners, units: Units) -> tuple[GridBox, tuple[ObjectProblem, ...]]:
    a, b, c, d = corners
    grid = GridBox(min(a, c), min(b, d), max(a, c), max(b, d), units)
    if c >= a and d >= b:
        return grid, ()
    said = Message("replies.corners_swapped", a=a, b=b, c=c, d=d)
    return grid, (ObjectProblem("box_swapped", said),)


def _edges(low: float, high: float, length: int, *, whole: float) -> tuple[int, int]:
    start, end = round(low * length / whole), round(high * length / whole)
    if end > start:
        return start, end
    middle = math.floor((low + high) / 2 * length / whole)
    start = min(max(middle, 0), length - 1)
    return start, start + 1


def _say(grid: GridBox) -> str:
    return "[" + ", ".join(f"{corner:g}" for corner in grid.corners) + "]"
