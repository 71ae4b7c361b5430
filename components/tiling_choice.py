"""Whether a large picture is looked at as a whole or tile by tile, and what that costs."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Image, Prompt, Tiling
from beltmask.workflows.belt_regions import belt_region_of
from beltmask.workflows.prompts import views_of
from components import state
from components.markup import literal
from components.services import services

TILING_NAMES = {
    Tiling.WHOLE: "Whole",
    Tiling.TILES: "In tiles",
    Tiling.SUSPECTS: "Tiles with suspects",
}
TILING_HELP = (
    "A picture larger than the longest side sent is made smaller, and small things are lost. "
    "Tiles are sent at full size, each as a request of its own with its own cap. With suspects, "
    "the whole picture comes first, then only the tiles where something was seen. Tiles that were "
    "answered are kept: detecting again asks only for the rest."
)


def choose_tiling(*, usable: bool) -> Tiling:
    chosen = st.selectbox(
        "Large pictures",
        [tiling.value for tiling in Tiling],
        format_func=lambda value: TILING_NAMES[Tiling(value)],
        key=state.tiling.name,
        persist_state="session",
        disabled=not usable,
        help=TILING_HELP,
    )
    return Tiling(chosen) if usable else Tiling.WHOLE


def show_views(prompt: Prompt, image: Image | None) -> None:
    """How often the chosen picture would be looked at."""
    if image is not None:
        region = belt_region_of(image.project_id, services=services())
        st.caption(literal(views_of(image.size, prompt, services=services(), belt=region)))
