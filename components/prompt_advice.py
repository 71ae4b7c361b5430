"""What to try instead of a prompt, drafted from its errors; proven on pictures it did not see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from beltmask.model import Comparison
from beltmask.workflows.prompt_advice import Advice, advice_for, take_advice
from components import state
from components.markup import literal
from components.services import services


def show_advice(comparison: Comparison, result: Mapping[str, Any]) -> None:
    """Drafts for one of the prompts, the best one first, each with a button that compares it."""
    st.subheader("Advice")
    ranked = sorted(result["prompts"], key=lambda name: -(result["prompts"][name]["f1"] or 0.0))
    name = st.selectbox("For", ranked, key="compare.advised", width=320)
    found = advice_for(comparison.id, name, services=services())
    if not found:
        st.caption("Its errors suggest nothing that rules could mend.")
    for number, advice in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_said(advice), width="stretch")
            if st.button("Compare on unseen pictures", key=f"compare.advice/{number}"):
                names = take_advice(comparison.id, name, advice, services=services())
                state.compare_next.set((*names, comparison.id))
                st.rerun()


def choose_next() -> None:
    """Before the form is drawn, put into it what a button elsewhere on the page asked for."""
    *names, comparison_id = state.compare_next.get() or ("", "", 0)
    if comparison_id:
        state.compare_how.set("Prompts")
        state.compare_prompts.set([str(name) for name in names])
        state.compare_unseen.set(int(comparison_id))
        state.compare_next.set(None)


def _said(advice: Advice) -> str:
    said = f"**{literal(advice.name)}** – {literal(str(advice.why))}."
    if advice.copied:
        words = ", ".join(advice.copied)
        said += f" Its words {literal(words)} come from this project's own labels."
    return said
