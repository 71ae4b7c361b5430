"""What is done with a whole picture beside the canvas: reject it, or open it again."""

from __future__ import annotations

import streamlit as st

from beltmask.model import ReviewState
from beltmask.workflows import image_review
from beltmask.workflows.review_state import ReviewSheet
from components import state
from components.markup import literal
from components.services import services

_SETTLED = (ReviewState.APPROVED, ReviewState.REJECTED)


def review_actions(sheet: ReviewSheet) -> None:
    """Draw the buttons and carry out the one that was pressed."""
    image = sheet.image
    seen = state.review_seen.of(image.id)
    before = seen.get()
    seen.set(image.revision)  # what this run draws is what the next click is about
    st.caption(_standing(sheet), width="content")
    settled = image.review in _SETTLED
    reopen = settled and st.button("Reopen", icon=":material/edit:", key="review.reopen")
    reason = None if settled else _rejection()
    if reopen:
        image_review.reopen(image.id, seen=before, services=services())
        st.rerun()
    if reason is not None:
        image_review.reject_image(image.id, seen=before, reason=reason, services=services())
        st.rerun()


def _standing(sheet: ReviewSheet) -> str:
    last = sheet.last
    rejected = sheet.image.review is ReviewState.REJECTED
    reason = last.detail.get("reason") if last and rejected else ""
    told = f'Rejected: "{literal(reason)}". ' if reason else ""
    return f"{told}Revision {sheet.image.revision}"


def _rejection() -> str | None:
    """The reason, once it is given."""
    with (
        st.popover("Reject", icon=":material/block:", key="review.reject"),
        st.form("review.rejection", border=False, clear_on_submit=True),
    ):
        reason = st.text_input("Why is the picture of no use?", placeholder="blurred")
        wants = st.form_submit_button("Reject the picture")
    return reason if wants else None
