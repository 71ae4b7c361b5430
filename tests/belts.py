"""Drawn belts, each drawn once for all the tests of a process."""

from __future__ import annotations

from functools import cache

from beltmask.demo import DemoBelt, draw_belt
from beltmask.images import encode_png
from beltmask.model import Size

SMALL = (480, 360)


@cache
def belt(seed: int, *, size: Size = SMALL, object_count: int) -> DemoBelt:
    """As ``draw_belt``; nobody may write on its pixels."""
    drawn = draw_belt(seed, size=size, object_count=object_count)
    drawn.pixels.setflags(write=False)
    return drawn


@cache
def belt_png(seed: int, *, size: Size = SMALL, object_count: int) -> bytes:
    """The file of a belt."""
    return encode_png(belt(seed, size=size, object_count=object_count).pixels)
