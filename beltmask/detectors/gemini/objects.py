"""One entry of a reply -> an object with a box, a mask and a label, and what was odd about it.

An object whose box is good never disappears because its mask is bad.
"""

from __future__ import annotations

from dataclasses import dataclass

from beltmask.detectors.gemini.boxes import BOX_KEYS, BoxRead, read_box
from beltmask.detectors.gemini.entries import MASK_KEYS, POINT_KEYS, first_of
from beltmask.detectors.gemini.loose_json import ObjectNode, Value
from beltmask.detectors.gemini.notes import Note
from beltmask.detectors.gemini.numerals import number_in, numbers_in
from beltmask.detectors.gemini.places import Place
from beltmask.detectors.gemini.shapes import NO_SHAPE, Shape, read_shape
from beltmask.model import Box, Finding, Mask, MaskSource, Size

UNNAMED = "object"
MAX_LABEL = 200
_LABEL_KEYS = ("label", "name", "class", "class_name", "category", "object", "title", "description")
_SCORE_KEYS = ("score", "confidence")
_TOO_MUCH = Shape("box", notes=(Note("over_limit", "the reply's masks are too large together"),))


@dataclass(frozen=True, slots=True, eq=False)
class ObjectRead:
    """``finding`` is None when the object could not be placed in the picture.

    ``placed`` says that its place was at least read: a box without area, a point.
    """

    finding: Finding | None
    dialect: str
    notes: tuple[Note, ...]
    placed: bool

    @property
    def mask_pixels(self) -> int:
        """How much its mask's crop takes."""
        return self.finding.mask.box.area if self.finding and self.finding.mask else 0

    @property
    def identity(self) -> tuple[str, tuple[int, int, int, int]] | None:
        """Two objects of one reply with the same identity are one said twice."""
        return None if self.finding is None else (self.finding.label, self.finding.box.corners)


def read_object(node: ObjectNode, *, size: Size, most_pixels: int) -> ObjectRead:
    """Whatever can be read of one entry. A mask that may take more pixels is left out and named."""
    box = read_box(first_of(node, BOX_KEYS), size=size)
    shape = _shape(node, box, size, most_pixels)
    notes = (*_cut_notes(node), *box.notes, *shape.notes)
    outline = box.box or (None if shape.mask is None else shape.mask.box)
    if outline is None:
        return _unplaced(node, box, shape, notes)
    if box.box is None:
        notes = (*notes, Note("box_derived", "the box was taken from the outline"))
    return _placed(node, outline, shape, notes)


def _shape(node: ObjectNode, box: BoxRead, size: Size, most_pixels: int) -> Shape:
    key = next((key for key in MASK_KEYS if key in node), None)
    if key is None:
        return NO_SHAPE
    if (box.box.area if box.box else size[0] * size[1]) > most_pixels:
        return _TOO_MUCH
    usable = box.grid if box.box is not None else None
    place = Place(size, usable, box.whole if usable else None, box.box)
    return read_shape(node[key], holes=node.get("holes"), place=place)


def _placed(node: ObjectNode, box: Box, shape: Shape, notes: tuple[Note, ...]) -> ObjectRead:
    label = _label(node)
    if label is None:
        notes = (*notes, Note("label_missing", f"the object has no label; called {UNNAMED!r}"))
    finding = _finding(label or UNNAMED, box, shape.mask, _score(node))
    return ObjectRead(finding, shape.dialect, notes, placed=True)


def _finding(label: str, box: Box, mask: Mask | None, score: float | None) -> Finding:
    source = MaskSource.NONE if mask is None else MaskSource.MODEL
    return Finding(label, box, mask, source, score)


def _unplaced(node: ObjectNode, box: BoxRead, shape: Shape, notes: tuple[Note, ...]) -> ObjectRead:
    point = numbers_in(first_of(node, POINT_KEYS), most=3)
    if point is not None and len(point) >= 2:
        said = f"{_label(node) or UNNAMED}: only the point y {point[0]:g}, x {point[1]:g} was given"
        return ObjectRead(None, "points", (*notes, Note("points_only", said)), placed=True)
    if box.grid is None and not node.cut:
        said = f"{_label(node) or UNNAMED}: there is no box that can be read"
        notes = (*notes, Note("box_missing", said))
    return ObjectRead(None, shape.dialect, notes, placed=box.grid is not None)


def _cut_notes(node: ObjectNode) -> tuple[Note, ...]:
    return (Note("cut_off", "the reply ends inside this object"),) if node.cut else ()


def _label(node: ObjectNode) -> str | None:
    value: Value = first_of(node, _LABEL_KEYS)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    printable = "".join(c if c.isprintable() else " " for c in str(value)[: 4 * MAX_LABEL])
    return " ".join(printable.split())[:MAX_LABEL] or None


def _score(node: ObjectNode) -> float | None:
    score = number_in(first_of(node, _SCORE_KEYS))
    return score if score is not None and 0 <= score <= 1 else None
