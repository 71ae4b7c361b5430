"""The pictures of a comparison: truth, two answers and the difference, the biggest loss first."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.model import Comparison, Project
from beltmask.workflows.comparison_pictures import ComparedPicture
from beltmask.workflows.comparison_tables import ERROR_NAMES
from components import cached
from components.markup import literal
from components.project_choice import link_to

_KEY = (
    ":gray-badge[matched] :red-badge[missed] :blue-badge[extra] :violet-badge[wrong class] "
    ":orange-badge[outline apart]"
)
_AT_ONCE = 4
"""Pictures."""


@st.fragment
def show_pictures(comparison: Comparison, project: Project, stamp: str) -> None:
    """``stamp`` is another one whenever the figures are."""
    st.subheader("Pictures")
    names = [each.name for each in comparison.contenders]
    first, second, third = st.columns(3)
    one = first.selectbox("A", names, index=names.index(comparison.baseline), key="compare.a")
    rest = [name for name in names if name != one]
    other = second.selectbox("B", rest, key="compare.b")
    kind = third.selectbox(
        "Kind of error in B", ["any", *ERROR_NAMES], format_func=_kind, key="compare.kind"
    )
    pictures = _fitting(cached.compared(comparison.id, other, one, stamp), kind)
    if not pictures:
        st.caption("No picture fits.")
        return
    page = _choose_page(len(pictures))
    st.caption(_KEY)
    for picture in pictures[page * _AT_ONCE : (page + 1) * _AT_ONCE]:
        _show(comparison, picture, (one, other), project, stamp)


def _fitting(pictures: Sequence[ComparedPicture], kind: str) -> list[ComparedPicture]:
    return [each for each in pictures if kind == "any" or each.errors.get(kind)]


def _kind(name: str) -> str:
    return ERROR_NAMES.get(name, name)


def _choose_page(count: int) -> int:
    pages = -(-count // _AT_ONCE)
    if pages == 1:
        return 0
    chosen = st.number_input(f"Page, of {pages}", 1, pages, key="compare.page", width=160)
    return int(chosen) - 1


def _show(
    comparison: Comparison,
    picture: ComparedPicture,
    names: tuple[str, str],
    project: Project,
    stamp: str,
) -> None:
    one, other = names
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            told = f"F1 {picture.other_f1:.3f} → {picture.f1:.3f}"
            st.markdown(f"**{literal(picture.image.name)}**: {told}")
            there = link_to(picture.image, project)
            st.page_link("pages/label/review.py", label="Review", query_params=there)
        shown = {
            "Truth": ("truth", one),
            f"A: {one}": ("difference", one),
            f"B: {other}": ("difference", other),
        }
        for column, (caption, (what, name)) in zip(st.columns(3), shown.items(), strict=True):
            image = picture.image
            about = (comparison.id, image.id, image.revision)
            jpeg = cached.compared_picture(*about, what, name, stamp)
            alt = f"{caption}, {image.name}"
            column.image(jpeg, caption=literal(caption), width="stretch", alt=alt)
