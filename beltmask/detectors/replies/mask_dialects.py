"""What a model wrote as an object's mask -> the mask, whatever the dialect."""

from __future__ import annotations

from dataclasses import dataclass

from beltmask.detectors.replies import (
    boolean_masks,
    png_masks,
    polygons,
    run_lengths,
    seg_tokens,
)
from beltmask.detectors.replies.decode_limits import OverLimitError
from beltmask.detectors.replies.loose_json import CutText, ListNode, ObjectNode, Value
from beltmask.detectors.replies.object_frame import ObjectFrame, over_the_box
from beltmask.detectors.replies.object_problems import ObjectProblem
from beltmask.detectors.replies.seg_tokens import TokenDecoder
from beltmask.detectors.replies.units import Corners
from beltmask.errors import UnusableValueError, reason_of
from beltmask.masks import part_in
from beltmask.messages import Message
from beltmask.model import Mask

_INNER_KEYS = (
    "polygon",
    "polygons",
    "points",
    "outer",
    "exterior",
    "mask",
    "data",
    "rle",
)
_MOST_LOST = 0.5
_WORTH_SAYING = 0.02


@dataclass(frozen=True, slots=True)
class ReadMask:
    """``dialect`` names what was written, also when nobody can read it."""

    dialect: str
    mask: Mask | None = None
    notes: tuple[ObjectProblem, ...] = ()


NO_SHAPE = ReadMask("box")


def outline_corners(value: Value, *, x_first: bool) -> Corners | None:
    """(y0, x0, y1, x1) around an outline in its own units; None for any other mask."""
    value = _unwrapped(value)
    extent = polygons.extent_of(value) if dialect_of(value) == "polygon" else None
    if extent is None:
        return None
    if x_first and not polygons.names_its_axes(value):
        extent = extent[:, ::-1]
    (y0, x0), (y1, x1) = extent.tolist()
    return (y0, x0, y1, x1)


def read_shape(
    value: Value, *, holes: Value, place: ObjectFrame, decoder: TokenDecoder | None = None
) -> ReadMask:
    """A mask in any known form, kept inside its box and the picture."""
    value = _unwrapped(value)
    dialect = dialect_of(value)
    if value is None or value == "":
        return ReadMask(
            "box", notes=(ObjectProblem("mask_missing", Message("replies.mask_left_empty")),)
        )
    try:
        _refuse_cut(value)
        if dialect == "seg_tokens" and isinstance(value, str):
            mask = over_the_box(seg_tokens.read_tokens(value, decoder), place)
        else:
            mask = _mask(dialect, value, holes, place)
        return _kept_inside(dialect, mask, place)
    except OverLimitError as error:
        return ReadMask(dialect, notes=(ObjectProblem("over_limit", error.message),))
    except ValueError as error:
        return ReadMask(dialect, notes=(ObjectProblem("mask_unreadable", reason_of(error)),))


def dialect_of(value: Value) -> str:
    """Which form a mask is written in; "box" when it is none that is known."""
    if isinstance(value, ObjectNode):
        return "rle" if "counts" in value else "box"
    if isinstance(value, str):
        return _dialect_of_text(value)
    if isinstance(value, ListNode) and boolean_masks.looks_like_table(value):
        return "booleans"
    return "polygon" if polygons.looks_like_polygon(value) else "box"


def _dialect_of_text(text: str) -> str:
    if png_masks.looks_like_png(text):
        return "png"
    if seg_tokens.looks_like_tokens(text):
        return "seg_tokens"
    if polygons.looks_like_polygon(text):
        return "polygon"
    return "rle" if run_lengths.looks_like_rle(text) else "box"


def _unwrapped(value: Value) -> Value:
    """The mask itself, out of a list of one or an object around it."""
    for _ in range(4):
        if isinstance(value, ListNode) and len(value) == 1 and not isinstance(value[0], ListNode):
            value = value[0] if isinstance(value[0], str | ObjectNode) else value
        if isinstance(value, ObjectNode) and "counts" not in value:
            value = next((value[key] for key in _INNER_KEYS if key in value), value)
    return value.strip() if isinstance(value, str) and not isinstance(value, CutText) else value


def _refuse_cut(value: Value) -> None:
    cut = isinstance(value, CutText) and not png_masks.looks_like_png(value)
    if cut or (isinstance(value, ListNode | ObjectNode) and value.cut):
        raise UnusableValueError(Message("replies.mask_cut_short"))


def _mask(dialect: str, value: Value, holes: Value, place: ObjectFrame) -> Mask | None:
    if dialect == "polygon":
        return _polygon(value, holes, place)
    if dialect == "png" and isinstance(value, str):
        return over_the_box(png_masks.read_png_mask(value, place.limits), place)
    if dialect == "rle":
        return run_lengths.read_run_lengths(value, place)
    if dialect == "booleans" and isinstance(value, ListNode):
        return over_the_box(boolean_masks.read_table(value, place), place)
    raise UnusableValueError(Message("replies.mask_unknown", shown=str(value)[:60]))


def _polygon(value: Value, holes: Value, place: ObjectFrame) -> Mask | None:
    rings = polygons.rings_in(value)
    units = polygons.units_for(rings, place.grid, usual=place.units)
    grid = None if place.grid is None else place.grid.counted_in(units)
    y_first = polygons.names_its_axes(value) or polygons.y_comes_first(
        rings, grid, usually=not place.x_first
    )
    inner = polygons.rings_apart(holes) if isinstance(holes, ListNode) and holes else []
    return polygons.mask_of_rings(
        [*rings, *inner], place.size, y_first=y_first, units=units, limits=place.limits
    )


def _kept_inside(dialect: str, mask: Mask | None, place: ObjectFrame) -> ReadMask:
    if mask is None:
        raise UnusableValueError(Message("replies.mask_without_pixels"))
    inside = mask if place.box is None else part_in(mask, place.box)
    lost = _lost(mask, inside)
    if inside is None or lost > _MOST_LOST:
        raise UnusableValueError(Message("replies.mask_outside_its_box"))
    notes = (ObjectProblem("mask_clipped", Message("replies.mask_clipped", share=lost)),)
    return ReadMask(dialect, inside, notes if lost > _WORTH_SAYING else ())


def _lost(mask: Mask, inside: Mask | None) -> float:
    """The share of a mask that is not in the part of it."""
    if inside is mask:
        return 0.0
    return 1.0 if inside is None else 1 - inside.area / mask.area
