"""The project a first-time visitor finds: synthetic belts, drawn on the spot."""

from __future__ import annotations

from concurrent.futures import Future

from beltmask.demo import demo_belts
from beltmask.images import encode_png
from beltmask.model import Project
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project, list_projects
from beltmask.workflows.services import Services

DEMO_PROJECT = "Demo belt"


def ensure_demo_project(services: Services) -> Future[None] | None:
    """Make the demo project where there is no project at all yet.

    Its pictures are drawn in the background; the future ends with the last of them.
    """
    if list_projects(services):
        return None
    project = create_project(DEMO_PROJECT, services=services)
    return services.executor.submit(draw_demo, project, services)


def draw_demo(project: Project, services: Services) -> None:
    """Draw the demo belts into a project, one after the other."""
    for belt in demo_belts():
        name = f"{belt.name}.png"
        add_picture(name, encode_png(belt.pixels), project_id=project.id, services=services)
