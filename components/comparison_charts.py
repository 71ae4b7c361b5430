"""The charts of a comparison, and the numbers they are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from beltmask.workflows.comparison_charts import charts_of


def show_charts(result: Mapping[str, Any]) -> None:
    """Two in a row; each has its own menu to save it as a picture."""
    charts = list(charts_of(result).items())
    for start in range(0, len(charts), 2):
        for column, (title, chart) in zip(st.columns(2), charts[start : start + 2], strict=False):
            column.caption(title)
            column.altair_chart(chart, width="stretch")
    st.download_button(
        "Download the numbers",
        json.dumps(result, indent=1),
        file_name="comparison.json",
        mime="application/json",
        icon=":material/download:",
        key="compare.numbers",
        on_click="ignore",
    )
