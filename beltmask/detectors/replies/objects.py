"""One entry of a reply -> an object with a box, a mask and a label, and what was odd about it.

An object whose box is good never disappears because its mask is bad.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from beltmask.detectors.replies.boxes import (
    BoxRead,
    corners_of,
    has_decimals,
    quad_in,
    read_box,
)
from beltmask.detectors.replies.decode_limits import DecodeLimits, OverLimitError
from beltmask.detectors.replies.loose_json import ObjectNode, Value
from beltmask.detectors.replies.mask_dialects import NO_SHAPE, ReadMask, outline_corners, read_shape
from beltmask.detectors.replies.numerals import number_in, numbers_in
from beltmask.detectors.replies.object_frame import ObjectFrame
from beltmask.detectors.replies.object_keys import (
    LABEL_KEYS,
    MASK_KEYS,
    POINT_KEYS,
    SCORE_KEYS,
    TEXT_KEYS,
    first_of,
)
from beltmask.detectors.replies.object_problems import ObjectProblem
from beltmask.detectors.replies.seg_tokens import TokenDecoder
from beltmask.detectors.replies.units import GEMINI, GRID, PARTS, Convention, Units, WrittenBox
from beltmask.messages import Message
from beltmask.model import Box, Finding, Mask, MaskSource, Size
from beltmask.names import seen

UNNAMED = "object"
MAX_LABEL = 200
_TOO_MUCH = ReadMask(
    "box", notes=(ObjectProblem("over_limit", Message("replies.masks_too_large")),)
)


@dataclass(frozen=True, slots=True, eq=False)
class ObjectRead:
    """``finding`` is None when the object could not be placed in the picture.

    ``placed`` says that its place was at least read: a box without area, a point.
    """

    finding: Finding | None
    dialect: str
    notes: tuple[ObjectProblem, ...]
    placed: bool
    label: str
    corners: tuple[float, float, float, float] | None = None

    @property
    def mask(self) -> Mask | None:
        return None if self.finding is None else self.finding.mask

    @property
    def identity(self) -> tuple[str, tuple[float, float, float, float]] | None:
        """Two objects of one reply with the same identity and mask are one said twice.

        The box counts as it was written: small objects of a small picture may share pixels.
        """
        if self.finding is None:
            return None
        return (self.finding.label, self.corners or self.finding.box.corners)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all objects of a reply have in common."""

    size: Size
    units: Units = GRID
    limits: DecodeLimits = field(default_factory=DecodeLimits)
    decoder: TokenDecoder | None = None
    convention: Convention = GEMINI

    def for_one(self, box: WrittenBox | None, convention: Convention) -> Setting:
        """The setting for an object of a ``convention``: its own units where its box tells them."""
        units = self.units
        if box is not None:
            units = box.units or (PARTS if box.in_parts else units)
        if units is self.units and convention is self.convention:
            return self
        return replace(self, units=units, convention=convention)


def written_box(node: ObjectNode, convention: Convention, *, size: Size) -> WrittenBox | None:
    """The entry's box or, without one, what is around its outline; as it counts.

    ``size`` is the picture's (width, height).
    """
    units = convention.asked(size) if convention.settled else None
    corners = corners_of(node, convention)
    if corners is not None:
        return WrittenBox(corners, has_decimals(node), units)
    outline = outline_corners(_shape_in(node), x_first=convention.x_first)
    return None if outline is None else WrittenBox(outline, units=units)


def _shape_in(node: ObjectNode) -> Value:
    """What it says of its shape: a mask, or a box whose corners are all told."""
    mask = first_of(node, MASK_KEYS)
    return quad_in(node) if mask is None else mask


