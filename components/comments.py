"""The comments on an image, under its canvas: threads to read, answer, resolve and begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from beltmask.counts import counted
from beltmask.model import Annotation
from beltmask.workflows import comments
from beltmask.workflows.comments import Comment, CommentKind, Spot, Thread
from beltmask.workflows.review_state import ReviewSheet
from components import state
from components.errors import explained
from components.local_time import local_time
from components.markup import literal
from components.services import services

_WHOLE, _SPOT = "", "spot"
"""What a comment is about besides the objects, whose ids are longer."""
_LONGEST = 5000


def show_comments(sheet: ReviewSheet) -> None:
    """Draw the threads of an image, its objects numbered as the page does, and a form for more."""
    threads = comments.threads_of(sheet.image.id, services=services())
    waiting = sum(not thread.resolved for thread in threads)
    title = f"Comments: {waiting} open" if threads else "Comments"
    with st.expander(title, icon=":material/comment:", expanded=waiting > 0):
        objects = _objects(sheet)
        settled = len(threads) - waiting
        everything = settled > 0 and st.toggle(
            f"Show {counted(settled, 'resolved thread')}", key=f"comments.all/{sheet.image.id}"
        )
        for thread in threads:
            if everything or not thread.resolved:
                _thread(thread, objects)
        _new_thread(sheet.image.id, objects)


def comment_where_pointed(sheet: ReviewSheet) -> None:
    """Ask what there is to say about the place a person has just pointed at on the canvas.

    A place on another picture is forgotten: nobody is asked about it when they come back.
    """
    image_id, x, y, object_id = state.comment_place.get()
    if image_id == sheet.image.id:
        _ask(sheet, object_id, (x, y))
    elif image_id:
        _forget_place()


def _forget_place() -> None:
    state.comment_place.set(state.comment_place.default)


@st.dialog("New comment", icon=":material/add_comment:", on_dismiss=_forget_place)
def _ask(sheet: ReviewSheet, object_id: str, spot: Spot) -> None:
    _new_thread(sheet.image.id, _objects(sheet), pointed=object_id, spot=spot)


def _new_thread(
    image_id: int, objects: Mapping[str, str], *, pointed: str = "", spot: Spot | None = None
) -> None:
    """``spot`` was pointed at just now, on the object ``pointed`` if there is one."""
    here = {} if spot is None else {_SPOT: f"the spot at {spot[0]:.0f}, {spot[1]:.0f}"}
    subjects = {**here, _WHOLE: "the whole picture", **objects}
    first = pointed if pointed in objects else next(iter(subjects))
    form = f"{image_id}" if spot is None else f"{image_id}/{_SPOT}"
    with st.form(f"comments.new/{form}", clear_on_submit=True):
        about = st.selectbox(
            "A comment on",
            list(subjects),
            index=list(subjects).index(first),
            format_func=lambda subject: subjects.get(subject, "an object that is gone"),
            key=f"comments.about/{form}/{first}",
        )
        text = st.text_area("Comment", max_chars=_LONGEST, key=f"comments.text/{form}")
        wants = st.form_submit_button("Comment", icon=":material/add_comment:")
    if wants:
        object_id = about if about in objects else None
        place = spot if about and about in (_SPOT, pointed) else None
        _carry_out(
            lambda: comments.comment_on(
                image_id, text, services=services(), annotation_id=object_id, spot=place
            )
        )


def _thread(thread: Thread, objects: Mapping[str, str]) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            mark = ":gray-badge[resolved]" if thread.resolved else ":orange-badge[open]"
            st.markdown(f"**{thread.number}** {mark}", width="content")
            st.caption(literal(_subject(thread, objects)))
            _settle_button(thread)
        for comment in thread.comments:
            _comment(comment, thread)
        with st.form(f"comments.reply/{thread.id}", border=False, clear_on_submit=True):
            line = st.columns([6, 1], vertical_alignment="bottom")
            text = line[0].text_input(
                f"Reply to thread {thread.number}",
                max_chars=_LONGEST,
                key=f"comments.answer/{thread.id}",
                placeholder="Reply",
                label_visibility="collapsed",
            )
            wants = line[1].form_submit_button("Reply", width="stretch")
        if wants:
            _carry_out(lambda: comments.reply(thread.id, text, services=services()))


def _settle_button(thread: Thread) -> None:
    name = f"{'Reopen' if thread.resolved else 'Resolve'} thread {thread.number}"
    icon = ":material/undo:" if thread.resolved else ":material/check:"
    # The state is in the key: a colleague may have settled the thread meanwhile.
    key = f"comments.settle/{thread.id}/{thread.resolved}"
    if st.button(name, icon=icon, key=key, type="tertiary"):
        settle = comments.reopen if thread.resolved else comments.resolve
        _carry_out(lambda: settle(thread.id, services=services()))


def _comment(comment: Comment, thread: Thread) -> None:
    when = local_time(comment.at)
    with st.container(horizontal=True, vertical_alignment="center"):
        if comment.kind is not CommentKind.SAID or comment.taken_back is not None:
            what = "took a comment back" if comment.taken_back else f"{comment.kind} this"
            st.text(f"{comment.actor.name} {what}, {when}")
            return
        st.text(f"{comment.actor.name}, {when}", width="content")
        if comment.actor == services().actor and st.button(
            "Take back",
            key=f"comments.take_back/{comment.id}",
            type="tertiary",
            help=f"Take this comment of thread {thread.number} back",
        ):
            _carry_out(lambda: comments.take_back(comment, services=services()))
    st.text(comment.text)  # as it was typed: what looks like Markdown is no markup


def _subject(thread: Thread, objects: Mapping[str, str]) -> str:
    if thread.annotation_id is not None:
        return f"on {objects.get(thread.annotation_id, 'an object that is gone')}"
    if thread.spot is not None:
        return f"on the spot at {thread.spot[0]:.0f}, {thread.spot[1]:.0f}"
    return "on the whole picture"


def _objects(sheet: ReviewSheet) -> dict[str, str]:
    return {each.id: _named(n, each, sheet) for n, each in enumerate(sheet.annotations, 1)}


def _named(number: int, annotation: Annotation, sheet: ReviewSheet) -> str:
    names = {each.id: each.name for each in sheet.classes}
    return f"object {number}: {names.get(annotation.class_id or 0, annotation.label)}"


def _carry_out(action: Callable[[], Thread]) -> None:
    with explained(stop=False):
        action()
        _forget_place()
        st.rerun()
