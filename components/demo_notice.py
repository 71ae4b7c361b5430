"""While the demo is being drawn for a first visitor: say so, and show each picture as it comes."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Project
from beltmask.workflows.demonstration import DEMO_PROJECT
from components import state
from components.services import demo_drawing


def watch_demo(project: Project) -> None:
    """Show the page of the demo project anew every second until the demo is complete.

    The place stays when the notice goes: an expander that moved up would close, with the upload
    that is under way in it.
    """
    drawing = demo_drawing()
    with st.container():
        if project.name == DEMO_PROJECT and drawing is not None and not drawing.done():
            state.demo_fresh.set(True)
            _notice()


@st.fragment(run_every="1s")
def _notice() -> None:
    if not state.demo_fresh.get():
        st.rerun()
    state.demo_fresh.set(False)
    st.caption("Drawing the demo pictures…")
