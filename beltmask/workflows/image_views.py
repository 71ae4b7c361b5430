"""Where to look in a picture for one of its objects: close up, or at all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from beltmask.detectors.sam.model import SamView
from beltmask.images import PREVIEW_SIDE, read_image
from beltmask.masks import mask_from_crop
from beltmask.model import Box, Image, Mask, Pixels
from beltmask.workflows.permission import Action, require
from beltmask.workflows.previews import preview
from beltmask.workflows.pyramids import SQUARE_SIDE, pyramid, square_jpeg
from beltmask.workflows.services import Services

_CLICK_ROOM = 1 / 12
_BOX_ROOM = 0.5
_CLOSE_UP_SIDE = 640
"""Pixels of a close-up's longest side: at least so many, and less than twice as many."""
_ENOUGH = 160
"""Pixels of a box's longest side that are enough to find its object."""


@dataclass(frozen=True, eq=False)
class ImageView:
    """Some of a picture: ``scale`` pixels to one of the picture, which shows in ``window``.

    ``key`` names its pixels for ever. They are read when they are looked at.
    """

    key: str
    read: Callable[[], Pixels]
    scale: float
    window: Box

    @cached_property
    def pixels(self) -> Pixels:
        return self.read()

    @property
    def view(self) -> SamView:
        return SamView(self.key, lambda: self.pixels)

    def of(self, box: Box) -> Box:
        """A box of the picture as one of these pixels."""
        left, top = self.window.x0, self.window.y0
        x0, y0 = int((box.x0 - left) * self.scale), int((box.y0 - top) * self.scale)
        x1, y1 = round((box.x1 - left) * self.scale), round((box.y1 - top) * self.scale)
        return Box(x0, y0, max(x0 + 1, x1), max(y0 + 1, y1))

    def back(self, mask: Mask) -> Mask:
        """A mask of these pixels as one of the picture's."""
        x0, y0, x1, y1 = (round(edge / self.scale) for edge in mask.box.corners)
        shown = mask.bits.astype(np.uint8) * 255
        sized = cv2.resize(shown, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
        left, top = self.window.x0, self.window.y0
        return mask_from_crop(np.asarray(sized > 127), left + x0, top + y0) or mask

    def cuts(self, mask: Mask, image: Image) -> bool:
        """Whether an object of the picture goes on where these pixels end."""
        (x0, y0, x1, y1), window = mask.box.corners, self.window
        near = 1 / self.scale
        return (
            (window.x0 > 0 and x0 < window.x0 + near)
            or (window.y0 > 0 and y0 < window.y0 + near)
            or (window.x1 < image.size[0] and x1 > window.x1 - near)
            or (window.y1 < image.size[1] and y1 > window.y1 - near)
        )


def image_views(image: Image, box: Box, *, clicked: bool, services: Services) -> list[ImageView]:
    """Where to look, most promising first: the box close up, or all of the picture."""
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    shrunk = min(1.0, PREVIEW_SIDE / max(image.size))
    coarse = shrunk < 1 and (clicked or max(box.width, box.height) * shrunk < _ENOUGH)
    near = [_close_up(image, _with_room(image, box, clicked=clicked), services)] if coarse else []
    return near if coarse and not clicked else [*near, _whole(image, shrunk, services)]


def _whole(image: Image, shrunk: float, services: Services) -> ImageView:
    def read() -> Pixels:
        return read_image(preview(image, services=services), name=image.name).pixels

    return ImageView(f"{image.facts.sha256} whole", read, shrunk, Box(0, 0, *image.size))


def _with_room(image: Image, box: Box, *, clicked: bool) -> Box:
    longest = max(image.size)
    room = round(longest * _CLICK_ROOM if clicked else max(box.width, box.height) * _BOX_ROOM)
    x0, y0, x1, y1 = box.corners
    return Box(x0 - room, y0 - room, x1 + room, y1 + room).clipped(image.size) or box


def _close_up(image: Image, around: Box, services: Services) -> ImageView:
    """The squares of a large picture that show ``around``, at a level with pixels enough."""
    longest, levels = max(around.width, around.height), pyramid(image.size).levels
    level = min(levels - 1, max(0, (longest // _CLOSE_UP_SIDE).bit_length() - 1))
    side = SQUARE_SIDE * 2**level
    columns = range(around.x0 // side, (around.x1 - 1) // side + 1)
    rows = range(around.y0 // side, (around.y1 - 1) // side + 1)

    def read() -> Pixels:
        squares = [[_square(image, (level, c, r), services) for c in columns] for r in rows]
        return np.concatenate([np.concatenate(row, axis=1) for row in squares])

    corner = (columns.stop * side, rows.stop * side)
    window = Box(columns.start * side, rows.start * side, *map(min, corner, image.size))
    return ImageView(f"{image.facts.sha256} {level} {columns} {rows}", read, 1 / 2**level, window)


def _square(image: Image, place: tuple[int, int, int], services: Services) -> Pixels:
    data = square_jpeg(image, place, services=services)
    return read_image(data, name=image.name).pixels
