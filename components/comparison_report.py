"""The report of a comparison, made when it is asked for."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Comparison
from beltmask.workflows.comparison_report import report_html
from components.services import services


def offer_report(comparison: Comparison) -> None:
    st.download_button(
        "Download the report",
        lambda: report_html(comparison.id, services=services()),
        file_name=f"comparison-{comparison.id}.html",
        mime="text/html",
        icon=":material/description:",
        help="One HTML file with everything inside; it opens without a network.",
        key="compare.report",
        on_click="ignore",
    )
