"""The tool in hand, and the class of what is drawn with it."""

from __future__ import annotations

import streamlit as st

from beltmask.model import Class
from beltmask.workflows.reviewing import Sheet
from components.canvas import Tool

_NAMES = {
    Tool.SELECT: ":material/arrow_selector_tool: Select",
    Tool.POLYGON: ":material/pentagon: Polygon",
    Tool.BOX: ":material/rectangle: Box",
}


def choose_tool(sheet: Sheet) -> tuple[Tool, Class | None]:
    """Draw the choice of tool and of the class that new objects get."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tool = st.segmented_control(
            "Tool",
            list(Tool),
            default=Tool.SELECT,
            required=True,
            format_func=_NAMES.__getitem__,
            key="review.tool",
            persist_state="session",
        )
        by_id = {each.id: each for each in sheet.classes}
        class_id = st.selectbox(
            "Class of new objects",
            list(by_id),
            format_func=lambda wanted: by_id[wanted].name,
            key=f"review.new_class/{sheet.image.project_id}",
            persist_state="session",
            width=220,
        )
    return tool or Tool.SELECT, by_id.get(class_id or 0)
