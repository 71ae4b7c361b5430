"""Pictures that show the same scene again: to statistics they are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.errors import DamagedError, ImageError, NotFoundError
from beltmask.images import read_image
from beltmask.model import Image
from beltmask.workflows.previews import thumbnail
from beltmask.workflows.services import Services

_SIDE = 32
_ALIKE = 8.0
"""Grey levels, where two differ most: a camera's noise, but no object that came or went."""
_Grey = NDArray[np.float32]


def scene_groups(images: Sequence[Image], *, services: Services) -> dict[int, str]:
    """By image, the first image of its scene; an image like no other is not in it.

    Two are of one scene when they differ nowhere by more than a camera's noise, or both are like
    a third.
    """
    first = list(range(len(images)))
    small = [_small(each, services) for each in images]
    for place, image in enumerate(images):
        like = [other for other in range(place) if _alike(small[other], small[place])]
        same = {first[other] for other in like if images[other].size == image.size}
        joined = {*same, place}
        first = [min(joined) if each in joined else each for each in first]
    count = Counter(first)
    return {
        image.id: str(images[each].id)
        for image, each in zip(images, first, strict=True)
        if count[each] > 1
    }


def _alike(one: _Grey | None, other: _Grey | None) -> bool:
    if one is None or other is None:
        return False
    return cv2.norm(one, other, cv2.NORM_INF) <= _ALIKE


def _small(image: Image, services: Services) -> _Grey | None:
    """None where the bytes of the picture are gone: `check` tells of that."""
    try:
        pixels = read_image(thumbnail(image, services=services), name=image.name).pixels
    except (NotFoundError, DamagedError, ImageError):
        return None
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32)
