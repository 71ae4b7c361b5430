"""What a person chose in a project is theirs there, and no other window of theirs takes it away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beltmask.model import Actor, Project
from beltmask.workflows.preferences import Choice, keep_preferences, preferences_of
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


def kept(project: Project, services: Services) -> dict[str, object]:
    return dict(preferences_of(project.id, services=services))


def test_a_choice_is_kept_as_it_is_and_the_last_one_holds(
    project: Project, services: Services
) -> None:
    chosen: dict[str, Choice] = {
        "query": "Finde alles — 手套 🧤",
        "temperature": 0.05,
        "cap": 12,
        "again": False,
    }
    keep_preferences(project.id, chosen, services=services)
    assert kept(project, services) == chosen
    keep_preferences(project.id, {"cap": 30}, services=services)
    assert kept(project, services) == {**chosen, "cap": 30}


def test_two_windows_that_choose_different_things_keep_both(
    project: Project, services: Services
) -> None:
    keep_preferences(project.id, {"query": "gloves", "cap": 1}, services=services)
    keep_preferences(project.id, {"query": "scrap"}, services=services)
    keep_preferences(project.id, {"cap": 2}, services=services)
    assert kept(project, services) == {"query": "scrap", "cap": 2}


def test_choices_are_of_one_person_in_one_project(project: Project, services: Services) -> None:
    other = create_project("Belt 4", services=services)
    colleague = replace(services, actor=Actor("Ben"))
    keep_preferences(project.id, {"query": "gloves"}, services=services)
    assert kept(other, services) == kept(project, colleague) == {}
    keep_preferences(project.id, {"query": "scrap"}, services=colleague)
    assert kept(project, services) == {"query": "gloves"}


def test_letters_no_database_holds_and_nobody_sees_are_left_out(
    project: Project, services: Services
) -> None:
    keep_preferences(project.id, {"query": "glo\0ves\ud800"}, services=services)
    assert kept(project, services) == {"query": "gloves"}
