"""Labels no class stands for: say once what they mean, and it is remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from beltmask.classes import Likeness, suggestions
from beltmask.counts import counted
from beltmask.model import Class, Project
from beltmask.workflows.class_changes import Touched, remember_label, unmapped_labels
from beltmask.workflows.image_review import give_class
from beltmask.workflows.projects import add_class, classes_of
from beltmask.workflows.review_state import ReviewSheet
from components.services import services

_NEW = 0
_MOST_LABELS = 20
_WHY: Mapping[Likeness, str] = {
    Likeness.EXACT: "",
    Likeness.SPELLING: ' (another spelling of "{}")',
    Likeness.PART: ' (shares words with "{}")',
    Likeness.NEAR: ' (nearly "{}")',
}


def map_labels(sheet: ReviewSheet) -> None:
    """Ask about the first label without a class; the others follow, in every picture."""
    if not sheet.unclassed:
        return
    label = sheet.unclassed[0]
    class_id = _ask(label, sheet.classes, note=f'No class for "{label}" yet.', key="review.label")
    if class_id is None:
        return
    meant = _class_meant(label, class_id, sheet.classes, sheet.image.project_id)
    give_class(sheet.image.id, label, meant, services=services())
    remember_label(label, meant, services=services())
    st.rerun()


def show_unmapped_labels(project: Project) -> None:
    """Draw every label of the project no class stands for; each is mapped once, for all."""
    waiting = unmapped_labels(project.id, services=services())
    if not waiting:
        st.caption("Every label in pictures under review has a class.")
        return
    classes = classes_of(project.id, services=services())
    for label, touched in waiting[:_MOST_LABELS]:
        note = f'"{label}": {in_words(touched)}'
        class_id = _ask(label, classes, note=note, key="project.label")
        if class_id is not None:
            meant = _class_meant(label, class_id, classes, project.id)
            remember_label(label, meant, services=services())
            st.rerun()
    if len(waiting) > _MOST_LABELS:
        st.caption(f"{len(waiting) - _MOST_LABELS} more labels follow as these are settled.")


def in_words(touched: Touched) -> str:
    """How much is touched: "12 objects in 5 pictures"."""
    return f"{counted(touched.objects, 'object')} in {counted(touched.images, 'picture')}"


def meanings(label: str, classes: Sequence[Class]) -> dict[int, str]:
    """What a label can mean, the likeliest first; 0 is a new class, unless one is named so."""
    found = suggestions(label, classes)
    likely = {each.meant.id: _said(each.likeness, each.meant, each.resembles) for each in found}
    near = {each.meant.id for each in found if each.likeness is Likeness.NEAR}
    surely = {class_id: said for class_id, said in likely.items() if class_id not in near}
    others = {each.id: each.name for each in classes if each.id not in likely}
    exact = bool(found) and found[0].likeness is Likeness.EXACT
    new = {} if exact else {_NEW: f'a new class "{label}"'}
    return surely | new | likely | others


def _said(likeness: Likeness, meant: Class, resembles: str) -> str:
    return meant.name + _WHY[likeness].format(resembles)


def _ask(label: str, classes: Sequence[Class], *, note: str, key: str) -> int | None:
    """The class chosen for a label, once a person has said so; 0 for a new one."""
    names = meanings(label, classes)
    with st.form(f"{key}/{label}"):
        st.text(note)  # a model's words are no markup
        chosen = st.selectbox("It means", list(names), format_func=names.__getitem__)
        wants = st.form_submit_button("Remember")
    return chosen if wants else None


def _class_meant(label: str, class_id: int, classes: Sequence[Class], project_id: int) -> Class:
    if class_id == _NEW:
        return add_class(project_id, label, services=services())
    return next(each for each in classes if each.id == class_id)
