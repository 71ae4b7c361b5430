"""Drawn belts, each drawn once for all the tests of a process."""

from __future__ import annotations

from functools import cache

import pytest

from beltmask.demo import DemoBelt, draw_belt
from beltmask.images import encode_png
from beltmask.model import Size
from beltmask.workflows import demonstration

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


def shorten_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo of two small belts: to draw all of it takes its time."""
    belts = [draw_belt(seed, size=(160, 120), object_count=seed) for seed in range(2)]
    monkeypatch.setattr(demonstration, "demo_belts", lambda **_: iter(belts))
    monkeypatch.setattr(demonstration, "DEMO_NAMES", [belt.name for belt in belts])