def read_object(node: ObjectNode, setting: Setting) -> ObjectRead:
    """Whatever can be read of one entry. A mask that costs too much is left out and named."""
    corners = corners_of(node, setting.convention)
    box = read_box(corners, size=setting.size, units=setting.units)
    shape = _within_limits(_shape(node, box, setting), setting.limits)
    notes = (*_cut_notes(node), *box.notes, *shape.notes)
    outline = box.box or (None if shape.mask is None else shape.mask.box)
    if outline is None:
        return _unplaced(node, box, shape, notes, x_first=setting.convention.x_first)
    if box.box is None:
        notes = (*notes, ObjectProblem("box_derived", Message("replies.box_from_outline")))
    read = _placed(node, outline, shape, notes)
    return replace(read, corners=None if box.grid is None else box.grid.corners)


def _shape(node: ObjectNode, box: BoxRead, setting: Setting) -> ReadMask:
    shape = _shape_in(node)
    if shape is None and not any(key in node for key in MASK_KEYS):
        return NO_SHAPE
    most = box.box.area if box.box else setting.size[0] * setting.size[1]
    if most > setting.limits.left["mask pixels"]:
        return _TOO_MUCH
    usable = box.grid if box.box is not None else None
    whole = box.whole if usable else None
    place = ObjectFrame(
        setting.size,
        usable,
        whole,
        box.box,
        units=setting.units,
        x_first=setting.convention.x_first,
        limits=setting.limits,
    )
    return read_shape(shape, holes=node.get("holes"), place=place, decoder=setting.decoder)


def _within_limits(shape: ReadMask, limits: DecodeLimits) -> ReadMask:
    try:
        limits.spend("mask pixels", 0 if shape.mask is None else shape.mask.box.area)
    except OverLimitError as error:
        return ReadMask(shape.dialect, notes=(ObjectProblem("over_limit", error.message),))
    return shape


def _placed(
    node: ObjectNode, box: Box, shape: ReadMask, notes: tuple[ObjectProblem, ...]
) -> ObjectRead:
    label = label_of(node)
    if label is None:
        notes = (
            *notes,
            ObjectProblem("label_missing", Message("replies.label_missing", name=UNNAMED)),
        )
    finding = _finding(label or UNNAMED, box, shape.mask, _score(node))
    return ObjectRead(finding, shape.dialect, notes, True, finding.label)


def _finding(label: str, box: Box, mask: Mask | None, score: float | None) -> Finding:
    source = MaskSource.NONE if mask is None else MaskSource.MODEL
    return Finding(label, box, mask, source, score)


def _unplaced(
    node: ObjectNode,
    box: BoxRead,
    shape: ReadMask,
    notes: tuple[ObjectProblem, ...],
    *,
    x_first: bool,
) -> ObjectRead:
    label = label_of(node) or UNNAMED
    point = numbers_in(first_of(node, POINT_KEYS), most=3)
    if point is not None and len(point) >= 2:
        y, x = point[1::-1] if x_first else point[:2]
        said = Message("replies.point_only", label=label, y=y, x=x)
        return ObjectRead(None, "points", (*notes, ObjectProblem("points_only", said)), True, label)
    if box.grid is None and not node.cut:
        said = Message("replies.box_missing", label=label)
        notes = (*notes, ObjectProblem("box_missing", said))
    return ObjectRead(None, shape.dialect, notes, box.grid is not None, label)


def _cut_notes(node: ObjectNode) -> tuple[ObjectProblem, ...]:
    return (ObjectProblem("cut_off", Message("replies.ends_inside")),) if node.cut else ()


def label_of(node: ObjectNode) -> str | None:
    """Its label as one printable line; None when it has none."""
    value = first_of(node, (*LABEL_KEYS, *TEXT_KEYS))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    shown = seen(str(value)[: 4 * MAX_LABEL])
    printable = "".join(letter if letter.isprintable() else " " for letter in shown)
    return " ".join(printable.split())[:MAX_LABEL].rstrip() or None


def _score(node: ObjectNode) -> float | None:
    score = number_in(first_of(node, SCORE_KEYS))
    return score if score is not None and 0 <= score <= 1 else None
