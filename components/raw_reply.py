"""The raw replies behind a result, what could not be read in them, and reading them again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.model import Box, Problem
from beltmask.workflows.detection import DetectionResult, KeptReply, raw_text
from beltmask.workflows.reparse import apply_rereading, reread_images
from components import state
from components.errors import explained
from components.markup import literal
from components.services import services

_SHOWN_CHARACTERS = 20_000
_SHOWN_REPLIES = 4
_AROUND = 160
_LONGEST = 1_200
"""Characters shown before and after what a problem is about, and of it."""


def show_replies(result: DetectionResult) -> None:
    """Problems of every reply as a table, the raw text below; nothing while closed."""
    count = result.problem_count
    title = f"Raw reply and {count} problem{'s' * (count != 1)}" if count else "Raw reply"
    drawer = st.expander(title, key=f"detect.raw/{result.task.id}", on_change="rerun")
    if drawer.open:
        with drawer, explained(stop=False):
            if not result.replies:
                st.caption("No reply came.")
            for number in _chosen(result):
                _show(result.replies[number], place=f"{result.task.id}/{number}")
            _offer_reading_again(result)


def _chosen(result: DetectionResult) -> Sequence[int]:
    """Which replies to show: all of a few, one of many."""
    numbers = range(len(result.replies))
    if len(numbers) <= _SHOWN_REPLIES:
        return numbers
    chosen = st.selectbox(
        f"One of {len(numbers)} replies",
        numbers,
        format_func=lambda number: _title(result.replies[number], number),
        key=f"detect.reply/{result.task.id}",
    )
    return [chosen]


def _title(kept: KeptReply, number: int) -> str:
    count = len(kept.problems)
    problems = f", {count} problem{'s' * (count != 1)}" if count else ""
    return f"{number + 1}: {_about(kept.reply.region)}{problems}"


def _about(region: Box | None) -> str:
    """The part of the picture a reply is about."""
    if region is None:
        return "whole picture"
    return f"tile x {region.x0:,} – {region.x1:,}, y {region.y0:,} – {region.y1:,}"


def _show(kept: KeptReply, *, place: str) -> None:
    reply = kept.reply
    facts = {
        "About": None if reply.region is None else _about(reply.region),
        "Model": reply.model_version,
        "Dialect": reply.dialect,
        "Ended": reply.finish_reason,
        "Tokens in": reply.usage.prompt_tokens,
        "Tokens out": reply.usage.output_tokens,
        "Cost, USD": reply.cost,
    }
    told = [f"{name} {value}" for name, value in facts.items() if value is not None]
    st.caption(literal(" · ".join(told)))
    text = raw_text(kept, services=services())
    if kept.problems:
        rows = [{"Problem": p.kind, "Object": p.object, "What": p.detail} for p in kept.problems]
        st.dataframe(rows, hide_index=True)
        _point_out(kept.problems, text, place=place)
    st.code(text[:_SHOWN_CHARACTERS] or "(empty)", language=None, wrap_lines=True, height=300)
    if len(text) > _SHOWN_CHARACTERS:
        st.download_button("Whole reply", text, "reply.txt", on_click="ignore")


def _point_out(problems: tuple[Problem, ...], text: str, *, place: str) -> None:
    """The stretch of the reply that a chosen problem is about, among its surroundings."""
    placed = [problem for problem in problems if problem.span is not None]
    if not placed:
        return
    chosen = st.selectbox(
        "Where in the reply",
        range(len(placed)),
        index=None,
        format_func=lambda number: _named(placed[number]),
        placeholder="Choose a problem to see its words",
        key=f"detect.problem/{place}",
    )
    span = None if chosen is None else placed[chosen].span
    if span is not None:
        st.caption(f"Between ⟦ and ⟧: letters {span[0]:,} to {span[1]:,} of {len(text):,}")
        st.code(excerpt(text, span), language=None, wrap_lines=True)


def _named(problem: Problem) -> str:
    about = "" if problem.object is None else f"Object {problem.object}: "
    return f"{about}{problem.kind}, {problem.detail}"


def _offer_reading_again(result: DetectionResult) -> None:
    """What today's parser makes of the reply, and taking that over."""
    told, differs = (slot.of(result.task.id) for slot in (state.reread_told, state.reread_differs))
    ids = [result.task.image_id]
    if st.button("Read again", icon=":material/refresh:", key=f"detect.reread/{result.task.id}"):
        differences = list(reread_images(ids, services=services()))
        told.set("\n".join(one.sentence for one in differences) or "No model wrote this answer.")
        differs.set("yes" if any(one.anything for one in differences) else "")
    if told.get():
        st.info(literal(told.get()), icon=":material/difference:")
    if not differs.get():
        return
    st.caption("The new reading becomes a new answer. Nothing that was settled changes.")
    if st.button("Use the new reading", type="primary", key=f"detect.apply/{result.task.id}"):
        list(apply_rereading(ids, services=services()))
        st.rerun()


def excerpt(text: str, span: tuple[int, int]) -> str:
    """The text around ``span``, which stands between ⟦ and ⟧; what is left out shows as …."""
    start, end = span
    before = text[max(0, start - _AROUND) : start]
    after = text[end : end + _AROUND]
    first = "…" if start > _AROUND else ""
    last = "…" if end + _AROUND < len(text) else ""
    return f"{first}{before}⟦{_shortened(text[start:end])}⟧{after}{last}"


def _shortened(stretch: str) -> str:
    if len(stretch) <= _LONGEST:
        return stretch
    half = _LONGEST // 2
    return f"{stretch[:half]} … {stretch[-half:]}"
