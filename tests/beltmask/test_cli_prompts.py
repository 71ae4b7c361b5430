"""The command that lists prompt versions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from beltmask.model import Project, Prompt
from beltmask.settings import load_settings
from beltmask.workflows.projects import create_project
from beltmask.workflows.prompt_versions import keep_version, use_in_project
from beltmask.workflows.services import Services
from tests.beltmask.conftest import Call

FIRST = Prompt("gemini", "Detect all\nforeign objects", "gemini-2.5-flash", 0.5)


@pytest.fixture
def services(data_with_tables: Path) -> Iterator[Services]:
    opened = Services.open(load_settings())
    yield opened
    opened.close()


@pytest.fixture
def project(services: Services) -> Project:
    """With two versions, of which the second is in use."""
    made = create_project("Belt 3", services=services)
    first = keep_version(made.id, FIRST, name="as shipped", services=services)
    cans = replace(FIRST, query="Detect all cans", temperature=None)
    second = keep_version(made.id, cans, name="cans", parent=first, services=services)
    use_in_project(second, services=services)
    return made


def test_versions_are_listed_and_the_one_in_use_is_marked(project: Project, call: Call) -> None:
    said = call("prompts", "--project", "belt 3")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        '  1  as shipped: "Detect all foreign objects" (gemini-2.5-flash, temperature 0.5)',
        '* 2  cans: "Detect all cans" (gemini-2.5-flash, made from 1)',
    ]


def test_other_tools_get_all_that_is_asked(project: Project, call: Call) -> None:
    said = call("prompts", "--project", "Belt 3", "--json")
    first, second = json.loads(said.out)
    assert (first["number"], first["in_use"], first["made_from"]) == (1, False, None)
    assert first["prompt"]["query"] == FIRST.query
    assert (second["name"], second["in_use"], second["made_from"]) == ("cans", True, 1)


def test_a_project_without_versions_says_so(services: Services, call: Call) -> None:
    create_project("Belt 4", services=services)
    said = call("prompts", "--project", "Belt 4")
    assert (said.code, said.out) == (0, "no prompt is kept in this project yet\n")


def test_a_project_that_is_not_there_is_named(services: Services, call: Call) -> None:
    said = call("prompts", "--project", "Belt 9")
    assert (said.code, said.out) == (2, "")
    assert 'no project "Belt 9"' in said.err
