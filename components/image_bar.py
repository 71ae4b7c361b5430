"""The bar above a picture: its name and state, and the way to its neighbours."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Image, Project
from beltmask.workflows.images import ImageFilter, neighbours
from components.gallery import state_badge
from components.project_choice import open_image
from components.services import services


def choose_neighbour(image: Image, project: Project) -> None:
    """Previous and next picture of the project, by button or by the keys D and F."""
    before, after = neighbours(image, ImageFilter(project.id), services=services())
    with st.container(horizontal=True, vertical_alignment="center"):
        _go("Previous", before, ":material/arrow_back:", "D")
        _go("Next", after, ":material/arrow_forward:", "F")
        st.markdown(f"**{image.name}**", width="content")
        state_badge(image)
        st.caption(f"{image.size[0]} × {image.size[1]} px", width="content")


def _go(label: str, image_id: int, icon: str, shortcut: str) -> None:
    clicked = st.button(
        label, icon=icon, shortcut=shortcut, disabled=not image_id, key=f"image_bar.{label}"
    )
    if clicked and image_id:
        open_image(image_id)
        st.rerun()
