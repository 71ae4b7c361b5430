"""What was done to the classes of a project, newest first, each with its undo."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Project
from beltmask.workflows.class_changes import (
    ClassChange,
    ClassChangeKind,
    Touched,
    latest_changes,
)
from beltmask.workflows.class_merges import undo_class_change
from components.label_aliases import in_words
from components.local_time import local_time
from components.services import services

_SHOWN = 20


def show_class_history(project: Project) -> None:
    """Draw the latest changes; what was taken back is said to be."""
    changes = [
        each
        for each in latest_changes(project.id, services=services())
        if each.kind is not ClassChangeKind.UNDO
    ]
    if not changes:
        st.caption("Nothing has been changed yet.")
    for change in changes[:_SHOWN]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{local_time(change.at)}, {change.actor.name}: {what_was_done(change)}")
            if change.undone:
                st.badge("undone", color="gray")
            elif st.button("Undo", key=f"project.undo/{change.id}", type="tertiary"):
                undo_class_change(change, services=services())
                st.rerun()


def what_was_done(change: ClassChange) -> str:
    """A change in words, with how much it touched."""
    first, last = change.before[0], change.after[-1]
    new = change.after[0]
    gained = [alias for alias in new.aliases if alias not in first.aliases]
    lost = [alias for alias in first.aliases if alias not in new.aliases]
    words = {
        ClassChangeKind.RENAME: f'"{first.name}" renamed to "{new.name}"',
        ClassChangeKind.COLOR: f'"{first.name}" recoloured',
        ClassChangeKind.KEY: "keys: "
        + ", ".join(f'"{c.name}" {c.key or "–"}' for c in change.after),
        ClassChangeKind.MERGE: f'"{first.name}" merged into "{last.name}"',
        ClassChangeKind.LABEL: f'"{gained[0] if gained else new.name}" means "{new.name}"',
        ClassChangeKind.FORGET: f'"{", ".join(lost)}" no longer means "{new.name}"',
    }
    touched = Touched(change.objects, change.images)
    return words[change.kind] + (f", {in_words(touched)}" if touched.objects else "")
