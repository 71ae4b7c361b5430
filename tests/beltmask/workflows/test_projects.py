"""Projects, their classes, and which class a label means."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import insert

from beltmask.classes import class_for
from beltmask.errors import NameTakenError, NotFoundError
from beltmask.model import Class, Project
from beltmask.store import schema
from beltmask.workflows.class_changes import change_class, remember_label
from beltmask.workflows.projects import (
    add_class,
    classes_of,
    create_project,
    list_projects,
    next_color,
    project_named,
    project_of_name,
)
from beltmask.workflows.services import Services


def test_a_project_begins_with_one_class(project: Project, services: Services) -> None:
    [first] = classes_of(project.id, services=services)
    assert (first.name, first.position, first.key) == ("foreign object", 0, "1")


def test_classes_keep_their_position(project: Project, services: Services) -> None:
    for name in ("can", "glove"):
        add_class(project.id, name, services=services)
    can = classes_of(project.id, services=services)[1]
    change_class(replace(can, color="#123456", position=9, name="else"), services=services)
    add_class(project.id, "bolt", services=services, color="#abcdef", key="b")
    classes = classes_of(project.id, services=services)
    assert [(each.position, each.name) for each in classes] == [
        (0, "foreign object"),
        (1, "can"),
        (2, "glove"),
        (3, "bolt"),
    ]
    assert classes[1].color == "#123456"
    assert (classes[3].color, classes[3].key) == ("#abcdef", "b")


@pytest.mark.parametrize("typed", ["  Belt   3\n", "Belt\t3"])
def test_names_are_tidied(typed: str, services: Services) -> None:
    made = create_project(typed, services=services)
    assert made.name == "Belt 3"
    assert project_named(typed, services=services) == made
    assert project_of_name(typed, services=services) == made
    assert [each.name for each in list_projects(services)] == ["Belt 3"]


def test_a_project_is_found_whatever_its_capitals(project: Project, services: Services) -> None:
    assert project_named("BELT 3", services=services) == project
    assert project_of_name("belt 3", services=services) == project
    assert list_projects(services) == [project]


def test_of_projects_that_differ_by_capitals_already_each_has_its_name(
    project: Project, services: Services
) -> None:
    with services.store.database.write() as connection:  # as older versions could
        values = {"name": "BELT 3", "created_by": "Ann", "created_at": project.created_at}
        connection.execute(insert(schema.projects).values(**values))
    [other, _] = list_projects(services)
    assert project_named("Belt 3", services=services) == project
    assert project_named("BELT 3", services=services) == other
    with pytest.raises(NotFoundError):
        project_named("belt 3", services=services)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p, s: create_project(" ", services=s), "a name is needed"),
        (lambda p, s: create_project("Belt  3", services=s), 'already a project "Belt 3"'),
        (lambda p, s: create_project("BELT 3", services=s), 'already a project "Belt 3"'),
        (lambda p, s: add_class(p.id, "\n", services=s), "a name is needed"),
        (lambda p, s: add_class(p.id, "foreign  object", services=s), "already a class"),
        (lambda p, s: add_class(p.id, "Foreign Object", services=s), '"Foreign Object" means'),
        (lambda p, s: add_class(p.id, "can", key="1", services=s), 'key 1 belongs to "foreign'),
        (lambda p, s: add_class(p.id, "can", key="12", services=s), "not one character"),
    ],
    ids=[
        "no name",
        "project twice",
        "project in capitals",
        "no class name",
        "class twice",
        "class in capitals",
        "key twice",
        "long key",
    ],
)
def test_a_name_or_key_that_cannot_be_used_is_refused(
    make: Callable[[Project, Services], object],
    message: str,
    project: Project,
    services: Services,
) -> None:
    with pytest.raises(NameTakenError, match=message):
        make(project, services)
    assert len(classes_of(project.id, services=services)) == 1


def test_a_class_may_keep_its_own_key_but_not_take_anothers(
    project: Project, services: Services
) -> None:
    first = classes_of(project.id, services=services)[0]
    can = add_class(project.id, "can", key="2", services=services)
    change_class(replace(first, color="#000000"), services=services)
    with pytest.raises(NameTakenError, match='the key 1 belongs to "foreign object"'):
        change_class(replace(can, key="1"), services=services)
    change_class(replace(first, key=""), services=services)
    change_class(replace(can, key="1"), services=services)
    assert [each.key for each in classes_of(project.id, services=services)] == [None, "1"]


def test_a_remembered_label_means_its_class(project: Project, services: Services) -> None:
    can = add_class(project.id, "can", services=services)
    remember_label("soda tin", can, services=services)
    remember_label("soda tin", can, services=services)
    now = classes_of(project.id, services=services)
    assert now[1].aliases == ("soda tin",)
    assert class_for(" Soda  TIN", now) == now[1]


def test_a_label_remembered_meanwhile_outlives_a_change_of_colour(
    project: Project, services: Services
) -> None:
    seen = add_class(project.id, "can", services=services)
    remember_label("tin", seen, services=services)
    remember_label("soda can", seen, services=services)
    change_class(replace(seen, color="#111111"), services=services)
    now = classes_of(project.id, services=services)[1]
    assert (now.aliases, now.color) == (("tin", "soda can"), "#111111")


def test_a_class_that_is_not_there_cannot_be_changed(project: Project, services: Services) -> None:
    with pytest.raises(NotFoundError, match="no class"):
        change_class(Class(99, project.id, 0, "ghost", "#000000"), services=services)


def test_projects_named_at_the_same_moment_are_one(services: Services) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: project_of_name("Belt 3", services=services), range(4)))
    assert len({each.id for each in made}) == 1


def test_a_further_class_gets_a_colour_of_its_own(project: Project, services: Services) -> None:
    known = classes_of(project.id, services=services)
    suggested = next_color(known)
    assert suggested not in {each.color for each in known}
    assert add_class(project.id, "can", services=services).color == suggested


def test_an_unknown_project_is_said_to_be_missing(services: Services) -> None:
    with pytest.raises(NotFoundError, match='no project "Belt 9"'):
        project_named("Belt 9", services=services)
