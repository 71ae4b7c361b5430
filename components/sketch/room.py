"""How wide a pad may be: it is drawn in a fixed number of pixels."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

NARROWEST, WIDEST = 320, 1600
"""Screen pixels."""

_mount = st.components.v2.component(
    "beltmask_pad_room",
    html='<div class="room" style="width: 100%"></div>',
    js=(Path(__file__).parent / "room.js").read_text(encoding="utf-8"),
)


def room_for_pad(*, key: str) -> int | None:
    """Width in screen pixels of the column this is called in; None until the browser has told.

    The page runs again when it tells, and when the window changes. A canvas drawn before by a
    guess would be taken away from under the hand.
    """
    told = _mount(
        key=key,
        default={"width": 0},
        on_width_change=lambda: None,
        height="content",
    )
    width = told.get("width")
    if isinstance(width, int | float) and width > 0:
        return int(min(max(width, NARROWEST), WIDEST))
    return None
