"""What the canvas says, read with the care that is due to anything a browser sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from beltmask.errors import ReviewError
from beltmask.masks import from_coco_rle
from beltmask.messages import Message
from beltmask.model import Box, Class, Mask, Size
from beltmask.workflows.gestures import Edit, EditKind, Gesture

MOST_GESTURES = 5000
_Coordinate = Annotated[int, Field(ge=-(2**31), le=2**31)]
_Side = Annotated[int, Field(ge=1, le=2**17)]
_Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
_Ids = Annotated[tuple[_Id, ...], Field(max_length=MOST_GESTURES)]
_Revision = Annotated[int, Field(ge=0, le=2**31)]


class _CropMessage(BaseModel):
    x: _Coordinate
    y: _Coordinate
    width: _Side
    height: _Side
    counts: Annotated[str, Field(max_length=4_000_000, pattern=r"^[\x30-\x6f]+$")]

    def mask(self, size: Size) -> Mask:
        if self.width > size[0] or self.height > size[1]:
            raise ReviewError(Message("pages.shape_too_large"), hint=Message("review.draw_again"))
        try:
            found = from_coco_rle(self.counts.encode("ascii"), (self.width, self.height))
        except ValueError as error:
            raise ReviewError(
                Message("pages.shape_unreadable"), hint=Message("review.draw_again")
            ) from error
        if found is None:
            raise ReviewError(Message("pages.shape_empty"), hint=Message("review.delete_instead"))
        return Mask(found.x + self.x, found.y + self.y, found.bits)


class _EditMessage(BaseModel):
    do: EditKind
    object: Annotated[str, Field(min_length=1, max_length=36)]
    base: _Revision
    after: _Ids
    mask: _CropMessage | None = None
    class_id: Annotated[int | None, Field(alias="class")] = None
    box: tuple[_Coordinate, _Coordinate, _Coordinate, _Coordinate] | None = None
    layer: Annotated[int | None, Field(ge=-(2**20), le=2**20)] = None


class _GestureMessage(BaseModel):
    kind: Annotated[str, Field(min_length=1, max_length=20)]
    active_ms: Annotated[int, Field(ge=0, le=3_600_000)]
    base: _Revision
    after: _Ids
    edits: Annotated[tuple[_EditMessage, ...], Field(max_length=MOST_GESTURES)]


class _Envelope(BaseModel):
    """What must be right for a gesture to be answered at all."""

    id: _Id
    image: Annotated[int, Field(ge=1, lt=2**63)]
    sha: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


@dataclass(frozen=True, slots=True)
class PendingGesture:
    """A gesture not read yet. ``sha`` are the first 16 hex digits of its picture's SHA-256."""

    id: str
    image_id: int
    sha: str
    content: Mapping[str, Any]

    def gesture(self, classes: Mapping[int, Class], size: Size) -> Gesture:
        """The gesture itself, on a picture of ``size``.

        Raises:
            ReviewError: It is not one.
        """
        try:
            said = _GestureMessage.model_validate(self.content)
        except ValidationError as error:
            hint = Message("pages.reload_and_do_again")
            raise ReviewError(Message("pages.change_unreadable"), hint=hint) from error
        edits = tuple(_edit(self.id, each, classes, size) for each in said.edits)
        return Gesture(
            self.id, said.kind, edits, base=said.base, after=said.after, active_ms=said.active_ms
        )


_LIST = TypeAdapter(Annotated[list[dict[str, Any]], Field(max_length=MOST_GESTURES)])


def read_tail(tail: object) -> list[PendingGesture]:
    """The gestures of a tail in the order they were made; what has no name is left out."""
    listed = tail.get("gestures") if isinstance(tail, Mapping) else None
    try:
        items = _LIST.validate_python([] if listed is None else listed)
    except ValidationError:
        return []
    return [told for told in map(_told, items) if told is not None]


def _told(item: dict[str, Any]) -> PendingGesture | None:
    try:
        named = _Envelope.model_validate(item)
    except ValidationError:
        return None
    return PendingGesture(named.id, named.image, named.sha, item)


def _edit(gesture_id: str, said: _EditMessage, classes: Mapping[int, Class], size: Size) -> Edit:
    return Edit(
        gesture_id,
        said.do,
        said.object,
        said.base,
        mask=None if said.mask is None else said.mask.mask(size),
        to_class=classes.get(said.class_id or 0),
        after=said.after,
        box=None if said.box is None else _box(said.box),
        layer=said.layer,
    )


def _box(corners: tuple[int, int, int, int]) -> Box:
    x0, y0, x1, y1 = corners
    if x0 >= x1 or y0 >= y1:
        raise ReviewError(Message("pages.box_empty"), hint=Message("review.draw_again"))
    return Box(x0, y0, x1, y1)
