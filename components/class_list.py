"""The classes of a project: colours and keys to change, new ones to add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from beltmask.model import Class, Project
from beltmask.workflows import projects
from beltmask.workflows.class_changes import change_class
from components.services import services

_KEYS = [str(digit) for digit in range(1, 10)]


def show_classes(project: Project) -> None:
    """Draw the classes in the order of their export index, which never moves."""
    classes = projects.classes_of(project.id, services=services())
    free = [key for key in _KEYS if key not in {each.key for each in classes}]
    for each in classes:
        _row(each, free)
    with st.form("project.new_class", clear_on_submit=True):
        columns = st.columns([4, 1, 1, 1], vertical_alignment="bottom")
        name = columns[0].text_input("New class", max_chars=200, key="project.class_name")
        own_color = columns[1].color_picker(
            "Colour", projects.next_color(classes), key=f"project.class_color/{len(classes)}"
        )
        key = columns[2].selectbox("Key", ["", *free], index=1 if free else 0)
        wants_class = columns[3].form_submit_button("Add class", width="stretch")
    if wants_class:
        projects.add_class(project.id, name, services=services(), color=own_color, key=key or "")
        st.rerun()


def _row(each: Class, free: Sequence[str]) -> None:
    """A colleague's change makes new widgets: old ones would write back what they showed."""
    columns = st.columns([1, 4, 1, 1], vertical_alignment="center")
    columns[0].caption(f"index {each.position}")
    also = f"  \nalso: {', '.join(each.aliases)}" if each.aliases else ""
    columns[1].markdown(f"**{each.name}**{also}")
    color = columns[2].color_picker(
        f"Colour of {each.name}",
        each.color,
        key=f"project.color/{each.id}/{each.color}",
        label_visibility="collapsed",
    )
    keys = ["", *([each.key] if each.key else []), *free]
    key = columns[3].selectbox(
        f"Key of {each.name}",
        keys,
        index=keys.index(each.key or ""),
        key=f"project.key/{each.id}/{keys}",
        label_visibility="collapsed",
    )
    changed = replace(each, color=color, key=key or None)
    if changed != each:
        change_class(changed, services=services())
        st.rerun()
