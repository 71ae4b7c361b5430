"""Prompts: versions that never change, told apart in words, tried at once, one of them in use."""

import streamlit as st

from beltmask.workflows.prompt_versions import version_in_use, versions_of
from components.errors import explained
from components.project_choice import chosen_project
from components.services import services
from components.version_difference import show_difference
from components.version_form import version_form
from components.version_list import choose_version, show_in_use, show_version, show_versions
from components.version_trial import try_at_once

with explained():
    project = chosen_project()
    known = versions_of(project.id, services=services())
    in_use = version_in_use(project.id, services=services())

with (
    st.expander("New version", icon=":material/add:", expanded=not known),
    explained(stop=False),
):
    version_form(project, known)

if not known:
    st.info(
        "No prompt is kept in this project yet. Word the first one above.",
        icon=":material/edit_note:",
    )
    st.stop()

with explained():
    show_in_use(project, in_use)
    show_versions(known, in_use)
    version = choose_version(known)
    words, other = st.columns(2, gap="medium")
    with words:
        show_version(version, in_use)
    with other:
        show_difference(version, known)
    st.subheader("Try at once", divider="gray")
    try_at_once(project, version, known)
