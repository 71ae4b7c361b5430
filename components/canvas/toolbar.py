"""Holds the canvas's own toolbar to the tool the page chose.

The canvas has no argument for its edit toggle, and its undo knows nothing of the store. This
small companion presses the toggle, hides the buttons the page replaces, lets the Delete key
press "Delete selected" and Escape drop a polygon half drawn. It also has a gesture sent at once
when a key or a click elsewhere follows so closely that the canvas is still waiting to send it.
Without the companion the canvas works, by hand.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "beltmask_canvas_toolbar",
    js=(Path(__file__).parent / "toolbar.js").read_text(encoding="utf-8"),
)


def toolbar(*, editing: bool, key: str) -> None:
    """Keep the edit toggle of the page's one canvas on, or off."""
    _mount(data={"editing": editing}, key=key, height="content")
