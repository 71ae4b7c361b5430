"""Image + objects -> picture.

Cost follows the objects' areas: each mask is tinted within its own crop through a table of 256
entries per channel, which gives the very bytes of Pillow's ``alpha_composite``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

import cv2
import numpy as np
from PIL import Image

from beltmask import masks
from beltmask.chips import draw_chip
from beltmask.images import shrunk
from beltmask.model import BeltRegion, Box, Mask, Pixels, Size
from beltmask.palette import color_for, palette, rgb_of

__all__ = ["OverlayObject", "color_for", "display_overlay", "fitted", "overlay", "palette"]

_A_THIRD = 255 // 3
BELT, IGNORED = "#00c878", "#ff5050"
"""Colours of a belt region: where objects count, and where they do not."""


@dataclass(frozen=True, slots=True, eq=False)
class OverlayObject:
    """An object as it is drawn. ``number`` is on its chip; ``color`` is "#rrggbb"."""

    number: int
    box: Box
    mask: Mask | None
    color: str
    label: str = ""


def overlay(
    pixels: Pixels,
    objects: Sequence[OverlayObject],
    *,
    opacity: float = 0.5,
    outlines: bool = True,
    boxes: bool = True,
    chips: bool = True,
    labels: bool = False,
) -> Pixels:
    """A new picture with the objects drawn into it, the smallest on top.

    Args:
        pixels: Upright RGB, shape (rows, columns, 3); left as it is.
        objects: In the same pixels. What lies outside the picture is not drawn.
        opacity: Of the tint, 0..1.
        labels: Write the label behind the number on each chip.
    """
    picture = np.array(pixels)
    size = (picture.shape[1], picture.shape[0])
    painted = [inside for shown in _largest_first(objects) if (inside := _clipped(shown, size))]
    _tint(picture, painted, opacity)
    _draw_lines(picture, painted, outlines=outlines, boxes=boxes)
    for shown in painted if chips else ():
        text = f"{shown.number} {shown.label}".rstrip() if labels else str(shown.number)
        draw_chip(picture, shown.box, text[:32], rgb_of(shown.color))
    return picture


def display_overlay(  # noqa: PLR0913 - the switches of overlay, and the sizes
    pixels: Pixels,
    objects: Sequence[OverlayObject],
    side: int = 1600,
    *,
    size: Size | None = None,
    opacity: float = 0.5,
    outlines: bool = True,
    boxes: bool = True,
    chips: bool = True,
    labels: bool = False,
) -> Pixels:
    """``overlay`` at the size of a screen: at most ``side`` px, and quicker for it.

    Args:
        size: Of the image the objects belong to, when ``pixels`` is a smaller copy of it.
    """
    small = shrunk(pixels, side)
    own = size or (pixels.shape[1], pixels.shape[0])
    return overlay(
        small,
        fitted(objects, own, (small.shape[1], small.shape[0])),
        opacity=opacity,
        outlines=outlines,
        boxes=boxes,
        chips=chips,
        labels=labels,
    )


def with_region(pixels: Pixels, region: BeltRegion | None) -> Pixels:
    """A copy of the picture with the belt outlined thinly in green, and what is ignored in red."""
    if not region:
        return pixels
    picture, size = np.array(pixels), (pixels.shape[1], pixels.shape[0])
    width = max(2, round(max(size) / 800))
    for lines, color in ((region.belt, BELT), (region.ignored, IGNORED)):
        rings = [np.round(np.asarray(line) * size - 0.5).astype(np.int32) for line in lines]
        cv2.polylines(picture, rings, True, rgb_of(color), width, cv2.LINE_AA)
    return picture


def fitted(objects: Iterable[OverlayObject], size: Size, target: Size) -> list[OverlayObject]:
    """Objects of an image of ``size``, drawn for a copy of it that measures ``target``.

    A shrunk mask keeps each pixel that it covers by a third, so threads stay in one piece, and
    no mask vanishes.
    """
    if size == target:
        return list(objects)
    scale = (target[0] / size[0], target[1] / size[1])
    return [
        replace(
            shown,
            box=_scaled_box(shown.box, scale),
            mask=None if shown.mask is None else _scaled_mask(shown.mask, scale),
        )
        for shown in objects
    ]


def _largest_first(objects: Iterable[OverlayObject]) -> list[OverlayObject]:
    def area(shown: OverlayObject) -> int:
        return shown.box.area if shown.mask is None else shown.mask.area

    return sorted(objects, key=area, reverse=True)


def _clipped(shown: OverlayObject, size: Size) -> OverlayObject | None:
    box = shown.box.clipped(size)
    mask = shown.mask
    if mask is not None and mask.box.clipped(size) != mask.box:
        mask = masks.clipped(mask, size)
    if box is None:
        return None
    return replace(shown, box=box, mask=mask)


def _tint(picture: Pixels, objects: Iterable[OverlayObject], opacity: float) -> None:
    shapes = [(shown.mask, shown.color) for shown in objects if shown.mask is not None]
    scratch = np.empty(3 * max((mask.bits.size for mask, _ in shapes), default=0), dtype=np.uint8)
    for mask, color in shapes:
        box = mask.box
        crop = picture[box.y0 : box.y1, box.x0 : box.x1]
        tinted = scratch[: crop.size].reshape(crop.shape)
        cv2.LUT(crop, _tint_table(color, round(opacity * 255)), tinted)
        cv2.copyTo(tinted, mask.bits.view(np.uint8), crop)


@lru_cache(maxsize=256)
def _tint_table(color: str, alpha: int) -> Pixels:
    """What each channel value becomes under the colour: Pillow's own rounding, (1, 256, 3)."""
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None]).convert("RGBA")
    veil = Image.new("RGBA", ramp.size, (*rgb_of(color), alpha))
    return np.array(Image.alpha_composite(ramp, veil).convert("RGB"))


def _draw_lines(
    picture: Pixels, objects: Iterable[OverlayObject], *, outlines: bool, boxes: bool
) -> None:
    width = max(1, round(max(picture.shape[:2]) / 900))
    for shown in objects:
        color = rgb_of(shown.color)
        if outlines and shown.mask is not None:
            bits = shown.mask.bits.view(np.uint8)
            found, _ = cv2.findContours(bits, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
            cv2.drawContours(picture, found, -1, color, width, offset=(shown.mask.x, shown.mask.y))
        if boxes:
            box = shown.box
            cv2.rectangle(picture, (box.x0, box.y0), (box.x1 - 1, box.y1 - 1), color, width)


def _scaled_box(box: Box, scale: tuple[float, float]) -> Box:
    x0, x1 = _scaled_span(box.x0, box.x1, scale[0])
    y0, y1 = _scaled_span(box.y0, box.y1, scale[1])
    return Box(x0, y0, x1, y1)


def _scaled_span(start: int, end: int, scale: float) -> tuple[int, int]:
    """At least one pixel long, and inside the copy when it was inside the image."""
    low = min(round(start * scale), ceil(end * scale) - 1)
    return low, max(low + 1, round(end * scale))


def _scaled_mask(mask: Mask, scale: tuple[float, float]) -> Mask | None:
    box = _scaled_box(mask.box, scale)
    full = mask.bits.view(np.uint8) * np.uint8(255)
    cover = cv2.resize(full, (box.width, box.height), interpolation=cv2.INTER_AREA)
    bits = cover >= _A_THIRD
    if not bits.any():  # a speck of less than a third of every pixel keeps its fullest ones
        bits = (cover > 0) & (cover == cover.max())
    return masks.mask_from_crop(bits, box.x0, box.y0)
