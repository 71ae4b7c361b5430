"""Where on a fixed camera's pictures objects count: drawn once, on one of them."""

from __future__ import annotations

import streamlit as st

from beltmask.model import BeltRegion, Image, Project
from beltmask.workflows.belt_regions import (
    belt_region_of,
    bring_back_region,
    change_belt_region,
)
from beltmask.workflows.pictures import BELT, IGNORED
from components import cached, state
from components.project_choice import chosen_image
from components.services import services
from components.sketch import DrawnShape, Pen, drawing_pad, pad_size, room_for_pad

_KINDS = {"Belt": BELT, "Ignored zone": IGNORED}
_HOW = (
    "For a camera that does not move. Click corner after corner and close an outline at its first "
    "one. Inside a belt outline (green) objects count, in an ignored zone (red) they do not; "
    "without a belt outline they count everywhere. Edit on the pad's bar moves corners and deletes."
)


def show_belt_region(project: Project) -> None:
    """Say what holds; while it is unfolded, draw another on a picture of the project."""
    kept = belt_region_of(project.id, services=services()) or BeltRegion()
    st.caption(_words(kept))
    drawer = st.expander("Draw it", icon=":material/draw:", key="belt.drawer", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        image = chosen_image(project)
        if image is None:
            st.info("Add a picture first: the region is drawn on it.", icon=":material/photo:")
            st.page_link("pages/label/images.py", label="Add pictures")
            return
        _draw_region(project, image, kept)


def _draw_region(project: Project, image: Image, kept: BeltRegion) -> None:
    st.caption(_HOW)
    kind = st.segmented_control(
        "Draw", list(_KINDS), default="Belt", required=True, key="belt.kind"
    )
    room = room_for_pad(key="belt.room")
    seen = None if room is None else _pad(project, image, kept, color=_KINDS[kind], room=room)
    if seen is not None and seen != kept:
        st.caption(":material/edit: Not saved yet.")
    with st.container(horizontal=True):
        saves = st.button("Save region", type="primary", disabled=seen is None, key="belt.save")
        clears = st.button("Remove region", disabled=not kept, key="belt.clear")
        goes_back = st.button("Show what is kept", key="belt.shown")
        undoes = st.button(
            "Undo the last change", key="belt.undo", help="The region before holds again."
        )
    wanted = BeltRegion() if clears else seen
    if wanted is not None and (saves or clears):
        change_belt_region(project.id, wanted, services=services())
    if undoes:
        bring_back_region(project.id, services=services())
    if saves or clears or goes_back or undoes:
        rounds = state.pad_round.of(project.id)
        rounds.set(rounds.get() + 1)
        st.rerun()


def _pad(
    project: Project, image: Image, kept: BeltRegion, *, color: str, room: int
) -> BeltRegion | None:
    """The region on the pad, which began with the one that was kept then."""
    count = state.pad_round.of(project.id).get()
    key = f"belt.pad/{project.id}/{image.id}/{room}/{count}"
    belt, ignored = state.pad_base.of(key), state.pad_zones.of(key)
    if state.Slot(key, None).missing():
        belt.set(kept.belt)
        ignored.set(kept.ignored)
    first = [(line, BELT) for line in belt.get()] + [(line, IGNORED) for line in ignored.get()]
    drawn = drawing_pad(
        picture=cached.preview(image.facts.sha256, image),
        size=pad_size(image.size, room),
        pen=Pen(color, outlines=True),
        first=[DrawnShape(line, ink, closed=True) for line, ink in first],
        key=key,
    )
    return None if drawn is None else _region(drawn)


def _region(drawn: tuple[DrawnShape, ...]) -> BeltRegion:
    outlines = [each for each in drawn if each.closed]
    belt = tuple(each.line for each in outlines if each.color != IGNORED)
    return BeltRegion(belt, tuple(each.line for each in outlines if each.color == IGNORED))


def _words(region: BeltRegion) -> str:
    if not region:
        return "Objects count everywhere in the pictures of this project."
    belt = "inside the green outline" if region.belt else "everywhere"
    but = " but not in the red zones" if region.ignored else ""
    return f"Objects count {belt}{but}; every detector heeds it from its next run on."
