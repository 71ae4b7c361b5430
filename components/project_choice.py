"""Which project and which image this person looks at; both are part of the URL."""

from __future__ import annotations

import streamlit as st

from beltmask.errors import NotFoundError
from beltmask.model import Image, Project
from beltmask.workflows import images, projects
from components import state
from components.services import services

_IMAGE = "image"


def choose_project() -> None:
    """The project menu in the sidebar, drawn once by the frame."""
    names = [project.name for project in projects.list_projects(services())]
    wanted = state.next_project.get()
    if wanted:
        state.project_name.set(wanted)
        state.next_project.set("")
    if state.project_name.missing() and state.project_name.name not in st.query_params and names:
        state.project_name.set(_project_of_linked_image() or names[0])
    st.sidebar.selectbox(
        "Project",
        names,
        index=None,
        key=state.project_name.name,
        bind="query-params",
        placeholder="Choose a project",
    )


def chosen_project() -> Project:
    """The project in the sidebar; without one the page ends with what to do."""
    name = state.project_name.get()
    if name is None:
        st.info("Choose a project in the sidebar first.", icon=":material/settings:")
        st.page_link("pages/admin/project.py", label="Make a project")
        st.stop()
    return projects.project_named(name, services=services())


def open_project(project: Project) -> None:
    """Choose a project from the next run on: the menu is drawn by now."""
    state.next_project.set(project.name)


def chosen_image(project: Project) -> Image | None:
    """The image in the URL, or the one last looked at; None when it is not of this project."""
    image_id = _linked_image_id() or state.image_id.get()
    try:
        image = images.find_image(image_id, services=services())
    except NotFoundError:
        return None
    if image.project_id != project.id or image.deleted_at is not None:
        return None
    open_image(image.id)
    return image


def open_image(image_id: int) -> None:
    """Make an image the one that is looked at."""
    state.image_id.set(image_id)
    st.query_params[_IMAGE] = str(image_id)


def link_to(image: Image, project: Project) -> dict[str, str]:
    """What a link to a page needs to open it at this image."""
    return {state.project_name.name: project.name, _IMAGE: str(image.id)}


def _linked_image_id() -> int:
    text = st.query_params.get(_IMAGE, "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _project_of_linked_image() -> str | None:
    """A link may name an image only."""
    with_id = _linked_image_id()
    try:
        image = images.find_image(with_id, services=services())
    except NotFoundError:
        return None
    every = projects.list_projects(services())
    return next((each.name for each in every if each.id == image.project_id), None)
