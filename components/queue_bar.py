"""The bar above a picture: its place in the queue, the way on, and which queue that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from beltmask.model import Class, Image, Project, ReviewState
from beltmask.workflows import review_queue
from beltmask.workflows.projects import classes_of
from beltmask.workflows.review_queue import ImageFilter, Order, QueueStanding, ReviewQueue
from components import cached, state
from components.gallery import state_badge
from components.markup import literal
from components.project_choice import link_to, open_image
from components.services import services

_ORDER_NAMES: Mapping[Order, str] = {
    Order.ADDED: "date added",
    Order.CAPTURED: "capture date",
    Order.LOWEST_SCORE: "lowest score",
    Order.DISAGREEMENT: "disagreement",
}
_BOUND: Literal["query-params"] = "query-params"


def queue_bar(
    image: Image, project: Project, *, remembered: bool = True
) -> tuple[QueueStanding, DeltaGenerator]:
    """Draw the bar; the keys D and F lead to the neighbours.

    Args:
        remembered: Whether this is where the person continues on another day.

    Returns:
        Where the picture stands, and the bar, for what else is done with a picture.
    """
    _offer_to_continue(image, project)
    bar = st.container(horizontal=True, vertical_alignment="center")
    with bar:
        back, onward = st.container(width="content"), st.container(width="content")
        place = st.container(width="content")
        queue = _choose_queue(project)
        st.markdown(f"**{literal(image.name)}**", width="content")
        state_badge(image)
        st.caption(f"{image.size[0]} × {image.size[1]} px", width="content")
    if remembered and state.image_unasked.get() != image.id:
        _remember(image, queue)
    standing = review_queue.stand_at(image, queue, services=services())
    with back:
        _go("Previous", standing.previous, ":material/arrow_back:", "D")
    with onward:
        _go("Next", standing.next, ":material/arrow_forward:", "F")
    ahead, total = cached.queue_count(queue, standing.spot, (image.review, standing.member))
    place.caption(f"{_place(standing, ahead, total)} · {literal(_name(queue))}", width="content")
    _say_what_next(standing, queue, ahead, total)
    return standing, bar


def _remember(image: Image, queue: ReviewQueue) -> None:
    """Once for each step: another window of the same person may be elsewhere meanwhile."""
    here = f"{image.id} {queue!r}"
    if state.queue_here.get() != here:
        review_queue.remember(image, queue, services=services())
        state.queue_here.set(here)


def _choose_queue(project: Project) -> ReviewQueue:
    """The queue's filter and order, in a popover; all of it is part of the URL."""
    classes = classes_of(project.id, services=services())
    kinds = cached.problem_kinds(project.id)
    with st.popover("Queue", icon=":material/filter_list:", key="queue.choice"):
        st.pills("State", list(ReviewState), selection_mode="multi", key="queue_state", bind=_BOUND)
        _any_of("Class", [each.name for each in classes], key="queue_class")
        _any_of("Problem in the newest answer", kinds, key="queue_problem")
        st.toggle("Only with open proposals", key="queue_open", bind=_BOUND)
        st.toggle("Only with open comments", key="queue_comments", bind=_BOUND)
        st.selectbox(
            "Order",
            list(Order),
            format_func=_ORDER_NAMES.__getitem__,
            key="queue_order",
            bind=_BOUND,
            help="Lowest score: the least sure object of the newest answer comes first. "
            "Disagreement: the last two answers about the picture differ most.",
        )
        chosen = _chosen_queue(project, classes)
        st.button("Every picture", on_click=_show_every, disabled=not chosen.narrowed)
    return chosen


def _any_of(label: str, names: list[str], *, key: str) -> None:
    st.selectbox(label, names, index=None, placeholder="Any", key=key, bind=_BOUND)


def _chosen_queue(project: Project, classes: list[Class]) -> ReviewQueue:
    ids = {each.name: each.id for each in classes}
    where = ImageFilter(
        project.id,
        tuple(map(ReviewState, sorted(state.queue_state.get()))),
        class_id=ids.get(state.queue_class.get() or "", 0),
        problem=state.queue_problem.get() or "",
        proposals=state.queue_open.get(),
        open_comments=state.queue_comments.get(),
    )
    return ReviewQueue(where, Order(state.queue_order.get()))


def _show_every() -> None:
    state.queue_state.set([])
    state.queue_class.set(None)
    state.queue_problem.set(None)
    state.queue_open.set(False)
    state.queue_comments.set(False)


def _name(queue: ReviewQueue) -> str:
    where = queue.where
    parts: list[str] = [*where.reviews]
    parts += [state.queue_class.get() or ""] if where.class_id else []
    parts += [where.problem] if where.problem else []
    parts += ["open proposals"] if where.proposals else []
    parts += ["open comments"] if where.open_comments else []
    return f"{', '.join(parts) or 'every picture'}, by {_ORDER_NAMES[queue.order]}"


def _place(standing: QueueStanding, ahead: int, total: int) -> str:
    """A picture that left the queue is between two others."""
    if standing.member:
        return f"{ahead + 1:,} of {total:,}"
    return f"Not in this queue any more: {ahead:,} before, {total - ahead:,} after"


def _say_what_next(standing: QueueStanding, queue: ReviewQueue, ahead: int, total: int) -> None:
    if standing.member or standing.next is not None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if total and ahead:
            st.info(f"The end of this queue: {total:,} are left before.")
            if st.button("Go to its first picture", icon=":material/first_page:"):
                _open(review_queue.first_of(queue, services=services()))
            return
        st.info("No picture is left in this queue.", icon=":material/done_all:")
        st.button("Show every picture", on_click=_show_every)
        st.page_link("pages/label/detect.py", label="Ask about more pictures")
        st.page_link("pages/share/versions.py", label="Export what is approved")


def _offer_to_continue(image: Image, project: Project) -> None:
    """To whoever comes without a link to a picture, on a new visit."""
    if state.image_unasked.get() != image.id:
        return
    left = review_queue.left_off(project.id, services=services())
    if left is None or left.image.id == image.id:
        return
    st.page_link(
        "pages/label/review.py",
        label=f"Continue where you were: {literal(left.image.name)}",
        icon=":material/history:",
        query_params={**link_to(left.image, project), **_in_url(left.queue, project)},
    )


def _in_url(queue: ReviewQueue, project: Project) -> dict[str, str | list[str]]:
    """A queue as the bar's widgets write it into the URL."""
    where = queue.where
    names = {each.id: each.name for each in classes_of(project.id, services=services())}
    chosen: dict[str, str | list[str]] = {
        "queue_state": list(where.reviews),
        "queue_class": names.get(where.class_id, ""),
        "queue_problem": where.problem,
        "queue_open": "true" if where.proposals else "",
        "queue_comments": "true" if where.open_comments else "",
        "queue_order": "" if queue.order is Order.ADDED else _ORDER_NAMES[queue.order],
    }
    return {name: value for name, value in chosen.items() if value}


def _go(label: str, image: Image | None, icon: str, shortcut: str) -> None:
    clicked = st.button(
        label, icon=icon, shortcut=shortcut, disabled=image is None, key=f"queue.{label}"
    )
    if clicked:
        _open(image)


def _open(image: Image | None) -> None:
    if image is not None:
        open_image(image.id)
        st.rerun()
