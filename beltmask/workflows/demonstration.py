"""The project a first-time visitor finds: synthetic belts, drawn on the spot."""

from __future__ import annotations

from beltmask.demo import demo_belts
from beltmask.images import encode_png
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project, list_projects
from beltmask.workflows.services import Services

DEMO_PROJECT = "Demo belt"


def ensure_demo_project(services: Services) -> None:
    """Draw the demo belts where there is no project at all yet."""
    if list_projects(services):
        return
    project = create_project(DEMO_PROJECT, services=services)
    for belt in demo_belts():
        name = f"{belt.name}.png"
        add_picture(name, encode_png(belt.pixels), project_id=project.id, services=services)
