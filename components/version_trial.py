"""Versions tried on a few pictures: a grid with a row a picture and a column a version."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from beltmask.counts import counted
from beltmask.model import Image, Project, PromptVersion, Task, TaskState
from beltmask.workflows.belt_regions import belt_region_of
from beltmask.workflows.detection import answer_of
from beltmask.workflows.images import ImageFilter, gallery
from beltmask.workflows.pictures import Look
from beltmask.workflows.prompt_trials import MOST_PICTURES, Grid, trial_grid, try_versions
from components import state
from components.costs import show_estimate
from components.errors import explained
from components.markup import literal
from components.result import show_overlay, summary_caption
from components.services import services
from components.version_list import version_title

_OFFERED = 200
"""Pictures to choose from, the project's first ones and those ticked in the gallery."""
_FIRST = 3
_MOST_VERSIONS = 4
_OPEN = (TaskState.QUEUED, TaskState.RUNNING, TaskState.PAUSED)


def try_at_once(project: Project, version: PromptVersion, known: Sequence[PromptVersion]) -> None:
    versions = _choose_versions(version, known)
    images = _choose_images(project)
    if not images:
        st.info("This project has no pictures yet.", icon=":material/photo_library:")
        st.page_link("pages/label/images.py", label="Add pictures")
        return
    chosen = [each.id for each in images]
    for each in versions:
        show_estimate(each.prompt, chosen)
    st.caption("What was answered before is shown at no cost. Nothing found here is proposed.")
    if st.button("Try", type="primary", icon=":material/play_arrow:", key="prompts.try"):
        try_versions(versions, chosen, services=services())
    grid = trial_grid(project.id, versions, chosen, services=services())
    seen = state.trial_settled.of(project.id)
    seen.set(_settled(grid))
    if _waiting(grid):
        _watch(project, versions, chosen)
    if grid:
        _show_grid(grid, versions, images, project)


def _choose_versions(version: PromptVersion, known: Sequence[PromptVersion]) -> list[PromptVersion]:
    by_number = {each.number: each for each in known}
    numbers = [version.number, version.parent]
    usual = [number for number in numbers if number in by_number]
    chosen = st.multiselect(
        "Versions",
        list(by_number),
        default=usual,
        format_func=lambda number: version_title(by_number[number]),
        key=f"prompts.tried/{version.id}",
        max_selections=_MOST_VERSIONS,
    )
    return [by_number[number] for number in chosen]


def _choose_images(project: Project) -> list[Image]:
    page = gallery(ImageFilter(project.id), services=services(), after=0, limit=_OFFERED)
    by_id = {image.id: image for image in page.images}
    ticked = [one for one in state.detect_chosen.get() if one in by_id][:MOST_PICTURES]
    chosen = st.multiselect(
        "Pictures",
        list(by_id),
        default=ticked or list(by_id)[:_FIRST],
        format_func=lambda one: by_id[one].name,
        key=f"prompts.pictures/{project.id}",
        max_selections=MOST_PICTURES,
    )
    return [by_id[one] for one in chosen]


@st.fragment(run_every="1s")
def _watch(project: Project, versions: Sequence[PromptVersion], image_ids: Sequence[int]) -> None:
    """Draws the page anew whenever an answer has come."""
    with explained():
        grid = trial_grid(project.id, versions, image_ids, services=services())
        settled, seen = _settled(grid), state.trial_settled.of(project.id)
        if settled != seen.get() or not _waiting(grid):
            seen.set(settled)
            st.rerun()
        done = f"{settled} of {counted(len(grid), 'answer')}"
        st.progress(settled / max(len(grid), 1), done)


def _show_grid(
    grid: Grid, versions: Sequence[PromptVersion], images: Sequence[Image], project: Project
) -> None:
    look = Look(belt=belt_region_of(project.id, services=services()))
    for column, version in zip(st.columns(len(versions)), versions, strict=True):
        column.markdown(f"**{literal(version_title(version))}**")
    for image in images:
        for column, version in zip(st.columns(len(versions)), versions, strict=True):
            with column:
                _show_cell(image, grid.get((version.id, image.id)), project, look)


def _show_cell(image: Image, task: Task | None, project: Project, look: Look) -> None:
    name = f"{literal(image.name)}: "
    if task is None:
        st.caption(f"{name}not asked yet")
    elif task.state in (TaskState.DONE, TaskState.FAILED):
        result = answer_of(task.id, services=services())
        show_overlay(image, result, project, look=look)
        summary_caption(result, look=look, name=name)
    else:
        st.caption(f"{name}{task.state}")


def _settled(grid: Grid) -> int:
    return len(grid) - _waiting(grid)


def _waiting(grid: Grid) -> int:
    return sum(task.state in _OPEN for task in grid.values())
