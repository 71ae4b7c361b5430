"""Prompts kept under names: numbered, never changed, one of them in use, told apart in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beltmask.errors import BeltMaskError, NameTakenError, NotAllowedError, NotFoundError
from beltmask.model import Actor, Project, Prompt, PromptVersion
from beltmask.workflows import permission
from beltmask.workflows.projects import create_project
from beltmask.workflows.prompt_difference import difference
from beltmask.workflows.prompt_versions import (
    default_prompt,
    keep_version,
    use_in_project,
    use_no_version,
    version_in_use,
    version_named,
    versions_of,
)
from beltmask.workflows.services import Services

FIRST = Prompt("gemini", "Detect all foreign objects, on the belt", "gemini-2.5-flash", 0.5)
SECOND = replace(FIRST, query="Detect all cans on the belt", temperature=None)


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


@pytest.fixture
def first(project: Project, services: Services) -> PromptVersion:
    return keep_version(project.id, FIRST, name="as shipped", services=services)


@pytest.fixture
def second(first: PromptVersion, services: Services) -> PromptVersion:
    notes = "cans  were missed \n\n"
    return keep_version(
        first.project_id, SECOND, name=" cans\nalone ", notes=notes, parent=first, services=services
    )


def test_versions_are_numbered_and_kept_as_they_were(
    first: PromptVersion, second: PromptVersion, services: Services
) -> None:
    assert versions_of(first.project_id, services=services) == [first, second]
    assert (first.number, first.prompt, first.parent, first.actor) == (
        1,
        FIRST,
        None,
        Actor("local"),
    )
    assert (second.number, second.prompt, second.parent) == (2, SECOND, 1)
    assert (second.name, second.notes) == ("cans alone", "cans  were missed")


def test_each_project_counts_its_own_versions(first: PromptVersion, services: Services) -> None:
    other = create_project("Belt 4", services=services)
    assert keep_version(other.id, FIRST, name="as shipped", services=services).number == 1


def test_what_was_drawn_on_one_picture_is_not_part_of_a_version(
    project: Project, services: Services
) -> None:
    drawn = replace(FIRST, sketch=(((0.1, 0.2), (0.3, 0.4)),), repeat=2)
    assert keep_version(project.id, drawn, name="x", services=services).prompt == FIRST


def test_a_version_is_found_by_its_name_or_its_number(
    second: PromptVersion, services: Services
) -> None:
    for name in ("CANS  alone", "2"):
        assert version_named(second.project_id, name, services=services) == second
    with pytest.raises(NotFoundError) as told:
        version_named(second.project_id, "tins", services=services)
    assert told.value.explanation == (
        'there is no prompt version "tins". The newest are as shipped, cans alone.'
    )


@pytest.mark.parametrize(
    ("name", "prompt", "said"),
    [
        ("", SECOND, "a version needs a name"),
        ("7", SECOND, 'a version cannot be called "7"'),
        ("As  Shipped", SECOND, 'there is already a version "as shipped"'),
        ("new", FIRST, 'version 1, "as shipped", asks the very same'),
        ("new", replace(FIRST, query="  "), "the query is empty"),
    ],
)
def test_what_cannot_be_a_version_is_refused_in_a_sentence(
    name: str, prompt: Prompt, said: str, first: PromptVersion, services: Services
) -> None:
    with pytest.raises(BeltMaskError, match=said):
        keep_version(first.project_id, prompt, name=name, services=services)
    assert versions_of(first.project_id, services=services) == [first]


def test_a_parent_of_another_project_is_refused(first: PromptVersion, services: Services) -> None:
    other = create_project("Belt 4", services=services)
    with pytest.raises(NotFoundError, match='no prompt version "as shipped"'):
        keep_version(other.id, SECOND, name="x", parent=first, services=services)


def test_a_project_asks_with_the_version_chosen_last(
    first: PromptVersion, second: PromptVersion, services: Services
) -> None:
    assert default_prompt(first.project_id, services=services) is None
    for version in (first, second):
        use_in_project(version, services=services)
        assert version_in_use(first.project_id, services=services) == version
    assert default_prompt(first.project_id, services=services) == SECOND
    use_no_version(first.project_id, services=services)
    assert default_prompt(first.project_id, services=services) is None


def test_who_may_not_change_prompts_cannot_choose_one(
    first: PromptVersion, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permission, "allowed", lambda *_: False)
    with pytest.raises(NotAllowedError, match="may not change prompts"):
        use_in_project(first, services=services)


def test_two_prompts_are_told_apart_field_by_field_and_word_by_word() -> None:
    assert list(map(str, difference(FIRST, SECOND))) == [
        "query: Detect all [-foreign objects,-] [+cans+] on the belt",
        "temperature: [-0.5-] [+the model's own+]",
    ]
    assert difference(FIRST, replace(FIRST, repeat=3)) == []


def test_a_name_taken_by_somebody_at_the_same_moment_is_refused(
    first: PromptVersion, services: Services
) -> None:
    with services.store.write() as records, pytest.raises(NameTakenError), records.together():
        records.prompt_versions.add(
            first.project_id, SECOND, name="AS SHIPPED", notes="", parent=None, actor=Actor("Ann")
        )
