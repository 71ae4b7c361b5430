"""Two answers about one picture: side by side, or as their difference in place."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Image, Prediction, Project, TaskState
from beltmask.workflows.answer_difference import AnswerDifference, SharedObject, answer_difference
from beltmask.workflows.detection import AnswerLine, answer_of
from beltmask.workflows.pictures import Look
from components import cached
from components.answer_list import ChosenAnswers
from components.raw_reply import show_replies
from components.result import show_overlay, summary_caption
from components.services import services


def show_pair(image: Image, chosen: ChosenAnswers, project: Project, *, look: Look) -> None:
    """The answer on show, A, and the one beside it, B, with their raw replies."""
    if chosen.shown is None or chosen.beside is None:
        return
    pair = (chosen.shown, chosen.beside)
    results = [answer_of(line.task.id, services=services()) for line in pair]
    answered = all(result.task.state is TaskState.DONE for result in results)
    if chosen.difference and answered:
        _show_difference(image, *pair, look=look)
    elif chosen.difference:
        st.caption("An answer that failed says nothing about the belt: there is no difference.")
    for column, name, result in zip(st.columns(2), "AB", results, strict=True):
        with column:
            if not (chosen.difference and answered):
                show_overlay(image, result, project, look=look)
            summary_caption(result, look=look, name=f"{name}: ")
            show_replies(result)


def _show_difference(image: Image, a: AnswerLine, b: AnswerLine, *, look: Look) -> None:
    told = answer_difference(a.task.id, b.task.id, services=services())
    st.markdown(_legend(told))
    drawn = cached.difference(a.task.id, b.task.id, look)
    st.image(drawn, width="stretch", alt=f"{image.name}, what only one of two answers found")
    rows = [_row("only A", a=each) for each in told.only_a]
    rows += [_row("only B", b=each) for each in told.only_b]
    rows += [_shared_row(each) for each in sorted(told.both, key=lambda each: each.iou)]
    if rows:
        st.dataframe(rows, hide_index=True, placeholder="", key="detect.difference")


def _legend(told: AnswerDifference) -> str:
    return (
        f":orange[■] only in A: {len(told.only_a)} · :blue[■] only in B: {len(told.only_b)} · "
        f":gray[■] in both: {len(told.both)}"
    )


def _shared_row(each: SharedObject) -> dict[str, object]:
    return {**_row("both", a=each.a, b=each.b), "IoU": round(each.iou, 3)}


def _row(
    where: str, *, a: Prediction | None = None, b: Prediction | None = None
) -> dict[str, object]:
    return {
        "Found by": where,
        "No. in A": None if a is None else a.number,
        "No. in B": None if b is None else b.number,
        "Label in A": "" if a is None else a.finding.label,
        "Label in B": "" if b is None else b.finding.label,
        "IoU": None,
    }
