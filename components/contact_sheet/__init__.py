"""A contact sheet: objects of many pictures in a grid, decided on by key, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from beltmask.model import Class, Project
from beltmask.palette import color_for
from beltmask.workflows.decisions import Shown
from components.contact_sheet.told import KEY
from components.project_choice import link_to
from components.routes import crop_url

__all__ = ["contact_sheet"]

_FOLDER = Path(__file__).parent
_KEYS = 9
_mount = st.components.v2.component(
    "beltmask_contact_sheet",
    html="""
    <div class="bar" role="toolbar" aria-label="Decide on the selected objects"></div>
    <div class="status" role="status" aria-live="polite"></div>
    <div class="grid" role="listbox" aria-multiselectable="true" aria-label="Objects"
      aria-describedby="help"></div>
    <div class="help" id="help"></div>
    """,
    css=(_FOLDER / "sheet.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "sheet.js").read_text(encoding="utf-8"),
)


def contact_sheet(
    objects: Sequence[Shown],
    classes: Sequence[Class],
    *,
    project: Project,
    settled: Mapping[str, str],
) -> None:
    """Draw the sheet. What people decide is read by ``told.settle`` at the start of a run.

    Args:
        settled: What became of decisions, in words, by their ids.
    """
    _mount(
        key=KEY,
        data={
            "objects": [_as_data(each, classes, project) for each in objects],
            "classes": _with_keys(classes),
            "settled": dict(settled),
        },
        default={"tail": []},
        on_tail_change=lambda: None,
    )


def _as_data(shown: Shown, classes: Sequence[Class], project: Project) -> dict[str, object]:
    annotation, image = shown.annotation, shown.image
    meant = next((each for each in classes if each.id == annotation.class_id), None)
    color = color_for(0) if meant is None else meant.color
    return {
        "id": annotation.id,
        "image": image.id,
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
