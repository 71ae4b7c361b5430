"""A contact sheet: objects of many pictures in a grid, decided on by key, many at once.

Like the canvas, the browser keeps each decision until it is answered: ``docs/adr/0013``.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlencode

import streamlit as st

from beltmask.errors import DatabaseUnavailableError
from beltmask.model import Class, Project
from beltmask.palette import color_for
from beltmask.workflows.decisions import ObjectPage
from components import state
from components.contact_sheet.save import has_unanswered, save_decisions
from components.errors import explained
from components.project_choice import link_to
from components.routes import LOADER, crop_url, module_part

__all__ = ["contact_sheet"]

_KEYS = 9
_mount = st.components.v2.component("beltmask_contact_sheet", js=LOADER)


def contact_sheet(
    objects: Sequence[ObjectPage],
    classes: Sequence[Class],
    *,
    project: Project,
    settled: Sequence[tuple[str, str]],
) -> None:
    """Draw the sheet. What people decide is saved at the start of the run it asks for.

    Args:
        settled: What became of decisions, in words, by their ids: ``state.sheet_settled`` from
            before the objects were read. Two runs of a session can overlap, and objects may know
            more than their answers, but never less.
    """
    told = _mount(
        key=state.sheet_told.name,
        data={
            **module_part("contactSheet"),
            "objects": [_as_data(each, classes, project) for each in objects],
            "classes": _with_keys(classes),
            "settled": dict(settled),
            "elsewhere": state.sheet_elsewhere.get(),
        },
        default={"tail": None},
        on_tail_change=_save_told,
    )
    with explained(stop=False):
        if has_unanswered(told.get("tail")):  # a browser that was here before the server was
            save_decisions(told.get("tail"))
            if not has_unanswered(told.get("tail")):
                st.rerun()


def _save_told() -> None:
    """At the start of a run, when the browser has something new to tell."""
    with suppress(DatabaseUnavailableError):  # the run tries again, and says so
        save_decisions(state.sheet_told.get().get("tail"))


def _as_data(shown: ObjectPage, classes: Sequence[Class], project: Project) -> dict[str, object]:
    annotation, image = shown.annotation, shown.image
    meant = next((each for each in classes if each.id == annotation.class_id), None)
    color = color_for(0) if meant is None else meant.color
    return {
        "id": annotation.id,
        "image": image.id,
        "sha": image.facts.sha256[:16],
        "revision": annotation.revision,
        "label": f"{annotation.label}?" if meant is None else meant.name,
        "state": annotation.state.value,
        "picture": image.name,
        "crop": crop_url(image, annotation, color),
        "link": f"review?{urlencode(link_to(image, project))}",
    }


def _with_keys(classes: Sequence[Class]) -> list[dict[str, object]]:
    """Classes beside their keys: their own, or the next free digit."""
    own = {each.key for each in classes if each.key}
    free = (str(n) for n in range(1, _KEYS + 1) if str(n) not in own)
    return [
        {
            "id": each.id,
            "name": each.name,
            "color": each.color,
            "key": each.key or next(free, ""),
        }
        for each in classes
    ]
