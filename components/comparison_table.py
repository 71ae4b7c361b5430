"""The table of a comparison: a row for each prompt, differences, and where objects were lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from beltmask.counts import counted
from beltmask.model import Comparison
from beltmask.workflows.comparable_prompts import promote
from beltmask.workflows.comparison_result import comparison_result
from beltmask.workflows.comparison_scores import changed_truths
from beltmask.workflows.comparison_tables import (
    DIFFERENCE_COLUMNS,
    FIGURE_COLUMNS,
    LOSS_NAMES,
    difference_rows,
    figure_rows,
)
from components.markup import literal
from components.services import services


def show_changed_truth(comparison: Comparison) -> None:
    """Say that figures are of another truth than there is now, and offer to score again."""
    changed = changed_truths(comparison.id, services=services())
    if not changed:
        return
    pictures = counted(len(changed), "picture")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(
            f"The truth of {pictures}, or the classes, changed since; the figures are of before.",
            icon=":material/history:",
        )
        if st.button("Score again (no new requests)", key="compare.anew"):
            comparison_result(comparison.id, services=services(), anew=True)
            st.rerun()


def show_table(result: Mapping[str, Any]) -> None:
    st.subheader(literal(result["sentence"]), divider="gray")
    st.caption(_pictures(result))
    rows = pd.DataFrame(figure_rows(result), columns=list(FIGURE_COLUMNS.values()))
    st.dataframe(rows, hide_index=True, key="compare.table")
    if result["differences"]:
        found = pd.DataFrame(difference_rows(result), columns=list(DIFFERENCE_COLUMNS.values()))
        st.caption(f"Against {literal(result['baseline'])}, the baseline:")
        st.dataframe(found[found["Figure"] == "F1"], hide_index=True, key="compare.differences")
        with st.expander("Differences of all figures"):
            st.dataframe(found, hide_index=True, key="compare.all_differences")


def offer_promotion(comparison: Comparison, result: Mapping[str, Any]) -> None:
    """Let the project ask from now on as one of the prompts does; the best one comes first."""
    ranked = sorted(result["prompts"], key=lambda name: -(result["prompts"][name]["f1"] or 0.0))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Prompt", ranked, key="compare.promoted", width=320)
        if st.button("Use in this project", icon=":material/verified:", key="compare.promote"):
            version = promote(comparison.id, name, services=services())
            st.toast(f"Detect asks with {literal(version.name)} from now on.")


def show_losses(result: Mapping[str, Any]) -> None:
    """Of all true objects, what became of them; each sums up to all."""
    st.subheader("Where it loses")
    rows = [
        {"Prompt": name, **{told: row["losses"].get(each, 0) for each, told in LOSS_NAMES.items()}}
        for name, row in result["prompts"].items()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="compare.losses")


def _pictures(result: Mapping[str, Any]) -> str:
    parts = [f"{counted(result['pictures'], 'picture')} answered by all prompts"]
    if result["waiting"]:
        parts.append(f"{result['waiting']} still waiting")
    if result["given_up"]:
        parts.append(f"{result['given_up']} left out: cancelled, or not approved any more")
    return "; ".join(parts) + f". Matched from an IoU of {result['iou']:g} on."
