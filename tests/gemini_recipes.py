"""How the local Gemini server errs on purpose: told by the words of a prompt and its temperature.

A recipe turns the objects of a picture into those a model would name. What is left to chance hangs
on the picture's name alone, so the same question has the same answer, whoever asks and when.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from beltmask.geometry import Box, Mask, Size
from beltmask.masks import bits_in, mask_from_box, mask_from_crop, moved, union
from tests.gemini_faults import PROSE
from tests.gemini_truth import KnownObject, KnownPicture

_CAP = re.compile(r"at most (\d+) objects", re.IGNORECASE)
Objects = Sequence[KnownObject]


@dataclass(frozen=True)
class Recipe:
    """``words`` in a prompt ask for it, at any temperature or at ``temperature`` alone."""

    words: str
    name: str
    temperature: float | None = None

    def fits(self, text: str, temperature: float | None) -> bool:
        return self.words in text and self.temperature in (None, temperature)


def objects_of(name: str, picture: KnownPicture, text: str) -> Objects | str:
    """What a recipe names on a picture; text where nobody could read it."""
    if name == "unreadable_tenth":
        return PROSE if _chance(picture, "unreadable") < 0.1 else picture.objects
    if name == "capped":
        cap = _CAP.search(text)
        return picture.objects[: int(cap.group(1))] if cap else picture.objects
    return _RECIPES[name](picture)


def _misses_fifth(picture: KnownPicture) -> Objects:
    return [o for i, o in enumerate(picture.objects) if _chance(picture, f"missed {i}") >= 0.2]


def _noisy(picture: KnownPicture) -> Objects:
    """Outlines a little too wide or too narrow."""
    return [_resized(o, picture, i) for i, o in enumerate(picture.objects)]


def _merges(picture: KnownPicture) -> Objects:
    """Every two neighbours are one object."""
    left, merged = list(picture.objects), []
    while left:
        first = left.pop(0)
        if left:
            nearest = min(left, key=lambda other: _distance(first.mask.box, other.mask.box))
            left.remove(nearest)
            both = union(first.mask, nearest.mask)
            assert both is not None
            first = KnownObject(first.label, both)
        merged.append(first)
    return merged


def _hallucinates(picture: KnownPicture) -> Objects:
    """One object more on every picture, in a corner nothing lies in."""
    width, height = picture.size
    wide, high = max(width // 12, 4), max(height // 12, 4)
    corners = [(x, y) for x in (1, width - wide - 1) for y in (1, height - high - 1)]
    boxes = [Box(x, y, x + wide, y + high) for x, y in corners]
    free = min(boxes, key=lambda box: sum(_overlap(box, o.mask.box) for o in picture.objects))
    return [*picture.objects, KnownObject("ghost", mask_from_box(free))]


def _shifted(picture: KnownPicture) -> Objects:
    """Everything 5 px to the right, what would leave the picture to the left."""
    return [KnownObject(o.label, _moved_within(o.mask, picture.size)) for o in picture.objects]


_RECIPES: dict[str, Callable[[KnownPicture], Objects]] = {
    "perfect": lambda picture: picture.objects,
    "noisy": _noisy,
    "misses_fifth": _misses_fifth,
    "merges": _merges,
    "hallucinates": _hallucinates,
    "shifted": _shifted,
}


def _chance(picture: KnownPicture, what: str) -> float:
    return random.Random(f"{picture.name}/{what}").random()  # noqa: S311


def _resized(known: KnownObject, picture: KnownPicture, number: int) -> KnownObject:
    width, height = picture.size
    wide = _chance(picture, f"wide {number}") < 0.5
    pad = max(1, round(math.sqrt(known.mask.area) * 0.04))
    around = Box(
        max(known.mask.x - pad, 0),
        max(known.mask.y - pad, 0),
        min(known.mask.box.x1 + pad, width),
        min(known.mask.box.y1 + pad, height),
    )
    bits = bits_in(known.mask, around).astype(np.uint8)
    kernel = np.ones((2 * pad + 1, 2 * pad + 1), np.uint8)
    changed = cv2.dilate(bits, kernel) if wide else cv2.erode(bits, kernel)
    mask = mask_from_crop(changed > 0, around.x0, around.y0)
    return known if mask is None else KnownObject(known.label, mask)


def _moved_within(mask: Mask, size: Size) -> Mask:
    return moved(mask, 5 if mask.box.x1 + 5 <= size[0] else -5, 0)


def _overlap(one: Box, other: Box) -> int:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(wide, 0) * max(high, 0)


def _distance(one: Box, other: Box) -> float:
    return math.dist(_centre(one), _centre(other))


def _centre(box: Box) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
