"""The objects of an image beside its canvas: class, accept, reject, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from beltmask.model import Annotation, AnnotationState, Class
from beltmask.workflows.history import new_id
from beltmask.workflows.reviewing import Edit, EditKind, Sheet

_PER_PAGE = 30
_HEIGHT, _FIT = 700, 5
"""About as tall as the canvas, in screen pixels, and how many objects that holds."""
_ICON_WIDTH = 16
"""Screen pixels: room for the icon alone."""
_STATE_MARKS: Mapping[AnnotationState, str] = {
    AnnotationState.PROPOSED: ":violet-badge[proposed]",
    AnnotationState.ACCEPTED: ":green-badge[accepted]",
    AnnotationState.EDITED: ":blue-badge[edited]",
    AnnotationState.REJECTED: ":red-badge[rejected]",
}
_KEPT_APART = ":violet-badge[second version]"
"""Somebody else changed the object meanwhile: a person chooses."""


def object_list(sheet: Sheet) -> tuple[Edit, ...]:
    """Draw one row per object; returns the edits rows were asked for."""
    count = len(sheet.annotations)
    if not count:
        st.caption("No objects. Draw what is missing, or approve the picture as empty.")
        return ()
    pages = -(-count // _PER_PAGE)
    page = st.pagination(pages, key=f"review.page/{sheet.image.id}") if pages > 1 else 1
    first = (page - 1) * _PER_PAGE
    shown = list(enumerate(sheet.annotations, start=1))[first : first + _PER_PAGE]
    with st.container(height=_HEIGHT if len(shown) > _FIT else "content", border=False):
        asked = [_row(number, annotation, sheet.classes) for number, annotation in shown]
    return tuple(edit for edit in asked if edit is not None)


def _row(number: int, annotation: Annotation, classes: Sequence[Class]) -> Edit | None:
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            box_only = " :orange-badge[box only]" if annotation.mask is None else ""
            state = _KEPT_APART if annotation.kept_apart else _STATE_MARKS[annotation.state]
            mark = f"{state}{box_only}"
            st.markdown(f"**{number}** {mark}", width="stretch")
            kind = _choose_kind(number, annotation)
        to_class = _choose_class(number, annotation, classes)
    if to_class is not None:
        return _edit(EditKind.RELABEL, annotation, to_class)
    return None if kind is None else _edit(kind, annotation, None)


def _choose_class(number: int, annotation: Annotation, classes: Sequence[Class]) -> Class | None:
    """The class just chosen, when it is another than the object's."""
    by_id = {each.id: each for each in classes}
    positions = list(by_id)
    now = positions.index(annotation.class_id) if annotation.class_id in by_id else None
    chosen = st.selectbox(
        f"Class of object {number}",
        positions,
        index=now,
        format_func=lambda class_id: by_id[class_id].name,
        placeholder=f"{annotation.label}: no class",
        key=f"review.class/{annotation.id}/{annotation.revision}",
        label_visibility="collapsed",
    )
    if chosen is None or chosen == annotation.class_id:
        return None
    return by_id[chosen]


def _choose_kind(number: int, annotation: Annotation) -> EditKind | None:
    key = f"{annotation.id}/{annotation.revision}"
    settled = annotation.state in (AnnotationState.ACCEPTED, AnnotationState.EDITED)
    buttons = (
        (EditKind.ACCEPT, ":material/check:", settled),
        (EditKind.REJECT, ":material/close:", annotation.state is AnnotationState.REJECTED),
        (EditKind.DELETE, ":material/delete:", False),
    )
    wanted = None
    for kind, icon, disabled in buttons:
        name = f"{kind.capitalize()} object {number}"
        pressed = st.button(
            name,  # cut off behind the icon, and read out by a screen reader
            icon=icon,
            key=f"review.{kind}/{key}",
            help=name,
            disabled=disabled,
            type="tertiary",
            width=_ICON_WIDTH,
            wrap=False,
        )
        if pressed:
            wanted = kind
    return wanted


def _edit(kind: EditKind, annotation: Annotation, to_class: Class | None) -> Edit:
    return Edit(new_id(), kind, annotation.id, annotation.revision, to_class=to_class)
