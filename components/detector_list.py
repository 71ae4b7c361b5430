"""Which detectors are at work, and what the others need."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from beltmask.workflows.magic import magic_availability
from beltmask.workflows.prompts import detector_choices
from components.markup import literal
from components.services import services

_COLORS: dict[str, Literal["green", "gray", "orange"]] = {
    "ready": "green",
    "not set up": "gray",
    "to be checked": "orange",
}


def show_detectors() -> None:
    for choice in detector_choices(services()):
        _show(choice.name, choice.note, "ready" if choice.ready else "not set up")
    magic = magic_availability(services=services())
    _show("magic select", magic.note, "ready" if magic.ready else "to be checked")


def _show(name: str, note: str, state: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(state, color=_COLORS[state])
        st.markdown(f"**{literal(name)}**", width="content")
        st.caption(literal(note))
