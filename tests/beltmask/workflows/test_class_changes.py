"""Names, colours, keys and aliases of classes change, and are told, and are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from beltmask.classes import class_for
from beltmask.errors import NameTakenError, ReviewError, StaleRevisionError
from beltmask.model import AnnotationState, Class, Project
from beltmask.workflows.class_changes import (
    ClassChangeKind,
    Touched,
    change_class,
    forget_alias,
    give_key,
    latest_changes,
    number_keys,
    remember_label,
    rename_class,
    touched_by,
    unmapped_labels,
)
from beltmask.workflows.class_merges import undo_class_change
from beltmask.workflows.image_review import reject_image
from beltmask.workflows.projects import add_class, classes_of
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.rollback import restore
from beltmask.workflows.services import Services
from tests.beltmask.workflows.classes_at_work import (
    classes_in,
    named,
    objects_in,
    opened_on,
    picture_of,
    undo_last,
)
from tests.gestures import accept_all, undo


@pytest.fixture
def services(tables_url: str) -> Iterator[Services]:
    with opened_on(tables_url) as services:
        yield services


@pytest.fixture
def can(project: Project, services: Services) -> Class:
    return add_class(project.id, "can", services=services, key="2")


def test_a_renamed_class_still_answers_to_its_old_name(
    project: Project, can: Class, services: Services
) -> None:
    image = picture_of("can can other", project, services)
    assert touched_by(can, services=services) == Touched(2, 1, 0)
    rename_class(can, " drinks  can ", services=services)
    now = named("drinks can", project, services)
    assert (now.aliases, now.position) == (("can",), can.position)
    later = picture_of("can", project, services, seed=1)
    assert classes_in(later, services) == ["drinks can"]
    assert classes_in(image, services) == ["drinks can", "drinks can", "?"]


def test_the_pictures_of_a_renamed_class_are_told_and_the_others_are_left_alone(
    project: Project, can: Class, services: Services
) -> None:
    image, other = (picture_of(w, project, services, seed=n) for n, w in enumerate(["can", "x"]))
    before = objects_in(image, services)
    rename_class(can, "tin", services=services)
    sheet = open_sheet(image.id, services=services)
    assert sheet.image.revision == image.revision + 1
    assert [each.revision for each in sheet.annotations] == [each.revision for each in before]
    assert open_sheet(other.id, services=services).image == other
    with services.store.read() as records:
        [told, proposed] = records.operations.of_image(image.id)
    assert (told.kind, told.actor, proposed.kind) == ("rename class", services.actor, "propose")
    assert (told.detail["from"], told.detail["to"]) == ("can", "tin")


def test_a_class_may_change_its_capitals_or_take_an_alias_for_its_name(
    project: Project, can: Class, services: Services
) -> None:
    rename_class(can, "Can", services=services)
    assert named("Can", project, services).aliases == ()
    remember_label("tin", can, services=services)
    rename_class(can, "Tin", services=services)
    assert named("Tin", project, services).aliases == ("Can",)


@pytest.mark.parametrize("name", ["foreign object", "Foreign  OBJECT", "  ", "thing"])
def test_a_name_another_class_answers_to_is_refused(
    name: str, project: Project, can: Class, services: Services
) -> None:
    remember_label("thing", named("foreign object", project, services), services=services)
    with pytest.raises(NameTakenError):
        rename_class(can, name, services=services)
    assert named("can", project, services) == can


def test_every_change_is_kept_and_can_be_taken_back(
    project: Project, can: Class, services: Services
) -> None:
    rename_class(can, "tin", services=services)
    change_class(replace(can, color="#123456"), services=services)
    give_key(can, "1", services=services)
    remember_label("Dose", can, services=services)
    forget_alias("can", can, services=services)
    kinds = [each.kind for each in latest_changes(project.id, services=services)]
    assert kinds == [
        ClassChangeKind.FORGET,
        ClassChangeKind.LABEL,
        ClassChangeKind.KEY,
        ClassChangeKind.COLOR,
        ClassChangeKind.RENAME,
    ]
    for _ in kinds:
        undo_last(project, services)
    assert named("can", project, services) == can
    assert named("foreign object", project, services).key == "1"


def test_an_older_change_is_taken_back_without_what_came_after(
    project: Project, can: Class, services: Services
) -> None:
    change_class(replace(can, color="#123456"), services=services)
    rename_class(can, "tin", services=services)
    [_, recolored] = latest_changes(project.id, services=services)
    undo_class_change(recolored, services=services)
    now = named("tin", project, services)
    assert (now.color, now.aliases) == (can.color, ("can",))
    with pytest.raises(ReviewError, match="undone already"):
        undo_class_change(recolored, services=services)


def test_what_was_changed_again_is_not_taken_back(
    project: Project, can: Class, services: Services
) -> None:
    rename_class(can, "tin", services=services)
    rename_class(can, "Dose", services=services)
    first = latest_changes(project.id, services=services)[-1]
    with pytest.raises(StaleRevisionError, match="changed since"):
        undo_class_change(first, services=services)


def test_a_name_somebody_else_has_taken_does_not_come_back(
    project: Project, can: Class, services: Services
) -> None:
    rename_class(can, "tin", services=services)
    forget_alias("can", can, services=services)
    add_class(project.id, "can", services=services)
    renamed = latest_changes(project.id, services=services)[-1]
    with pytest.raises(NameTakenError, match="can"):
        undo_class_change(renamed, services=services)


def test_a_key_of_another_class_is_exchanged(
    project: Project, can: Class, services: Services
) -> None:
    give_key(can, "1", services=services)
    assert [each.key for each in classes_of(project.id, services=services)] == ["2", "1"]
    give_key(can, "", services=services)
    assert [each.key for each in classes_of(project.id, services=services)] == ["2", None]


def test_keys_are_numbered_in_order(project: Project, can: Class, services: Services) -> None:
    for number in range(10):
        add_class(project.id, f"more {number}", services=services)
    last = classes_of(project.id, services=services)[-1]
    give_key(last, "x", services=services)
    give_key(can, "9", services=services)
    number_keys(project.id, services=services)
    keys = [each.key for each in classes_of(project.id, services=services)]
    assert keys == [*"123456789", None, None, "x"]


def test_a_label_is_mapped_once_for_every_picture_under_review(
    project: Project, can: Class, services: Services
) -> None:
    images = [picture_of("tin TIN bolt", project, services, seed=n) for n in range(3)]
    reject_image(images[2].id, seen=images[2].revision, reason="blurred", services=services)
    waiting = dict(unmapped_labels(project.id, services=services))
    assert waiting == dict.fromkeys(["tin", "TIN", "bolt"], Touched(2, 2))
    assert remember_label("tin", can, services=services) == Touched(4, 2, 0)
    assert [classes_in(image, services) for image in images] == [
        ["can", "can", "?"],
        ["can", "can", "?"],
        ["?", "?", "?"],
    ]
    assert remember_label("tin", can, services=services) == Touched()
    undo_last(project, services)
    assert classes_in(images[0], services) == ["?", "?", "?"]
    assert named("can", project, services).aliases == ()


def test_a_label_means_one_class_at_a_time(
    project: Project, can: Class, services: Services
) -> None:
    glove = add_class(project.id, "glove", services=services)
    remember_label("mitt", can, services=services)
    remember_label("mitt", glove, services=services)
    known = classes_of(project.id, services=services)
    assert class_for("mitt", known) == named("glove", project, services)
    with pytest.raises(NameTakenError, match="name of a class"):
        remember_label("can", glove, services=services)


def test_an_alias_taken_away_leaves_objects_as_they_are(
    project: Project, can: Class, services: Services
) -> None:
    remember_label("tin", can, services=services)
    image = picture_of("tin", project, services)
    forget_alias("TIN", can, services=services)
    assert classes_in(image, services) == ["can"]
    assert classes_in(picture_of("tin", project, services, seed=1), services) == ["?"]


def test_older_steps_are_undone_after_their_label_was_mapped(
    project: Project, can: Class, services: Services
) -> None:
    image = picture_of("tin", project, services)
    accept_all(image.id, services=services)
    remember_label("tin", can, services=services)
    undo(image.id, services=services)
    [now] = objects_in(image, services)
    assert (now.state, now.class_id) == (AnnotationState.PROPOSED, can.id)
    seen = open_sheet(image.id, services=services).image.revision
    restore(image.id, 0, seen=seen, services=services)
    assert objects_in(image, services) == []


def test_ctrl_z_in_a_picture_takes_back_no_change_of_classes(
    project: Project, can: Class, services: Services
) -> None:
    image = picture_of("can", project, services)
    rename_class(can, "tin", services=services)
    sheet = open_sheet(image.id, services=services)
    assert sheet.last is not None
    assert (sheet.last.kind, sheet.undoable) == ("propose", None)
    with pytest.raises(ReviewError, match="nothing to undo"):
        undo(image.id, services=services)
    assert named("tin", project, services).aliases == ("can",)
