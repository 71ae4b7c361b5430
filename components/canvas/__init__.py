"""The review canvas: a sheet in, gestures out.

The browser makes gestures and keeps them until they are answered; Python owns the truth.
``docs/adr/0013`` says why it works this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict

import streamlit as st

from beltmask.errors import DatabaseUnavailableError
from beltmask.model import Image
from beltmask.workflows.belt_regions import region_rings
from beltmask.workflows.comments import Pin
from beltmask.workflows.review_state import ReviewSheet
from components import state
from components.canvas.comment_pins import read_pointed
from components.canvas.save import has_unanswered, save_tail
from components.canvas.view_data import classes_data, deep_data, image_data, objects_data
from components.errors import explained
from components.project_choice import open_image
from components.routes import LOADER, canvas_urls, module_part
from components.services import services

__all__ = ["review_canvas"]

_mount = st.components.v2.component("beltmask_canvas", js=LOADER)


def review_canvas(sheet: ReviewSheet, *, following: Image | None, pins: Sequence[Pin] = ()) -> None:
    """Show the objects of an image and save what a person does to them, as it is done.

    Read the sheet with ``known=state.canvas_answered.get()``. What the browser tells is saved at
    the start of the run it asks for, before the page is drawn.

    Args:
        sheet: The image and its objects as they are now.
        following: The image that comes after this one is approved, if there is one.
        pins: Where comments are pinned.
    """
    state.review_following.of(sheet.image.id).set(0 if following is None else following.id)
    told = _mount(
        data=_data(sheet, following, pins),
        key=state.canvas_told.name,
        default={"tail": None, "pointed": None},
        on_tail_change=_save_told,
        on_pointed_change=_keep_pointed,
        height="content",
    )
    with explained(stop=False):
        if has_unanswered(told.get("tail")):  # a browser that was here before the server was
            save_tail(told.get("tail"))
            if not has_unanswered(told.get("tail")):
                st.rerun()


def _save_told() -> None:
    """At the start of a run, when the browser has something new to tell."""
    state.review_refusal.set("")
    with (
        explained(stop=False, kept_in=state.review_refusal),
        suppress(DatabaseUnavailableError),  # the run tries again, and says so
    ):
        approved = save_tail(state.canvas_told.get().get("tail"))
        following = state.review_following.of(state.image_id.get()).get()
        if state.image_id.get() in approved and following:
            open_image(following)


def _keep_pointed() -> None:
    """At the start of a run, when a person pointed at a place to comment on."""
    place = read_pointed(state.canvas_told.get().get("pointed"))
    if place is not None:
        state.comment_place.set(place)


def _data(sheet: ReviewSheet, following: Image | None, pins: Sequence[Pin]) -> dict[str, object]:
    return {
        **module_part("canvas"),
        "image": image_data(sheet.image, canvas_urls(sheet.image)),
        "objects": objects_data(sheet),
        "classes": classes_data(sheet.classes),
        "applied": sorted(sheet.known),
        "elsewhere": state.canvas_elsewhere.get(),
        "refused": {
            gesture: {"why": why, "objects": objects}
            for gesture, why, objects in state.canvas_refused.get()
        },
        "undo": "" if sheet.undoable is None else sheet.undoable.what,
        "redo": "" if sheet.redoable is None else sheet.redoable.what,
        "pins": [asdict(pin) for pin in pins],
        "region": _region(sheet.image),
        "next": None if following is None else _next(following),
    }


def _next(image: Image) -> dict[str, object]:
    return {"picture": canvas_urls(image)["picture"], "deep": deep_data(image)}


def _region(image: Image) -> dict[str, object]:
    rings = region_rings(image.project_id, image.size, services=services())
    return {
        "belt": [ring.tolist() for ring in rings.belt],
        "ignored": [ring.tolist() for ring in rings.ignored],
    }
