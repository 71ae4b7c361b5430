"""Which comparison a person looks at: the newest, unless another is chosen."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.model import Comparison
from components import state
from components.local_time import local_time


def choose_comparison(known: Sequence[Comparison]) -> Comparison:
    """Draw the choice; it is in the URL, so that a link or a reload leads back."""
    by_id = {str(each.id): each for each in known}
    chosen = st.selectbox(
        "Comparison",
        list(by_id),
        format_func=lambda number: _title(by_id[number]),
        key=state.comparison_id.name,
        bind="query-params",
    )
    return by_id.get(chosen or "", known[0])


def _title(comparison: Comparison) -> str:
    return f"{local_time(comparison.created_at)}  {comparison.name}"
