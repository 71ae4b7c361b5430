"""What a first-time visitor finds, and what nobody else is given."""

from __future__ import annotations

import pytest

from beltmask.demo import draw_belt
from beltmask.model import Project
from beltmask.workflows import demonstration
from beltmask.workflows.demonstration import DEMO_PROJECT, ensure_demo_project
from beltmask.workflows.images import ImageFilter, count_images
from beltmask.workflows.projects import list_projects
from beltmask.workflows.services import Services


def test_a_first_start_draws_a_demo_project_once(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    belts = [draw_belt(seed, size=(160, 120), object_count=seed) for seed in range(2)]
    monkeypatch.setattr(demonstration, "demo_belts", lambda: iter(belts))
    drawing = ensure_demo_project(services)
    assert ensure_demo_project(services) is None
    assert drawing is not None
    drawing.result(timeout=60)
    [project] = list_projects(services)
    assert project.name == DEMO_PROJECT
    assert count_images(ImageFilter(project.id), services=services) == 2


def test_who_has_a_project_gets_no_demo(project: Project, services: Services) -> None:
    assert ensure_demo_project(services) is None
    assert list_projects(services) == [project]
