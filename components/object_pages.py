"""Which objects a contact sheet shows: a filter, and a page that stays put while one works."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.model import AnnotationState, Class, Project
from beltmask.workflows.decisions import (
    START,
    ObjectFilter,
    ObjectPage,
    objects_after,
    objects_before,
    objects_of,
)
from components import cached, state
from components.services import services

PAGE_SIZE = 60
_NO_CLASS = "No class"


def choose_objects(project: Project, classes: Sequence[Class]) -> ObjectFilter:
    """Draw the choice of class and state; both are part of the URL."""
    ids: dict[str, int | None] = {each.name: each.id for each in classes}
    ids.setdefault(_NO_CLASS, None)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Class", list(ids), key="of_class", bind="query-params", width=280)
        states = st.pills(
            "State",
            list(AnnotationState),
            selection_mode="multi",
            key="object_state",
            bind="query-params",
        )
    return ObjectFilter(project.id, ids[name], tuple(map(AnnotationState, sorted(states))))


def page_of_objects(where: ObjectFilter) -> list[ObjectPage]:
    """The objects of this page as they are now, those that left the filter since too."""
    if state.sheet_look.get() != repr(where) or not state.sheet_page.get():
        state.sheet_look.set(repr(where))
        _begin(where)
    ids = [key[2] for key in state.sheet_page.get()]
    return objects_of(ids, project_id=where.project_id, services=services())


def turn_pages(where: ObjectFilter) -> None:
    """Draw the way to the pages before and after."""
    page = state.sheet_page.get()
    first, last = (page[0], page[-1]) if page else (START, START)
    ahead, total = cached.object_count(where, first)
    before = objects_before(where, services=services(), before=first, limit=1)
    after = objects_after(where, services=services(), after=last, limit=1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{len(page):,} on this page, {ahead:,} before, {total:,} in all")
        for label, icon, others, turn in (
            ("Previous page", ":material/arrow_back:", before, _turn_back),
            ("Next page", ":material/arrow_forward:", after, _turn_on),
        ):
            key = f"by_class.{label}"
            st.button(label, icon=icon, disabled=not others, key=key, on_click=turn, args=(where,))
        st.button(
            "Begin anew",
            icon=":material/refresh:",
            key="by_class.anew",
            help="Show the first objects that are of this class and state by now",
            on_click=_begin,
            args=(where,),
        )


def _begin(where: ObjectFilter) -> None:
    _turn_to(objects_after(where, services=services(), after=START, limit=PAGE_SIZE))


def _turn_back(where: ObjectFilter) -> None:
    first = state.sheet_page.get()[0]
    _turn_to(objects_before(where, services=services(), before=first, limit=PAGE_SIZE))


def _turn_on(where: ObjectFilter) -> None:
    page = state.sheet_page.get()
    after = page[-1] if page else START
    _turn_to(objects_after(where, services=services(), after=after, limit=PAGE_SIZE))


def _turn_to(shown: Sequence[ObjectPage]) -> None:
    state.sheet_page.set(tuple(each.key for each in shown))
