"""Export annotations people have settled, read back before they are offered."""

from pathlib import Path

import streamlit as st

from beltmask.model import ReviewState
from beltmask.workflows.export import ExportChoice, export_for_download
from beltmask.workflows.images import ImageFilter, gallery
from components import state
from components.errors import explained
from components.markup import literal
from components.project_choice import chosen_project
from components.services import services

with explained():
    project = chosen_project()
    counts = gallery(ImageFilter(project.id), services=services(), after=0, limit=1).by_review

approved = counts.get(ReviewState.APPROVED, 0)
in_review = counts.get(ReviewState.IN_REVIEW, 0)
columns = st.columns(len(ReviewState))
for column, review in zip(columns, ReviewState, strict=True):
    column.metric(review.capitalize(), counts.get(review, 0))

with st.form("versions.export"):
    which = st.radio(
        "Images",
        [False, True],
        format_func=lambda everything: (
            f"All reviewed: approved, and the {in_review} in review where nothing is left open"
            if everything
            else f"Approved ({approved})"
        ),
    )
    pictures = st.checkbox("With the pictures", True)
    wants_export = st.form_submit_button(
        f"Export as {ExportChoice().format.title}", type="primary", icon=":material/inventory_2:"
    )

if wants_export:
    choice = ExportChoice(all_reviewed=bool(which), pictures=pictures)
    with explained(), st.spinner("Writing, then reading back…"):
        report = export_for_download(project, choice, services=services())
    state.export_path.of(project.id).set(str(report.path))
    state.export_sentence.of(project.id).set(report.sentence)

path = state.export_path.of(project.id).get()
if path:
    st.success(literal(state.export_sentence.of(project.id).get()), icon=":material/verified:")
    file = Path(path)
    st.download_button(
        "Download ZIP",
        data=file.read_bytes,
        file_name=file.name,
        mime="application/zip",
        icon=":material/download:",
        on_click="ignore",
        key="versions.download",
    )
