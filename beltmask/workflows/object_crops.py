"""An object cut out of its picture, a little around it, its outline drawn: for a contact sheet."""

from __future__ import annotations

import math

import numpy as np

from beltmask.errors import NotFoundError
from beltmask.images import PREVIEW_SIDE, encode_jpeg, read_image, shrunk
from beltmask.masks import moved
from beltmask.messages import Message
from beltmask.model import Annotation, Box, Image, Pixels
from beltmask.pyramids import SQUARE_SIDE
from beltmask.render import OverlayObject, fitted, overlay
from beltmask.workflows.image_access import crop_of, shape_key
from beltmask.workflows.permission import Action, require
from beltmask.workflows.previews import preview
from beltmask.workflows.pyramids import pyramid, square_jpeg
from beltmask.workflows.services import Services

SIDE = 224
"""Of a crop, at most, in px."""
_MARGIN, _LEAST_MARGIN = 0.25, 8


def crop_jpeg(image: Image, object_id: str, *, shape: str, color: str, services: Services) -> bytes:
    """JPEG of an object of the image, outlined in ``color`` (#rrggbb).

    Raises:
        NotFoundError: The object is gone, or has another shape than the one asked for.
    """
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    with services.store.read() as records:
        annotation = records.annotations.by_ids([object_id]).get(object_id)
    if annotation is None or annotation.image_id != image.id:
        raise NotFoundError(Message("images.object_gone"))
    if shape_key(crop_of(annotation)) != shape:
        raise NotFoundError(Message("images.object_reshaped"), hint=Message("pages.reload"))
    around = _around(annotation.box, image)
    pixels = _large_enough(shrunk(_pixels(image, around, services), SIDE))
    return encode_jpeg(_outlined(pixels, annotation, around, color))


def _around(box: Box, image: Image) -> Box:
    margin = max(_LEAST_MARGIN, math.ceil(_MARGIN * max(box.width, box.height)))
    wide = Box(box.x0 - margin, box.y0 - margin, box.x1 + margin, box.y1 + margin)
    return wide.clipped(image.size) or box


def _outlined(pixels: Pixels, annotation: Annotation, around: Box, color: str) -> Pixels:
    x, y = -around.x0, -around.y0
    box, mask = annotation.box, annotation.mask
    shown = OverlayObject(
        0,
        Box(box.x0 + x, box.y0 + y, box.x1 + x, box.y1 + y),
        None if mask is None else moved(mask, x, y),
        color,
    )
    size = (pixels.shape[1], pixels.shape[0])
    small = fitted([shown], (around.width, around.height), size)
    return overlay(pixels, small, opacity=0, boxes=mask is None, chips=False)


def _pixels(image: Image, around: Box, services: Services) -> Pixels:
    """A part of the picture, as sharp as a crop can show it."""
    wanted = min(1.0, SIDE / max(around.width, around.height))
    levels = pyramid(image.size).levels
    if levels and wanted > PREVIEW_SIDE / max(image.size):
        level = min(int(math.log2(1 / wanted)), levels - 1)
        return _from_squares(image, _shrunk_box(around, 2**-level), level, services)
    pixels = read_image(preview(image, services=services), name=image.name).pixels
    part = _shrunk_box(around, pixels.shape[1] / image.size[0])
    return pixels[part.y0 : part.y1, part.x0 : part.x1]


def _shrunk_box(box: Box, scale: float) -> Box:
    low = (math.floor(box.x0 * scale), math.floor(box.y0 * scale))
    return Box(*low, math.ceil(box.x1 * scale), math.ceil(box.y1 * scale))


def _from_squares(image: Image, part: Box, level: int, services: Services) -> Pixels:
    """A part of one level of the pyramid, in that level's pixels."""
    found = np.zeros((part.height, part.width, 3), np.uint8)
    for row in range(part.y0 // SQUARE_SIDE, (part.y1 - 1) // SQUARE_SIDE + 1):
        for column in range(part.x0 // SQUARE_SIDE, (part.x1 - 1) // SQUARE_SIDE + 1):
            data = square_jpeg(image, (level, column, row), services=services)
            square = read_image(data, name=image.name).pixels
            x, y = column * SQUARE_SIDE, row * SQUARE_SIDE
            lies = Box(x, y, x + square.shape[1], y + square.shape[0])
            shared = part.overlap(lies)
            if shared is not None:
                _within(found, shared, part)[...] = _within(square, shared, lies)
    return found


def _within(pixels: Pixels, part: Box, whole: Box) -> Pixels:
    """The pixels of ``part``, where ``pixels`` are those of ``whole``."""
    rows = slice(part.y0 - whole.y0, part.y1 - whole.y0)
    return pixels[rows, part.x0 - whole.x0 : part.x1 - whole.x0]


def _large_enough(pixels: Pixels) -> Pixels:
    """Enlarged by whole pixels, so that the outline of a small object is no broad band."""
    times = max(1, SIDE // 2 // max(pixels.shape[:2]))
    return pixels.repeat(times, axis=0).repeat(times, axis=1)
