"""Projects, their classes, and which detectors are at work."""

import streamlit as st

from beltmask.workflows import projects
from components.belt_region import show_belt_region
from components.class_editor import show_class_editor
from components.class_history import show_class_history
from components.class_list import show_classes
from components.detector_list import show_detectors
from components.effort import show_effort
from components.errors import explained
from components.label_aliases import show_unmapped_labels
from components.markup import literal
from components.project_choice import chosen_project, open_project
from components.services import services

with st.expander("New project", icon=":material/add:"):
    with st.form("project.new", border=False, clear_on_submit=True):
        name = st.text_input(
            "Name", max_chars=200, placeholder="Line 3, before the crusher", key="project.name"
        )
        wants_project = st.form_submit_button("Create project", type="primary")
    if wants_project:
        with explained():
            made = projects.create_project(name, services=services())
        open_project(made)
        st.rerun()

with explained():
    project = chosen_project()

st.subheader(f"Classes of {literal(project.name)}")
with explained(stop=False):
    show_classes(project)
    with st.expander("Rename or merge a class", icon=":material/edit:"):
        show_class_editor(project)
    with st.expander("Labels without a class", icon=":material/label:"):
        show_unmapped_labels(project)
    with st.expander("What was changed", icon=":material/history:"):
        show_class_history(project)

st.subheader("Belt region")
with explained(stop=False):
    show_belt_region(project)

st.subheader("Correction effort")
with explained(stop=False):
    show_effort(project)

st.subheader("Detectors")
show_detectors()
