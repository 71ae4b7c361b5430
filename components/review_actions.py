"""What is done with a whole picture: accept all, approve, reject, reopen, undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from beltmask.model import ReviewState
from beltmask.workflows import reviewing
from beltmask.workflows.reviewing import Edit, Sheet
from components import state
from components.errors import explained
from components.services import services

_SETTLED = (ReviewState.APPROVED, ReviewState.REJECTED)


def save_edits(sheet: Sheet, edits: Sequence[Edit]) -> None:
    """Save what a person just did to objects, and draw the page anew."""
    if not edits:
        return
    with explained(stop=False, kept_in=state.review_refusal):
        saved = reviewing.apply_edits(sheet.image.id, edits, services=services())
        _show_anew(saved, before=sheet)


def review_actions(sheet: Sheet, *, seen: int) -> None:
    """Draw the buttons and carry out the one that was pressed. ``seen`` is the revision shown."""
    image_id, settled = sheet.image.id, sheet.image.review in _SETTLED
    with st.container(horizontal=True, vertical_alignment="center"):
        accept = st.button(
            f"Accept all ({sheet.acceptable_count})",
            icon=":material/done_all:",
            shortcut="Shift+A",
            disabled=not sheet.acceptable_count,
            key="review.accept_all",
        )
        approve = st.button(
            "Approve",
            type="primary",
            icon=":material/check:",
            shortcut="Shift+Enter",
            disabled=sheet.image.review is ReviewState.APPROVED,
            key="review.approve",
        )
        undo = st.button(
            "Undo",
            icon=":material/undo:",
            shortcut="Ctrl+Z",
            disabled=sheet.last is None,
            help=None if sheet.last is None else f"Takes back: {sheet.last.kind}",
            key="review.undo",
        )
        reopen = settled and st.button("Reopen", icon=":material/edit:", key="review.reopen")
        reason = None if settled else _rejection()
        st.caption(_standing(sheet))
    if accept:
        _carry_out(sheet, lambda: reviewing.accept_all(image_id, seen=seen, services=services()))
    if approve:
        _carry_out(sheet, lambda: reviewing.approve(image_id, seen=seen, services=services()))
    if undo:
        _carry_out(sheet, lambda: reviewing.undo(image_id, seen=seen, services=services()))
    if reopen:
        _carry_out(sheet, lambda: reviewing.reopen(image_id, seen=seen, services=services()))
    if reason is not None:
        _carry_out(
            sheet,
            lambda: reviewing.reject_image(image_id, seen=seen, reason=reason, services=services()),
        )


def _standing(sheet: Sheet) -> str:
    last = sheet.last
    reason = (
        last.detail.get("reason") if last and sheet.image.review is ReviewState.REJECTED else ""
    )
    rejected = f'Rejected: "{reason}". ' if reason else ""
    return f"{rejected}Saved, revision {sheet.image.revision}"


def _rejection() -> str | None:
    """The reason, once it is given."""
    with (
        st.popover("Reject", icon=":material/block:", key="review.reject"),
        st.form("review.rejection", border=False, clear_on_submit=True),
    ):
        reason = st.text_input("Why is the picture of no use?", placeholder="blurred")
        wants = st.form_submit_button("Reject the picture")
    return reason if wants else None


def _carry_out(sheet: Sheet, action: Callable[[], Sheet]) -> None:
    """Do it; after a refusal the newest revision is shown, so the next try can succeed."""
    state.review_seen.set(sheet.image.revision)
    _show_anew(action(), before=sheet)


def _show_anew(saved: Sheet, *, before: Sheet) -> None:
    state.review_seen.set(saved.image.revision)
    if saved.image.revision != before.image.revision:  # edits told twice change nothing
        state.review_refusal.set("")
    st.rerun()
