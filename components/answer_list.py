"""The answers about a picture: which of them is shown, which beside it, and all as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from beltmask.model import Image, TaskState
from beltmask.workflows.detection import AnswerLine, answers_about
from components import state
from components.costs import dollars
from components.local_time import local_time
from components.question_memory import fill_form
from components.result import counted
from components.services import services

_BOTH, _DIFFERENCE = "Side by side", "Difference"
_PAGE = 50
_ROWS_SEEN = 6
_ROW_PX = 35


@dataclass(frozen=True, slots=True)
class ChosenAnswers:
    """A page of answers, newest first, the one on show and the one beside it."""

    image: Image
    page: Sequence[AnswerLine]
    more: bool
    shown: AnswerLine | None
    beside: AnswerLine | None
    difference: bool
    """Whether the two are shown as one picture of what only one of them found."""

    @property
    def newest(self) -> bool:
        """Whether the answer on show is the last there is."""
        first = not state.answers_before.of(self.image.id).get()
        return first and self.page[:1] == [self.shown]


def choose_answers(image: Image, *, disabled: bool, views: DeltaGenerator) -> ChosenAnswers:
    """Draw the choices, how two are shown in ``views``.

    A new answer is on show when it comes; the one beside it stays.
    """
    before = state.answers_before.of(image.id).get()
    found = answers_about(image.id, services=services(), limit=_PAGE + 1, before=before or None)
    page = found[:_PAGE]
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = _choose_shown(image, page, disabled=disabled)
        beside = _choose_beside(image, page, shown, disabled=disabled)
        _offer_the_words(image, shown, disabled=disabled)
    with views:
        difference = _choose_difference(disabled=beside is None)
    return ChosenAnswers(image, page, len(found) > _PAGE, shown, beside, difference)


def _choose_shown(image: Image, page: Sequence[AnswerLine], *, disabled: bool) -> AnswerLine | None:
    lines = {line.task.id: line for line in page}
    chosen = st.selectbox(
        "Answer",
        list(lines),
        format_func=lambda task_id: _in_words(lines[task_id]),
        key=_shown_slot(image, page).name,
        disabled=disabled or not lines,
        placeholder="No answer yet",
        label_visibility="collapsed",
    )
    return None if chosen is None else lines[chosen]


def _choose_beside(
    image: Image, page: Sequence[AnswerLine], shown: AnswerLine | None, *, disabled: bool
) -> AnswerLine | None:
    kept = state.answer_beside.of(image.id)
    lines = {line.task.id: line for line in (*page, *_line_of(kept.get(), image, page))}
    others = {task_id: line for task_id, line in lines.items() if line != shown}
    chosen = st.selectbox(
        "Beside it",
        list(others),
        index=None,
        format_func=lambda task_id: _in_words(others[task_id]),
        key=kept.name,
        persist_state="session",
        disabled=disabled or not others,
        placeholder="Beside it: none",
        label_visibility="collapsed",
    )
    return None if chosen is None else others[chosen]


def _choose_difference(*, disabled: bool) -> bool:
    chosen = st.segmented_control(
        "How two are shown",
        [_BOTH, _DIFFERENCE],
        default=_BOTH,
        required=True,
        key="detect.pair_view",
        persist_state="session",
        disabled=disabled,
        label_visibility="collapsed",
    )
    return chosen == _DIFFERENCE


def _offer_the_words(image: Image, shown: AnswerLine | None, *, disabled: bool) -> None:
    st.button(
        "Ask with these words again",
        key="detect.words",
        icon=":material/input:",
        help="Put the question of this answer into the form, to change it or to ask it once more.",
        disabled=disabled or shown is None,
        on_click=fill_form,
        args=() if shown is None else (shown.prompt, image),
    )


def _line_of(task_id: int | None, image: Image, page: Sequence[AnswerLine]) -> list[AnswerLine]:
    """The answer that was chosen on another page of the list."""
    if task_id is None or any(line.task.id == task_id for line in page):
        return []
    found = answers_about(image.id, services=services(), limit=1, before=task_id + 1)
    return [line for line in found if line.task.id == task_id]


def _shown_slot(image: Image, page: Sequence[AnswerLine]) -> state.Slot[int | None]:
    """What was chosen holds until there is a newer answer."""
    first = page[0].task.id if page else 0
    return state.answer_shown.of(f"{image.id}/{first}")


def answer_table(chosen: ChosenAnswers) -> None:
    """Draw all answers of the page; a click on one, or the arrow keys, put it on show."""
    if not chosen.page:
        return
    key = f"detect.answers/{chosen.image.id}"
    st.dataframe(
        pd.DataFrame([_row(line, chosen) for line in chosen.page]),
        hide_index=True,
        column_config=_COLUMNS,
        height=_ROW_PX * (min(len(chosen.page), _ROWS_SEEN) + 1) + 3,
        placeholder="",
        alt="Answers about this picture",
        key=key,
        on_select=partial(_show_clicked, chosen, key),
        selection_mode="single-cell",
    )
    _turn(chosen)


_COLUMNS = {
    " ": st.column_config.TextColumn(width=30, help="A is on show, B beside it."),
    "Words": st.column_config.TextColumn(width="large"),
    "Seconds": st.column_config.NumberColumn(format="%.1f"),
    "Cost, USD": st.column_config.NumberColumn(format="%.4f"),
}


def _show_clicked(chosen: ChosenAnswers, key: str) -> None:
    cells = state.cells_clicked(key)
    if cells and cells[0] < len(chosen.page):
        _shown_slot(chosen.image, chosen.page).set(chosen.page[cells[0]].task.id)


def _row(line: AnswerLine, chosen: ChosenAnswers) -> dict[str, object]:
    asks = bool(line.prompt.model)
    return {
        " ": "A" if line == chosen.shown else "B" if line == chosen.beside else "",
        "No.": line.task.id,
        "When": _when(line),
        "Objects": None if line.task.state is TaskState.FAILED else line.objects,
        "Problems": line.problems,
        "Detector": line.prompt.detector,
        "Model": line.model_version or line.prompt.model,
        "Temperature": line.prompt.temperature,
        "Words": line.prompt.query if asks else "",
        "Seconds": line.seconds or None,
        "Cost, USD": line.cost,
        "Failed": "" if line.task.error is None else str(line.task.error),
        "By": line.actor.name,
    }


def _turn(chosen: ChosenAnswers) -> None:
    before = state.answers_before.of(chosen.image.id)
    if not chosen.more and not before.get():
        return
    with st.container(horizontal=True):
        if chosen.more:
            last = chosen.page[-1].task.id
            st.button("Earlier", key="answers.earlier", on_click=before.set, args=(last,))
        if before.get():
            st.button("Newest", key="answers.newest", on_click=before.set, args=(0,))


def _in_words(line: AnswerLine) -> str:
    """What tells an answer from others, the most telling first.

    The number makes it the only one of its words: a select box knows its options by them.
    """
    prompt, failed = line.prompt, line.task.state is TaskState.FAILED
    parts = [f"{line.task.id}", _when(line), "failed" if failed else counted(line.objects)]
    parts.append(line.model_version or prompt.model or prompt.detector)
    parts += [] if prompt.temperature is None else [f"T {prompt.temperature:g}"]
    parts += [dollars(line.cost)] if line.cost else []
    parts += [prompt.query] if prompt.model else []
    return " · ".join(parts)


def _when(line: AnswerLine) -> str:
    return "" if line.task.finished_at is None else local_time(line.task.finished_at)
