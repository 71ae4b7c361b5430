"""What to do about a model that ends: a button that compares with its successor."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.workflows.model_changes import ModelChange
from components import state
from components.markup import literal

_MOST = 3


def offer_successors(changes: Sequence[ModelChange]) -> None:
    """A line each, with the two prompts put into the form by its button."""
    for number, change in enumerate(changes[:_MOST]):
        with st.container(horizontal=True, vertical_alignment="center"):
            said = f"{change.before.name}: {change.why}."
            st.caption(f":material/update: {literal(said)}", width="stretch")
            st.button(
                f"Compare with {literal(change.after.prompt.model)}",
                key=f"compare.successor/{number}",
                on_click=_choose,
                args=((change.before.name, change.after.name),),
            )


def _choose(names: tuple[str, ...]) -> None:
    state.compare_how.set("Prompts")
    state.compare_prompts.set(list(names))
