"""The project a first-time visitor finds: synthetic belts, drawn on the spot."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future
from contextlib import suppress

from beltmask.demo import DEMO_NAMES, demo_belts
from beltmask.errors import NameTakenError
from beltmask.images import encode_png
from beltmask.model import Project
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project, list_projects
from beltmask.workflows.services import Services

DEMO_PROJECT = "Demo belt"


def ensure_demo_project(services: Services) -> Future[None] | None:
    """Make the demo project where there is no project at all yet, or complete it.

    Its pictures are drawn in the background; the future ends with the last of them. A process
    that ended before left the demo as far as it had come.
    """
    project = demo_project(services)
    if project is None:
        return None
    drawn = _drawn(project, services)
    if drawn.issuperset(DEMO_NAMES):
        return None
    return services.executor.submit(draw_demo, project, services, drawn)


def demo_project(services: Services) -> Project | None:
    """The demo project, made now where there is none at all; None where people began their own."""
    if not list_projects(services):
        with suppress(NameTakenError):  # another process came first just now
            create_project(DEMO_PROJECT, services=services)
    first = min(list_projects(services), key=lambda each: each.id)
    return first if first.name == DEMO_PROJECT else None


def draw_demo(project: Project, services: Services, drawn: Collection[str] = ()) -> None:
    """Draw the demo belts into a project, one after the other; those ``drawn`` are there."""
    for belt in demo_belts(without=drawn):
        name = f"{belt.name}.png"
        add_picture(name, encode_png(belt.pixels), project_id=project.id, services=services)


def _drawn(project: Project, services: Services) -> set[str]:
    """Belts the project has, or had until somebody put them into the trash."""
    with services.store.read() as records:
        return {name.removesuffix(".png") for name in records.images.names(project.id)}
