"""One class is merged into another, for all pictures at once, and taken apart again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from beltmask.errors import NameTakenError, NotFoundError, ReviewError, StaleRevisionError
from beltmask.model import Class, Project, ReviewState
from beltmask.review import Edit, EditKind
from beltmask.workflows.class_changes import Touched, forget_alias, latest_changes, rename_class
from beltmask.workflows.class_merges import merge_class, retired_classes, undo_class_change
from beltmask.workflows.history import new_id
from beltmask.workflows.projects import add_class, classes_of
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.workflows.classes_at_work import (
    classes_in,
    named,
    objects_in,
    opened_on,
    picture_of,
    undo_last,
)
from tests.gestures import accept_all, apply_edits, approve, undo


@pytest.fixture
def services(tables_url: str) -> Iterator[Services]:
    with opened_on(tables_url) as services:
        yield services


@pytest.fixture
def can(project: Project, services: Services) -> Class:
    return add_class(project.id, "can", services=services, key="2")


@pytest.fixture
def tin(project: Project, can: Class, services: Services) -> Class:
    return add_class(project.id, "tin", services=services, key="3")


def relabel(image_id: int, number: int, to: Class, services: Services) -> None:
    each = open_sheet(image_id, services=services).annotations[number]
    edit = Edit(new_id(), EditKind.RELABEL, each.id, each.revision, to_class=to)
    apply_edits(image_id, [edit], services=services)


def test_a_merged_class_has_no_objects_and_its_names_mean_the_other(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    images = [picture_of("tin can", project, services, seed=n) for n in range(3)]
    assert merge_class(tin, can, services=services) == Touched(3, 3, 0)
    assert [classes_in(image, services) for image in images] == [["can", "can"]] * 3
    assert named("can", project, services).aliases == ("tin",)
    [retired] = retired_classes(project.id, services=services)
    assert (retired.name, retired.position, retired.merged_into) == ("tin", 2, can.id)
    assert classes_in(picture_of("tin", project, services, seed=9), services) == ["can"]


def test_objects_and_pictures_that_were_touched_move_on_by_one_revision(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    image, other = (
        picture_of("tin can", project, services),
        picture_of("x", project, services, seed=1),
    )
    [first, second] = objects_in(image, services)
    merge_class(tin, can, services=services)
    [now, same] = objects_in(image, services)
    assert (now.revision, now.label, same.revision) == (first.revision + 1, "tin", second.revision)
    assert open_sheet(image.id, services=services).image.revision == image.revision + 1
    assert open_sheet(other.id, services=services).image == other
    with services.store.read() as records:
        told = records.operations.of_image(image.id)[0]
    assert (told.kind, told.detail["from"], told.detail["to"]) == ("merge class", "tin", "can")
    stale = Edit(new_id(), EditKind.ACCEPT, first.id, first.revision)
    with pytest.raises(StaleRevisionError):
        apply_edits(image.id, [stale], services=services)


def test_an_approved_picture_stays_approved(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    image = picture_of("tin", project, services)
    accepted = accept_all(image.id, services=services)
    approve(image.id, seen=accepted.image.revision, services=services)
    assert merge_class(tin, can, services=services) == Touched(1, 1, 1)
    sheet = open_sheet(image.id, services=services)
    assert sheet.image.review is ReviewState.APPROVED
    undo_last(project, services)
    assert open_sheet(image.id, services=services).image.review is ReviewState.APPROVED
    assert classes_in(image, services) == ["tin"]


def test_a_merge_is_taken_back_for_the_objects_nobody_gave_another_class(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    image = picture_of("tin tin can", project, services)
    other = named("foreign object", project, services)
    merge_class(tin, can, services=services)
    relabel(image.id, 0, other, services)
    undo_last(project, services)
    assert classes_in(image, services) == ["foreign object", "tin", "can"]
    assert classes_of(project.id, services=services) == [other, can, tin]


def test_a_retired_index_is_never_given_again(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    merge_class(tin, can, services=services)
    forget_alias("tin", can, services=services)
    again = add_class(project.id, "tin", services=services)
    assert again.position == tin.position + 1
    merge = latest_changes(project.id, services=services)[-1]
    with pytest.raises(NameTakenError, match="tin"):
        undo_class_change(merge, services=services)


def test_a_class_is_merged_on_and_taken_apart_from_the_end(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    image = picture_of("tin can", project, services)
    other = named("foreign object", project, services)
    merge_class(tin, can, services=services)
    merge_class(can, other, services=services)
    assert classes_in(image, services) == ["foreign object", "foreign object"]
    [_, first] = latest_changes(project.id, services=services)
    with pytest.raises(StaleRevisionError, match='"can" was merged since'):
        undo_class_change(first, services=services)
    undo_last(project, services)
    undo_last(project, services)
    assert classes_in(image, services) == ["tin", "can"]
    assert classes_of(project.id, services=services) == [other, can, tin]


def test_the_name_of_a_merged_class_is_free_for_the_one_that_stands_for_it(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    merge_class(tin, can, services=services)
    rename_class(can, "tin", services=services)
    assert named("tin", project, services).aliases == ("can",)


def test_older_steps_are_undone_across_a_merge(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    image = picture_of("tin", project, services)
    relabel(image.id, 0, named("foreign object", project, services), services)
    relabel(image.id, 0, tin, services)
    merge_class(tin, can, services=services)
    undo(image.id, services=services)
    assert classes_in(image, services) == ["foreign object"]
    undo(image.id, services=services)
    assert classes_in(image, services) == ["can"]


def test_a_class_is_merged_into_another_one_of_its_project_only(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    with pytest.raises(ReviewError, match="into itself"):
        merge_class(can, can, services=services)
    merge_class(tin, can, services=services)
    with pytest.raises(NotFoundError, match='no class "tin"'):
        merge_class(can, tin, services=services)
    with pytest.raises(NotFoundError, match='no class "tin"'):
        merge_class(tin, can, services=services)


def test_a_class_that_gave_its_key_away_comes_back_without_one(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    merge_class(tin, can, services=services)
    add_class(project.id, "bolt", services=services, key="3")
    undo_last(project, services)
    assert named("tin", project, services) == replace(tin, key=None)
