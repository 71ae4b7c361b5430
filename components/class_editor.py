"""One class is renamed, loses an alias, or is merged into another, told before and undone after."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Class, Project
from beltmask.workflows import class_changes, class_merges, projects
from components.label_aliases import in_words
from components.markup import literal
from components.services import services


def show_class_editor(project: Project) -> None:
    """Choose a class, and what becomes of it."""
    classes = {each.id: each for each in projects.classes_of(project.id, services=services())}
    chosen = st.selectbox(
        "Class to change",
        list(classes),
        index=None,
        format_func=lambda class_id: classes[class_id].name,
        placeholder="Choose a class",
        key=f"project.change/{project.id}/{sorted(classes)}",
    )
    if chosen is None:
        return
    meant = classes[chosen]
    _rename(meant)
    _aliases(meant)
    _merge(meant, [each for each in classes.values() if each.id != meant.id])


def _rename(meant: Class) -> None:
    touched = class_changes.touched_by(meant, services=services())
    st.caption(
        f"{in_words(touched)} of this class. Renaming tells these pictures, "
        "and the old name stays an alias."
    )
    with st.form(f"project.rename/{meant.id}", border=False):
        columns = st.columns([4, 1], vertical_alignment="bottom")
        name = columns[0].text_input(
            "Name", meant.name, max_chars=200, key=f"project.name_of/{meant.id}/{meant.name}"
        )
        wants = columns[1].form_submit_button("Rename", width="stretch")
    if wants:
        class_changes.rename_class(meant, name, services=services())
        st.rerun()


def _aliases(meant: Class) -> None:
    if not meant.aliases:
        return
    key = f"project.aliases/{meant.id}/{meant.aliases}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        alias = st.selectbox("Alias", meant.aliases, key=key)
        forget = st.button("Take the alias away", help="Objects that have the class keep it")
    if forget and alias is not None:
        class_changes.forget_alias(alias, meant, services=services())
        st.rerun()


def _merge(meant: Class, others: list[Class]) -> None:
    names = {each.id: each for each in others}
    chosen = st.selectbox(
        "Merge into",
        list(names),
        index=None,
        format_func=lambda class_id: names[class_id].name,
        placeholder="Another class",
        key=f"project.merge/{meant.id}/{sorted(names)}",
    )
    if chosen is None:
        return
    into = names[chosen]
    st.info(_what_merging_does(meant, into), icon=":material/merge:")
    told = f"Merge {literal(meant.name)} into {literal(into.name)}"
    if st.button(told, type="primary", key="project.merge_now"):
        touched = class_merges.merge_class(meant, into, services=services())
        st.toast(f"{in_words(touched)} merged")
        st.rerun()


def _what_merging_does(meant: Class, into: Class) -> str:
    touched = class_changes.touched_by(meant, services=services())
    approved = (
        f" {touched.approved} of the pictures {'is' if touched.approved == 1 else 'are'} approved"
        f" and {'stays' if touched.approved == 1 else 'stay'} approved."
        if touched.approved
        else ""
    )
    return (
        f'{in_words(touched)} will be "{literal(into.name)}", rejected objects and the trash '
        f'counted.{approved} "{literal(meant.name)}" becomes an alias, and index '
        f"{meant.position} stays empty in exports. This can be undone below."
    )
