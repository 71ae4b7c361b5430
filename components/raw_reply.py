"""The raw replies behind a result, and what could not be read in them."""

from __future__ import annotations

import streamlit as st

from beltmask.workflows.detecting import KeptReply, Result, raw_text
from components.errors import explained
from components.services import services

_SHOWN_CHARACTERS = 20_000


def show_replies(result: Result) -> None:
    """Problems of every reply as a table, the raw text below; nothing while closed."""
    count = result.problem_count
    title = f"Raw reply and {count} problem{'s' * (count != 1)}" if count else "Raw reply"
    drawer = st.expander(title, key=f"detect.raw/{result.task.id}", on_change="rerun")
    if drawer.open:
        with drawer, explained(stop=False):
            if not result.replies:
                st.caption("No reply came.")
            for kept in result.replies:
                _show(kept)


def _show(kept: KeptReply) -> None:
    reply = kept.reply
    facts = {
        "Model": reply.model_version,
        "Dialect": reply.dialect,
        "Ended": reply.finish_reason,
        "Tokens in": reply.usage.prompt_tokens,
        "Tokens out": reply.usage.output_tokens,
        "Cost, USD": reply.cost,
    }
    st.caption(" · ".join(f"{name} {value}" for name, value in facts.items() if value is not None))
    if kept.problems:
        rows = [{"Problem": p.kind, "Object": p.object, "What": p.detail} for p in kept.problems]
        st.dataframe(rows, hide_index=True)
    text = raw_text(kept, services=services())
    st.code(text[:_SHOWN_CHARACTERS] or "(empty)", language=None, wrap_lines=True, height=300)
    if len(text) > _SHOWN_CHARACTERS:
        st.download_button("Whole reply", text, "reply.txt", on_click="ignore")
