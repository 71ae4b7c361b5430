"""The history of an image under its canvas: read page by page, and any point of it restored."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from beltmask.workflows.review_state import ReviewSheet
from beltmask.workflows.rollback import Step, history_of, restore
from components import state
from components.effort import effort_caption
from components.errors import explained
from components.history_words import BEGINNING, in_words
from components.local_time import local_time
from components.markup import literal
from components.services import services

_PAGE = 20


def show_history(sheet: ReviewSheet) -> None:
    """Draw what was done to an image, newest first; nothing is read while it is closed."""
    before = state.history_before.of(sheet.image.id)
    shown = st.expander(
        "History", icon=":material/history:", key="review.history", on_change="rerun"
    )
    if not shown.open:
        before.set(0)
        return
    with shown:
        effort_caption(sheet.image)
        steps = history_of(
            sheet.image.id, services=services(), before=before.get() or None, limit=_PAGE + 1
        )
        numbers = {each.id: n for n, each in enumerate(sheet.annotations, 1)}
        for n, step in enumerate(steps[:_PAGE]):
            _line(step, sheet, numbers, newest=n == 0 and not before.get())
        if steps:
            _restorable(sheet, 0, BEGINNING)
        else:
            st.caption("Nothing has been done yet.")
        _turn(before, steps)


def _line(step: Step, sheet: ReviewSheet, numbers: Mapping[str, int], *, newest: bool) -> None:
    entry = step.entry
    done = in_words(entry, step.touches, numbers)
    words = f"{entry.number}. {local_time(entry.at)}, {entry.actor.name}: {done}"
    _restorable(sheet, entry.number, words, stands=step.stands, now=newest)


def _restorable(
    sheet: ReviewSheet, number: int, words: str, *, stands: bool = True, now: bool = False
) -> None:
    """A line of text and the button that brings back what it tells of."""
    image = sheet.image
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(words, width="content")  # names and reasons are no markup
        if not stands:
            st.badge("undone", color="gray")
        if now:
            st.badge("now", color="blue")
            return
        after = f"operation {number} left them" if number else "they were in the beginning"
        st.button(
            "Restore",
            key=f"history.restore/{image.id}/{number}",
            type="tertiary",
            help=f"Bring all objects back to how {after}",
            on_click=_restore,  # it is told the revision its line was drawn for
            args=(image.id, number, image.revision),
        )


def _restore(image_id: int, number: int, seen: int) -> None:
    """Both outcomes are told where they are seen from the end of a long page, too."""
    with explained(stop=False, kept_in=state.history_refusal):
        restore(image_id, number, seen=seen, services=services())
        what = f"operation {number}" if number else "the beginning"
        st.toast(f"Restored {what}. Ctrl+Z takes it back.", icon=":material/history:")
        return
    refusal = literal(state.history_refusal.get())
    st.toast(refusal, icon=":material/error:", duration="infinite")


def _turn(before: state.Slot[int], steps: list[Step]) -> None:
    with st.container(horizontal=True):
        if len(steps) > _PAGE:
            last = steps[_PAGE - 1].entry.number
            st.button("Earlier", key="history.earlier", on_click=before.set, args=(last,))
        if before.get():
            st.button("Newest", key="history.newest", on_click=before.set, args=(0,))
