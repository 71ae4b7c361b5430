"""The answer about the picture on show: while it comes, and when it is there."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Image, Project, TaskState
from beltmask.workflows.detection import PartialAnswer, UnderWay, answer_of, under_way
from beltmask.workflows.pictures import Look
from beltmask.workflows.projects import classes_of
from components import cached
from components.answer_list import answer_table, choose_answers
from components.answer_pair import show_pair
from components.errors import explained
from components.markup import literal
from components.result import choose_look, counted, show_bare, show_result
from components.services import services


def show_answer(image: Image, project: Project) -> None:
    """Objects as they come while this process asks; otherwise the answer that was chosen.

    What is chosen by stands above the picture whatever there is, so that nothing moves it.
    """
    views = st.container(horizontal=True, vertical_alignment="center")
    with views:
        look = choose_look(image)
    asked = under_way(image.id, services=services())
    coming = asked is not None and asked.so_far is not None
    chosen = choose_answers(image, disabled=coming, views=views)
    note = st.container()  # always, so that nothing below it is drawn anew when it speaks
    if coming:
        _follow(image, look, again=chosen.shown is not None)
        return
    with note:
        if asked is not None:
            _wait(image)
    if chosen.beside is not None:
        show_pair(image, chosen, project, look=look)
        answer_table(chosen)
        return
    if chosen.shown is not None:
        result = answer_of(chosen.shown.task.id, services=services())
        show_result(image, result, project, look=look, newest=chosen.newest)
        answer_table(chosen)
        return
    if asked is None:
        st.caption("Not asked yet.")
    show_bare(image)


@st.fragment(run_every="0.5s")
def _follow(image: Image, look: Look, *, again: bool) -> None:
    """The picture with what has come so far, in the places the result will take."""
    with explained():
        asked = under_way(image.id, services=services())
        if asked is None or asked.so_far is None:
            st.rerun()
        so_far = asked.so_far
        st.caption(_words(so_far, again=again))
        classes = classes_of(image.project_id, services=services()) if look.by_class else ()
        drawn = cached.unfinished(
            image.id, so_far.task, so_far.version, look, classes, so_far.findings
        )
        found = counted(len(so_far.findings))
        st.image(drawn, width="stretch", alt=f"{image.name} with {found} so far")


@st.fragment(run_every="0.5s")
def _wait(image: Image) -> None:
    """Say that the picture's turn will come, or that another process is at it."""
    with explained():
        asked = under_way(image.id, services=services())
        if asked is None or asked.so_far is not None:
            st.rerun()
        st.caption(_waiting(asked))


def _waiting(asked: UnderWay) -> str:
    if asked.task.state is TaskState.QUEUED and asked.task.deaths:
        return (
            "BeltMask ended while it looked at this picture. It is tried again, after the others."
        )
    if asked.task.state is TaskState.QUEUED:
        return "This picture waits its turn in the run."
    return "This picture is being asked about…"


def _words(so_far: PartialAnswer, *, again: bool) -> str:
    count = len(so_far.findings)
    words = f"{counted(count)} so far…" if count else "Asked; nothing has come yet…"
    words += f" Request {so_far.requests}." if so_far.requests > 1 else ""
    if so_far.trouble is not None:
        words += f" Sent again after: {literal(str(so_far.trouble).rstrip('.'))}."
    return words + (" If this fails, the answer before it comes back." if again else "")
