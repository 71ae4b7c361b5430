"""What a first-time visitor finds, and what nobody else is given."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from beltmask.demo import DEMO_NAMES
from beltmask.model import Project
from beltmask.workflows.demonstration import DEMO_PROJECT, ensure_demo_project
from beltmask.workflows.images import (
    ImageFilter,
    add_picture,
    count_images,
    gallery,
    move_to_trash,
)
from beltmask.workflows.projects import create_project, list_projects
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt
from tests.belts import shorten_demo


def test_a_first_start_draws_a_demo_project_once(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten_demo(monkeypatch)
    drawing = ensure_demo_project(services)
    assert drawing is not None
    drawing.result(timeout=60)
    assert ensure_demo_project(services) is None
    [project] = list_projects(services)
    assert project.name == DEMO_PROJECT
    assert count_images(ImageFilter(project.id), services=services) == 2


def test_a_demo_interrupted_while_it_was_drawn_is_completed_at_the_next_start(
    services: Services,
) -> None:
    *drawn, missing = DEMO_NAMES
    project = interrupted_demo(drawn, services)
    drawing = ensure_demo_project(services)
    assert drawing is not None
    drawing.result(timeout=60)
    assert names_in(project, services) == [f"{name}.png" for name in (*drawn, missing)]
    assert ensure_demo_project(services) is None, "it is complete"


def test_a_demo_picture_somebody_deleted_is_not_drawn_again(services: Services) -> None:
    project = interrupted_demo(DEMO_NAMES, services)
    [first, *_] = gallery(ImageFilter(project.id), services=services, after=0, limit=1).images
    move_to_trash([first.id], project_id=project.id, services=services)
    assert ensure_demo_project(services) is None


def test_a_later_project_of_the_demo_s_name_is_left_alone(
    project: Project, services: Services
) -> None:
    named_alike = create_project(DEMO_PROJECT, services=services)
    assert ensure_demo_project(services) is None
    assert names_in(named_alike, services) == []
    assert names_in(project, services) == []


def interrupted_demo(drawn: Sequence[str], services: Services) -> Project:
    """The demo as far as it came; small pictures stand for those that were drawn."""
    project = create_project(DEMO_PROJECT, services=services)
    for seed, name in enumerate(drawn):
        add_picture(f"{name}.png", spotted_belt(seed), project_id=project.id, services=services)
    return project


def names_in(project: Project, services: Services) -> list[str]:
    page = gallery(ImageFilter(project.id), services=services, after=0, limit=50)
    return [image.name for image in page.images]


def test_who_has_a_project_gets_no_demo(project: Project, services: Services) -> None:
    assert ensure_demo_project(services) is None
    assert list_projects(services) == [project]
