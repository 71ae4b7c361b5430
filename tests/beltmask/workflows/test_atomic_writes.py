"""What is refused in the middle leaves nothing behind, on both databases."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import update

from beltmask.errors import ReviewError, StaleRevisionError
from beltmask.model import Change, Image, ReviewState
from beltmask.review import EditKind
from beltmask.store import schema
from beltmask.workflows.history import keep_operation
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.rollback import history_of
from beltmask.workflows.services import Services
from tests.beltmask.interruptions import meanwhile
from tests.beltmask.store.builders import finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.beltmask.workflows.person import Person, contents

RESHAPE, DELETE = EditKind.RESHAPE, EditKind.DELETE


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


@pytest.fixture
def ann(image: Image, services: Services) -> Person:
    detected(image, services, [finding("foreign object", mask(2, 3)), finding(shape=mask(30, 20))])
    return Person("Ann", image.id, services)


def change_behind(person: Person, object_id: str) -> None:
    """An object is changed by somebody who does not hold its picture."""
    table = schema.annotations
    later = update(table).where(table.c.id == object_id).values(revision=table.c.revision + 1)
    with person.services.store.database.write() as connection:
        connection.execute(later)


def test_of_an_operation_refused_at_its_second_object_nothing_is_kept(ann: Person) -> None:
    first, second = ann.objects
    stale = replace(second, revision=7)
    changes = [Change(first, replace(first, label="can", revision=2)), Change(stale, None)]
    with ann.services.store.write() as records:
        image = records.images.get(first.image_id, lock=True)
        with pytest.raises(StaleRevisionError):
            keep_operation(
                records,
                image,
                "merge",
                changes,
                actor=ann.services.actor,
                review=ReviewState.IN_REVIEW,
            )
        assert [each.label for each in records.annotations.of_image(image.id)] == [
            first.label,
            second.label,
        ]
    sheet = open_sheet(image.id, services=ann.services)
    assert contents(sheet) == contents(ann.told)
    assert sheet.image == ann.told.image


@pytest.mark.parametrize("database_kind", ["postgresql"])  # SQLite has one writer at a time
def test_a_gesture_refused_at_its_second_object_leaves_the_first_as_it_was(ann: Person) -> None:
    first, second = ann.objects
    before = contents(ann.told)
    ann.make("merge", ann.edit(RESHAPE, first.id, mask(5, 30)), ann.edit(DELETE, second.id))
    with meanwhile(partial(change_behind, ann, second.id), after="UPDATE annotations"):
        [error] = ann.send().refused.values()
    assert isinstance(error, StaleRevisionError)
    assert contents(ann.told) == before
    assert [each.entry.kind for each in history_of(first.image_id, services=ann.services)] == [
        "propose"
    ]


def test_two_edits_of_one_object_in_a_gesture_are_refused(ann: Person) -> None:
    first, _ = ann.objects
    before = contents(ann.told)
    twice = ann.edit(RESHAPE, first.id, mask(5, 30)), ann.edit(DELETE, first.id)
    [error] = ann.do("merge", *twice).refused.values()
    assert isinstance(error, ReviewError)
    assert "only once" in str(error)
    assert contents(ann.told) == before


def test_the_revision_of_an_object_that_was_deleted_counts_on(
    ann: Person, services: Services
) -> None:
    first, _ = ann.objects
    gone = ann.make("delete", ann.edit(DELETE, first.id))
    ann.make("undo")
    assert ann.send().refused == {}
    assert ann.objects[0].revision == first.revision + 2
    with services.store.read() as records:
        assert records.operations.told([gone.id])[gone.id].revisions == {
            first.id: first.revision + 1
        }
    late = replace(ann.edit(RESHAPE, first.id, mask(5, 30)), base_revision=first.revision)
    ann.make("reshape", replace(late, after=(gone.id,)))
    [error] = ann.send().refused.values()
    assert isinstance(error, StaleRevisionError)
    assert ann.do("accept", ann.edit(EditKind.ACCEPT, first.id)).refused == {}


def test_what_was_done_again_stands_in_the_history_and_so_does_not_its_undo(ann: Person) -> None:
    ann.do("accept", ann.edit(EditKind.ACCEPT, ann.objects[0].id))
    ann.do("undo")
    ann.do("redo")
    steps = history_of(ann.objects[0].image_id, services=ann.services)
    assert [(each.entry.kind, each.stands) for each in steps] == [
        ("redo", True),
        ("undo", False),
        ("accept", True),
        ("propose", True),
    ]
    ann.do("undo")
    steps = history_of(ann.objects[0].image_id, services=ann.services)
    assert [(each.entry.kind, each.stands) for each in steps[:4]] == [
        ("undo", True),
        ("redo", True),
        ("undo", False),
        ("accept", False),
    ]
