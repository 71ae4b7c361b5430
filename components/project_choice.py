"""Which project and which image this person looks at; both are part of the URL."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

import streamlit as st

from beltmask.errors import NotFoundError
from beltmask.model import Image, Project
from beltmask.workflows import images, projects
from beltmask.workflows.images import ImageFilter
from components import state
from components.markup import literal
from components.services import services

# Written by hand and not with bind=: that leaves out a value nobody has clicked, such as the
# first project, and a link without its project would open another one some day.
_IMAGE = "image"
_PROJECT = "project"
LATE_SECONDS = 1.0


def choose_project() -> None:
    """The project menu in the sidebar, drawn once by the frame."""
    names = [project.name for project in projects.list_projects(services())]
    if not names:
        return
    current = state.project_name.get()
    if current not in names:
        current = _linked_project(names)
        if current is None and _PROJECT in st.query_params:
            _say(f'There is no project "{st.query_params[_PROJECT]}" here.')
    _show_menu(names, current or names[0])


def _show_menu(names: Sequence[str], current: str) -> None:
    """A menu of its own for each project, so that it begins at it.

    One that is told its project after it was drawn says the first until it has heard: a click
    elsewhere in between would lead there.
    """
    menu = state.project_menu.of(current)
    st.sidebar.selectbox(
        "Project",
        names,
        index=names.index(current),
        key=menu.name,
        on_change=lambda: state.project_name.set(menu.get()),
    )
    state.project_name.set(current)
    st.query_params[_PROJECT] = current


def chosen_project() -> Project:
    """The project in the sidebar; without one the page ends with what to do."""
    name = state.project_name.get()
    if name is None:
        st.info("Choose a project in the sidebar first.", icon=":material/settings:")
        st.page_link("pages/admin/project.py", label="Make a project")
        st.stop()
    return projects.project_named(name, services=services())


def open_project(project: Project) -> None:
    """Choose a project from the next run on."""
    state.project_name.set(project.name)


def chosen_image(project: Project) -> Image | None:
    """The image in the URL, or the one last looked at, or the project's first; None without any."""
    linked, last = _linked_image_id(), state.image_id.get()
    image = _image(_asked(linked, last), project)
    if image is not None and image.id != state.image_unasked.get():
        state.image_unasked.set(0)
    if image is None:
        if st.query_params.get(_IMAGE, "") not in ("", str(state.image_id.get())):
            _say("The picture of this link is not in this project, or in its trash.")
        first = images.gallery(ImageFilter(project.id), services=services(), after=0, limit=1)
        image = next(iter(first.images), None)
        state.image_unasked.set(0 if image is None else image.id)
    if image is None:  # another project's would stay in the URL
        st.query_params.pop(_IMAGE, None)
    elif not linked == last == image.id:  # another run of this visit may just be going on to one
        open_image(image.id)
    return image


def open_image(image_id: int) -> None:
    """Make an image the one that is looked at."""
    if state.image_id.get() != image_id:
        state.image_left.set((state.image_id.get(), monotonic()))
    state.image_id.set(image_id)
    st.query_params[_IMAGE] = str(image_id)


def link_to(image: Image, project: Project) -> dict[str, str]:
    """What a link to a page needs to open it at this image."""
    return {_PROJECT: project.name, _IMAGE: str(image.id)}


def _asked(linked: int, last: int) -> int:
    """The image to show: the URL's, but for a moment not the one that was just left.

    Until it has heard of the new URL, the browser goes on asking with the old one.
    """
    left, when = state.image_left.get()
    late = linked == left and monotonic() - when < LATE_SECONDS
    return last if late or not linked else linked


def _say(what: str) -> None:
    """Tell whoever came by a link that they see something else; it stays until they close it."""
    st.toast(literal(what), icon=":material/link_off:", duration="infinite")


def _image(image_id: int, project: Project) -> Image | None:
    """The image, when it is one of the project's and not in the trash."""
    try:
        image = images.find_image(image_id, services=services())
    except NotFoundError:
        return None
    return image if image.project_id == project.id and image.deleted_at is None else None


def _linked_image_id() -> int:
    text = st.query_params.get(_IMAGE, "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _linked_project(names: Sequence[str]) -> str | None:
    """The project the URL names; a link may also name an image only."""
    named = st.query_params.get(_PROJECT)
    if named in names:
        return named
    try:
        image = images.find_image(_linked_image_id(), services=services())
    except NotFoundError:
        return None
    every = projects.list_projects(services())
    return next((each.name for each in every if each.id == image.project_id), None)
