"""A box or a click in the picture becomes the mask of the object there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from beltmask.detectors.clicking import mask_at
from beltmask.detectors.refine import mask_from_box_in
from beltmask.errors import ImageError, NotFoundError
from beltmask.images import PREVIEW_SIDE, read_image
from beltmask.masks import clipped, mask_from_crop
from beltmask.model import Box, Image, Mask, Pixels
from beltmask.review import Edit, Gesture
from beltmask.store.blobs import Shelf
from beltmask.workflows.permission import Action, require
from beltmask.workflows.pyramids import SQUARE_SIDE, pyramid, square_jpeg
from beltmask.workflows.services import Services

_CLICK = 1 / 40
"""A box up to this part of the picture's longest side only says where to look."""
_CLICK_ROOM = 1 / 12
_BOX_ROOM = 0.5
_CLOSE_UP_SIDE = 640
"""Pixels of a close-up's longest side: at least so many, and less than twice as many."""
_ENOUGH = 160
"""Pixels of a box's longest side that are enough to find its object."""


def with_masks_found(
    image_id: int, gestures: Sequence[Gesture], *, services: Services
) -> list[Gesture]:
    """The gestures with masks where they have only a box, as far as an object is found there.

    Nothing is looked for again for a gesture that has been answered.

    Raises:
        NotFoundError: There is no such image.
        NotAllowedError: This person may not review.
    """
    waiting = {gesture.id for gesture in gestures if any(map(_asks, gesture.edits))}
    if not waiting:
        return list(gestures)
    with services.store.read() as records:
        image = records.images.get(image_id)
        waiting -= records.operations.told(waiting).keys()
    require(services.actor, Action.REVIEW, image.project_id)
    return [_looked(each, image, services) if each.id in waiting else each for each in gestures]


def mask_in(image: Image, box: Box, *, services: Services) -> Mask | None:
    """The object in ``box``, or around it where the box is as small as a click."""
    inside = box.clipped(image.size)
    if inside is None:
        return None
    clicked = max(inside.width, inside.height) <= max(image.size) * _CLICK
    for view in _views(image, inside, clicked=clicked, services=services):
        found = view.clicked(inside) if clicked else mask_from_box_in(view.pixels, view.of(inside))
        if found is not None:
            return clipped(view.back(found), image.size)
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """Some of a picture: ``scale`` pixels of the view to one of the picture, from (x, y) on."""

    pixels: Pixels
    scale: float = 1.0
    x: int = 0
    y: int = 0

    def of(self, box: Box) -> Box:
        x0, y0 = int((box.x0 - self.x) * self.scale), int((box.y0 - self.y) * self.scale)
        x1, y1 = round((box.x1 - self.x) * self.scale), round((box.y1 - self.y) * self.scale)
        return Box(x0, y0, max(x0 + 1, x1), max(y0 + 1, y1))

    def clicked(self, box: Box) -> Mask | None:
        spot = self.of(box)
        return mask_at(self.pixels, ((spot.x0 + spot.x1) // 2, (spot.y0 + spot.y1) // 2))

    def back(self, mask: Mask) -> Mask:
        """A mask of the view's pixels as one of the picture's."""
        x0, y0, x1, y1 = (round(edge / self.scale) for edge in mask.box.corners)
        shown = mask.bits.astype(np.uint8) * 255
        sized = cv2.resize(shown, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
        return mask_from_crop(np.asarray(sized > 127), self.x + x0, self.y + y0) or mask


def _asks(edit: Edit) -> bool:
    return edit.box is not None and edit.mask is None


def _looked(gesture: Gesture, image: Image, services: Services) -> Gesture:
    return replace(
        gesture, edits=tuple(_with_mask(edit, image, services) for edit in gesture.edits)
    )


def _with_mask(edit: Edit, image: Image, services: Services) -> Edit:
    if edit.box is None or edit.mask is not None:
        return edit
    try:
        return replace(edit, mask=mask_in(image, edit.box, services=services))
    except (ImageError, NotFoundError):  # a picture whose bytes are gone shows no object
        return edit


def _views(image: Image, box: Box, *, clicked: bool, services: Services) -> Iterator[_View]:
    """Where to look, most promising first: the box close up, or all of the picture."""
    shrunk = min(1.0, PREVIEW_SIDE / max(image.size))
    coarse = shrunk < 1 and (clicked or max(box.width, box.height) * shrunk < _ENOUGH)
    if coarse:
        yield _close_up(image, _with_room(image, box, clicked=clicked), services)
    if clicked or not coarse:
        data = services.store.blobs.get(Shelf.PREVIEWS, image.facts.sha256)
        yield _View(read_image(data, name=image.name).pixels, shrunk)


def _with_room(image: Image, box: Box, *, clicked: bool) -> Box:
    longest = max(image.size)
    room = round(longest * _CLICK_ROOM if clicked else max(box.width, box.height) * _BOX_ROOM)
    x0, y0, x1, y1 = box.corners
    return Box(x0 - room, y0 - room, x1 + room, y1 + room).clipped(image.size) or box


def _close_up(image: Image, around: Box, services: Services) -> _View:
    """The squares of a large picture that show ``around``, at a level with pixels enough."""
    longest, levels = max(around.width, around.height), pyramid(image.size).levels
    level = min(levels - 1, max(0, (longest // _CLOSE_UP_SIDE).bit_length() - 1))
    side = SQUARE_SIDE * 2**level
    columns = range(around.x0 // side, (around.x1 - 1) // side + 1)
    rows = range(around.y0 // side, (around.y1 - 1) // side + 1)
    squares = [[_square(image, (level, c, r), services) for c in columns] for r in rows]
    pixels = np.concatenate([np.concatenate(row, axis=1) for row in squares])
    return _View(pixels, 1 / 2**level, columns.start * side, rows.start * side)


def _square(image: Image, place: tuple[int, int, int], services: Services) -> Pixels:
    data = square_jpeg(image, place, services=services)
    return read_image(data, name=image.name).pixels
