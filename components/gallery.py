"""A page of thumbnails with state, object count and links into the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from beltmask.counts import counted
from beltmask.model import Image, Project, ReviewState
from components import cached
from components.errors import explained
from components.markup import literal
from components.project_choice import link_to

COLUMNS = 6
PAGE_SIZE = 24

Color = Literal["red", "orange", "blue", "green", "violet", "gray"]
STATE_COLORS: dict[ReviewState, Color] = {
    ReviewState.NEW: "gray",
    ReviewState.PREDICTED: "violet",
    ReviewState.IN_REVIEW: "blue",
    ReviewState.APPROVED: "green",
    ReviewState.REJECTED: "red",
}


def show_gallery(
    images: Sequence[Image], project: Project, *, open_comments: Mapping[int, int]
) -> list[Image]:
    """Draw the images as cards; returns those that are ticked.

    ``open_comments`` counts the open threads of images that have any, by their id.
    """
    ticked = []
    for start in range(0, len(images), COLUMNS):
        row = images[start : start + COLUMNS]
        for column, image in zip(st.columns(COLUMNS), row, strict=False):
            with column.container(border=True):
                if _card(image, project, open_comments.get(image.id, 0)):
                    ticked.append(image)
    return ticked


def state_badge(image: Image) -> None:
    st.badge(image.review, color=STATE_COLORS[image.review])


def _comments_badge(count: int) -> None:
    name = counted(count, "open comment thread")
    st.badge(str(count), icon=":material/comment:", color="orange", help=name)


def _card(image: Image, project: Project, open_comments: int) -> bool:
    with explained(stop=False):
        shown = cached.thumbnail(image.facts.sha256, image)
        st.image(shown, width="stretch", alt=image.name)
    target = "review" if image.review is not ReviewState.NEW else "detect"
    st.page_link(
        f"pages/label/{target}.py",
        label=literal(_short(image.name)),
        query_params=link_to(image, project),
        help=f"{literal(_full_name(image))}, {image.size[0]} × {image.size[1]} px",
    )
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        state_badge(image)
        if open_comments:
            _comments_badge(open_comments)
        ticked = st.checkbox(
            f"Select {literal(image.name)}",
            key=f"images.tick/{image.id}",
            label_visibility="collapsed",
        )
    st.caption(_objects(image))
    return ticked


def _objects(image: Image) -> str:
    """A picture nobody has looked at is not an empty belt."""
    count = image.object_count
    if count == 0:
        return "not asked yet" if image.review is ReviewState.NEW else "no objects"
    return f"{count} object{'s' * (count > 1)}"


def _full_name(image: Image) -> str:
    return f"{image.facts.folder}/{image.name}" if image.facts.folder else image.name


def _short(name: str) -> str:
    return name if len(name) <= 22 else f"{name[:12]}…{name[-9:]}"
