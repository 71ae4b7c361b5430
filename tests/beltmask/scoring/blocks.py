"""Rectangles as objects to score."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from beltmask import masks
from beltmask.model import Box
from beltmask.scoring import ScoredObject

SIZE = (64, 48)


def block(x: int, y: int, width: int = 10, height: int = 10, **facts: Any) -> ScoredObject:
    box = Box(x, y, x + width, y + height)
    return ScoredObject(box, masks.mask_from_box(box), **facts)


@st.composite
def blocks(draw: st.DrawFn, *, ignoring: bool = False) -> list[ScoredObject]:
    """Up to six overlapping rectangles inside a frame of ``SIZE``."""
    corners = st.tuples(st.integers(0, 40), st.integers(0, 30), st.integers(1, 20))
    flag = st.booleans() if ignoring else st.just(False)
    chosen = draw(st.lists(st.tuples(corners, flag), max_size=6))
    return [block(x, y, side, min(side, 18), ignored=crowd) for (x, y, side), crowd in chosen]
