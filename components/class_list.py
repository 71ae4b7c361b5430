"""The classes of a project: colours and keys to change, new ones to add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from beltmask.model import Class, Project
from beltmask.workflows import class_changes, projects
from beltmask.workflows.class_merges import retired_classes
from components.markup import literal
from components.services import services

_KEYS = [str(digit) for digit in range(1, 10)]


def show_classes(project: Project) -> None:
    """Draw the classes in the order of their export index, which never moves."""
    classes = projects.classes_of(project.id, services=services())
    retired = retired_classes(project.id, services=services())
    names = {each.id: each.name for each in (*classes, *retired)}
    owners = {each.key: each.name for each in classes if each.key}
    for each in sorted((*classes, *retired), key=lambda each: each.position):
        if each.merged_into is None:
            _row(each, owners)
        else:
            _retired_row(each, names[each.merged_into])
    with st.container(horizontal=True):
        if st.button("Number the keys", help="Keys 1 to 9 in the order of the classes"):
            class_changes.number_keys(project.id, services=services())
            st.rerun()
    _new_class(project, classes, free=[key for key in _KEYS if key not in owners])


def _new_class(project: Project, classes: Sequence[Class], *, free: Sequence[str]) -> None:
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


def _retired_row(each: Class, into: str) -> None:
    columns = st.columns([1, 6], vertical_alignment="center")
    columns[0].caption(f"index {each.position}")
    with columns[1]:
        st.text(f"empty: {each.name} was merged into {into}")


def _row(each: Class, owners: Mapping[str, str]) -> None:
    """A colleague's change makes new widgets: old ones would write back what they showed."""
    columns = st.columns([1, 4, 1, 1], vertical_alignment="center")
    columns[0].caption(f"index {each.position}")
    also = f"  \nalso: {', '.join(map(literal, each.aliases))}" if each.aliases else ""
    columns[1].markdown(f"**{literal(each.name)}**{also}")
    color = columns[2].color_picker(
        f"Colour of {literal(each.name)}",
        each.color,
        key=f"project.color/{each.id}/{each.color}",
        label_visibility="collapsed",
    )
    keys = list(dict.fromkeys(["", each.key or "", *_KEYS]))
    others = {key: name for key, name in owners.items() if key != each.key}
    key = columns[3].selectbox(
        f"Key of {literal(each.name)}",
        keys,
        index=keys.index(each.key or ""),
        format_func=lambda key: f"{key} ⇄ {others[key]}" if key in others else key,
        key=f"project.key/{each.id}/{sorted(owners.items())}",
        label_visibility="collapsed",
        help="A key of another class is exchanged",
    )
    if color != each.color:
        class_changes.change_class(replace(each, color=color), services=services())
        st.rerun()
    if (key or None) != each.key:
        class_changes.give_key(each, key or "", services=services())
        st.rerun()
