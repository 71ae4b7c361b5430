"""The review canvas: annotations in, edits out.

What draws underneath is nobody else's business, so that it can be exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

import streamlit as st

from beltmask.model import Annotation, Class, Size
from beltmask.review import Edit
from components import state
from components.canvas.drawing import (
    STROKE,
    USUAL_WIDTH,
    View,
    canvas_size,
    fabric_drawing,
    translucent,
    view_of,
)
from components.canvas.gestures import Scene, told
from components.canvas.ledger import (
    Known,
    Ledger,
    Sheet,
    acknowledged,
    known,
    new_ledger,
    offered,
    read_ledger,
    shows,
    up_to_date,
    with_new_sheet,
    write_ledger,
)
from components.canvas.room import room_for_canvas
from components.canvas.shapes import read_snapshot
from components.canvas.toolbar import toolbar

__all__ = ["Tool", "annotation_canvas", "canvas_size", "room_for_canvas"]

INK = "#ffd400"
"""New polygons are drawn in one colour: a new one would throw away a polygon half drawn."""


class Tool(StrEnum):
    SELECT = "select"
    POLYGON = "polygon"
    BOX = "box"


_MODES = {Tool.SELECT: "freedraw", Tool.POLYGON: "polygon", Tool.BOX: "rect"}
"""Freedraw in invisible ink: whatever is drawn while the edit toggle is off means nothing."""


def annotation_canvas(
    *,
    picture: bytes,
    image_size: Size,
    annotations: Sequence[Annotation],
    colors: Mapping[str, str],
    tool: Tool,
    to_class: Class | None,
    key: str,
    width: int = USUAL_WIDTH,
) -> tuple[Edit, ...]:
    """Show the objects' outlines on ``picture`` and return what the person did to them.

    Apply the edits at once and rerun: the next run must pass the annotations as they are
    then. Edits that left no trace in them come again, with the same ids, for the run may have
    been cut short; when they still leave none (they were refused), the canvas snaps back.

    Args:
        picture: JPEG, best of ``canvas_size(image_size, width)``; it may change at any time.
        image_size: (width, height) of the upright image; edits are in its pixels.
        annotations: The objects to show; leave rejected ones out.
        colors: ``#rrggbb`` of each annotation's id.
        tool: What the mouse does. Without ``to_class`` it only selects.
        to_class: Class of newly drawn objects.
        key: One per image; it also names the slot in the session.
        width: The room there is, in screen pixels. Another width is another canvas.
    """
    key = f"{key}/{width}"
    view, now = view_of(image_size, width), known(annotations, colors)
    tool = tool if to_class is not None else Tool.SELECT
    ledger = _current(key, tool, annotations, view=view, now=now)
    raw = _mounted(ledger.sheet, picture, view, tool=tool, to_class=to_class, key=key)
    by_id = {annotation.id: annotation for annotation in annotations}
    ledger, edits = _read(ledger, raw, Scene(by_id, now, view, to_class, ledger.session))
    state.canvas_ledger.set(write_ledger(ledger))
    return edits


def _current(
    key: str,
    tool: Tool,
    annotations: Sequence[Annotation],
    *,
    view: View,
    now: Mapping[str, Known],
) -> Ledger:
    """The ledger with a sheet that shows the annotations; a canvas new to the page needs one.

    Polygons in plain ink get their colour when their tool is put away: nothing is under way then.
    """
    ledger = read_ledger(state.canvas_ledger.get())
    if ledger is None or ledger.key != key:
        ledger = new_ledger(key)
    ledger = acknowledged(ledger, now)
    inked = ledger.tool == Tool.POLYGON != tool and ledger.sheet.drawn_count > 0
    ledger = replace(ledger, tool=tool)
    if ledger.sheets and key in st.session_state and not inked and shows(ledger.sheet, now):
        return ledger
    return with_new_sheet(ledger, annotations, view=view, now=now)


def _mounted(
    sheet: Sheet, picture: bytes, view: View, *, tool: Tool, to_class: Class | None, key: str
) -> object:
    """Draw the canvas; what the browser last said is on it."""
    # It registers itself with the running app: imported above, no test could import us.
    from streamlit_drawable_canvas import st_canvas  # noqa: PLC0415

    color = INK if tool is not Tool.BOX or to_class is None else to_class.color
    invisible = tool is Tool.SELECT
    result = st_canvas(
        fill_color=translucent(color, 0 if invisible else 0.15),
        stroke_color=translucent(color, 0 if invisible else 1),
        stroke_width=STROKE,
        background_image=picture,
        width=view.canvas[0],
        height=view.canvas[1],
        drawing_mode=_MODES[tool],
        initial_drawing=fabric_drawing(sheet.base, sheet=sheet.number, colors=sheet.colors),
        key=key,
    )
    toolbar(editing=invisible, key=f"{key}/toolbar")
    return result.json_data


def _read(ledger: Ledger, raw: object, scene: Scene) -> tuple[Ledger, tuple[Edit, ...]]:
    snapshot = read_snapshot(raw)
    edits: tuple[Edit, ...] = ()
    sheet = next((s for s in ledger.sheets if snapshot and s.number == snapshot.sheet), None)
    if snapshot is not None and sheet is not None:
        before = up_to_date(sheet, scene.known)
        sheet, edits = told(sheet, snapshot, scene)
        ledger = ledger.with_sheet(sheet)
        if edits and sheet.number == ledger.sheet.number:
            ledger = offered(ledger, before, edits)
    return ledger.with_sheet(up_to_date(ledger.sheet, scene.known)), edits
