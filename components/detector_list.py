"""Which detectors are at work, and what the others need."""

from __future__ import annotations

import streamlit as st

from beltmask.workflows.prompts import detector_choices
from components.services import services


def show_detectors() -> None:
    for choice in detector_choices(services()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(
                "ready" if choice.ready else "not set up",
                color="green" if choice.ready else "gray",
            )
            st.markdown(f"**{choice.name}**", width="content")
            st.caption(choice.note)
