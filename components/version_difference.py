"""Two prompt versions side by side in words: what is gone, what is new."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.model import PromptVersion
from beltmask.workflows.prompt_difference import FieldDifference, WordSpan, difference
from components.markup import literal
from components.version_list import version_title

_MARKS = {"same": "{}", "gone": ":red[~~{}~~]", "new": ":green[**{}**]"}


def show_difference(version: PromptVersion, known: Sequence[PromptVersion]) -> None:
    """Against the version it was made from, unless another is chosen."""
    others = {each.number: each for each in known if each.id != version.id}
    if not others:
        st.caption("Once there is another version, this is where the two are told apart.")
        return
    numbers = list(others)
    usual = version.parent if version.parent in others else numbers[-1]
    chosen = st.selectbox(
        "What changed since",
        numbers,
        index=numbers.index(usual),
        format_func=lambda number: version_title(others[number]),
        key=f"prompts.since/{version.id}",
    )
    for each in difference(others[chosen].prompt, version.prompt):
        st.markdown(_line(each))


def _line(each: FieldDifference) -> str:
    return f"**{each.name}**: {' '.join(map(_marked, each.spans))}"


def _marked(span: WordSpan) -> str:
    return _MARKS[span.kind].format(literal(span.text))
