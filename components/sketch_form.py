"""Sketch what you mean: strokes on the picture that are sent to the detector with it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from beltmask.model import Image, Line
from components import cached, state
from components.sketch import DrawnShape, Pen, drawing_pad, pad_size, room_for_pad

INK = "#ff00ff"
"""As models are told; see the exact prompt."""
_HOW = (
    "Circle what the words miss, or draw over it. The lines are sent with the picture, or show the "
    "offline detector where to look; the picture itself stays as it is."
)


def sketch_on(image: Image, *, place: DeltaGenerator) -> tuple[Line, ...]:
    """Draw the switch and, while it is on, the pad in ``place``; returns the strokes to be sent."""
    wanted = st.toggle(
        "Sketch what you mean", key=state.sketching.name, persist_state="session", help=_HOW
    )
    if not wanted:
        return ()
    strokes = state.sketch.of(image.id)
    with place:
        room = room_for_pad(key="detect.sketch_room")
        if room is not None:
            drawn = _pad(image, strokes.get(), room)
            if drawn is not None:
                strokes.set(drawn)
        _say(len(strokes.get()))
    return strokes.get()


def _pad(image: Image, strokes: tuple[Line, ...], room: int) -> tuple[Line, ...] | None:
    """The strokes on the pad, which began with those drawn before the person came back."""
    key = f"detect.pad/{image.id}/{room}"
    base, mounted = state.pad_base.of(key), not state.Slot(key, None).missing()
    if not mounted:
        base.set(strokes)
    seen = drawing_pad(
        picture=cached.preview(image.facts.sha256, image),
        size=pad_size(image.size, room),
        pen=Pen(INK, outlines=False, width=4),
        first=[DrawnShape(line, INK, closed=False) for line in base.get()],
        key=key,
    )
    return None if seen is None else tuple(each.line for each in seen if not each.closed)


def _say(count: int) -> None:
    if count:
        strokes = "1 stroke is" if count == 1 else f"{count} strokes are"
        st.caption(f"{strokes} sent with this picture, and with no other.")
    else:
        st.caption(_HOW)
