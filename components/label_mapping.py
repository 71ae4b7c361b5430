"""Labels no class stands for: say once what they mean, and it is remembered."""

from __future__ import annotations

import streamlit as st

from beltmask.workflows.projects import add_class, remember_label
from beltmask.workflows.reviewing import Sheet, give_class, give_class_everywhere
from components import state
from components.services import services

_NEW = 0


def map_labels(sheet: Sheet) -> None:
    """Ask about the first label without a class; the others follow, in every picture."""
    if not sheet.unclassed:
        return
    label = sheet.unclassed[0]
    names = _meanings(sheet, label)
    with st.form(f"review.label/{label}"):
        st.markdown(f"No class for **{label}** yet.")
        chosen = st.selectbox("It means", list(names), format_func=names.__getitem__)
        wants = st.form_submit_button("Remember")
    if wants and chosen is not None:
        _remember(sheet, label, chosen)


def _meanings(sheet: Sheet, label: str) -> dict[int, str]:
    """What a label can mean; a new class comes first, unless a class has that name or alias."""
    classes = {each.id: each.name for each in sheet.classes}
    meant = sheet.meaning(label)
    if meant is None:
        return {_NEW: f'a new class "{label}"', **classes}
    return {meant.id: meant.name, **classes}


def _remember(sheet: Sheet, label: str, class_id: int) -> None:
    known = {each.id: each for each in sheet.classes}
    meant = (
        add_class(sheet.image.project_id, label, services=services())
        if class_id == _NEW
        else remember_label(label, known[class_id], services=services())
    )
    give_class_everywhere(meant, services=services())
    given = give_class(sheet.image.id, label, meant, services=services())
    state.review_seen.set(given.image.revision)
    st.rerun()
