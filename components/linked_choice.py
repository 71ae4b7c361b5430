"""A choice that is in the URL by its name, whatever it is called on the page."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components.state import Slot


def choose_linked(label: str, titles: Mapping[str, str], *, slot: Slot[str]) -> str:
    """Draw a choice among names, each under its title; a link or a reload leads back to it.

    A select box bound to the URL would put its title there, which a clock or another project
    changes. ``slot`` is the box's key, and the name in the URL.
    """
    named = st.query_params.get(slot.name, "")
    if slot.get() not in titles:
        slot.set(named if named in titles else next(iter(titles)))
    chosen = st.selectbox(label, list(titles), format_func=titles.__getitem__, key=slot.name)
    st.query_params[slot.name] = chosen
    return chosen
