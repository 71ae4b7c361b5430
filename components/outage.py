"""A page while its database does not answer: it stays as it is, says so, and goes on by itself.

A run that ends for another leaves in the browser what it has not drawn anew, and forgets no
widget: canvas, filters and words that are being typed stay where they are.
"""

from __future__ import annotations

from time import monotonic, sleep

import streamlit as st
from streamlit import runtime

from beltmask.errors import DatabaseUnavailableError
from beltmask.workflows.projects import list_projects
from components import state
from components.markup import literal
from components.services import services

_PAUSE = 1.0
_SOON = 10.0
"""Seconds within which a database that answers, and then does not, is not merely starting."""


def sit_out(error: DatabaseUnavailableError, *, stop: bool) -> None:
    """Draw the page anew, later, if that can help; otherwise return, for the error to be shown.

    Args:
        stop: The page can show nothing without what it asked for.
    """
    if not runtime.exists():  # there is no browser whose page could stay
        return
    if not _answers():
        st.error(
            f"{literal(error.explanation)} This page waits and goes on by itself.",
            icon=":material/hourglass_top:",
        )
        sleep(_PAUSE)
        st.rerun()
    if stop and monotonic() - state.outage_over.get() > _SOON:
        state.outage_over.set(monotonic())
        st.toast(literal(error.explanation), icon=":material/error:", duration="long")
        st.rerun()


def _answers() -> bool:
    try:
        list_projects(services())
    except DatabaseUnavailableError:
        return False
    return True
