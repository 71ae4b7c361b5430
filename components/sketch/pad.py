"""A picture to draw on by hand, with the pad's own buttons for undo, edit, delete and reset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from beltmask.model import Size
from components.sketch.shapes import DrawnShape, fabric_drawing, read_drawing

TALLEST = 640

_mount_hand = st.components.v2.component(
    "beltmask_pad_hand",
    js=(Path(__file__).parent / "hand.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Pen:
    """What the mouse draws: ``outlines`` corner by corner, or free strokes; ``width`` in px."""

    color: str
    outlines: bool
    width: int = 3


def pad_size(image_size: Size, width: int) -> Size:
    """(width, height) in screen pixels at which an image is drawn on, in the room there is."""
    scale = min(width / image_size[0], TALLEST / image_size[1])
    return (max(round(image_size[0] * scale), 1), max(round(image_size[1] * scale), 1))


def drawing_pad(
    *, picture: bytes, size: Size, pen: Pen, first: Sequence[DrawnShape], key: str
) -> tuple[DrawnShape, ...] | None:
    """Everything on the pad; None when the browser says what nobody understands.

    Args:
        picture: JPEG, shown in ``size``; another one starts the drawing anew, as another
            ``first`` does.
        size: Of the pad, in screen pixels.
        first: What is drawn before anybody draws.
        key: One per image; it also names the slot in the session.
    """
    # It registers itself with the running app: imported above, no test could import us.
    from streamlit_drawable_canvas import st_canvas  # noqa: PLC0415

    result = st_canvas(
        fill_color=f"{pen.color}20",
        stroke_color=pen.color,
        stroke_width=pen.width,
        background_image=picture,
        width=size[0],
        height=size[1],
        drawing_mode="polygon" if pen.outlines else "freedraw",
        initial_drawing=fabric_drawing(first, size, width=pen.width),
        key=key,
    )
    _mount_hand(key=f"{key}/hand", height="content")
    return read_drawing(result.json_data, size)
