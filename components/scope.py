"""Which pictures a run is about: this one, the ticked ones, all new ones, all."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.model import Image, Project, ReviewState
from beltmask.workflows.images import ImageFilter, count_images, image_ids
from components import state
from components.services import services


def only_this_picture(image: Image) -> Sequence[int]:
    """Say that there is no choice; returns the image's id."""
    st.selectbox(
        "Pictures",
        ["This picture"],
        key="detect.only_scope",
        disabled=True,
        label_visibility="collapsed",
        help="A sketch applies to the one picture it was drawn on.",
    )
    return (image.id,)


def choose_pictures(project: Project, image: Image | None) -> Sequence[int]:
    """Draw the choice; returns ids of images."""
    ticked = state.detect_chosen.get()
    everything = ImageFilter(project.id)
    new = ImageFilter(project.id, (ReviewState.NEW,))
    counts = {where: count_images(where, services=services()) for where in (everything, new)}
    choices = {
        "This picture": int(image is not None),
        "Ticked in the gallery": len(ticked),
        "All new pictures": counts[new],
        "All pictures": counts[everything],
    }
    offered = [name for name, count in choices.items() if count]
    if not offered:
        return ()
    first = "Ticked in the gallery" if ticked else offered[0]
    scope = st.selectbox(
        "Pictures",
        offered,
        index=offered.index(first),
        format_func=lambda name: name if choices[name] == 1 else f"{name} ({choices[name]})",
        key="detect.scope",
        label_visibility="collapsed",
    )
    if scope == "This picture" and image is not None:
        return (image.id,)
    if scope == "Ticked in the gallery":
        return ticked
    return image_ids(new if scope == "All new pictures" else everything, services=services())
