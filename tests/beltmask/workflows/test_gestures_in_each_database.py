"""What gestures ask of a database, asked of SQLite and of PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from beltmask.model import AnnotationState, Image
from beltmask.review import EditKind
from beltmask.workflows.effort import effort_by_image
from beltmask.workflows.gestures import apply_gestures
from beltmask.workflows.rollback import history_of, restore
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.beltmask.workflows.person import Person, contents, said, states

RESHAPE, DELETE, ACCEPT = EditKind.RESHAPE, EditKind.DELETE, EditKind.ACCEPT


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


@pytest.fixture
def image_id(image: Image, services: Services) -> int:
    detected(image, services, [finding("foreign object", mask(2, 3)), finding(shape=mask(30, 20))])
    return image.id


@pytest.fixture
def ann(image_id: int, services: Services) -> Person:
    return Person("Ann", image_id, services)


@pytest.fixture
def ben(image_id: int, services: Services) -> Person:
    return Person("Ben", image_id, services)


def test_runs_of_the_page_that_overlap_carry_out_gestures_once(ann: Person) -> None:
    for n in range(4):
        ann.make("reshape", ann.edit(RESHAPE, ann.objects[0].id, mask(20, 5, seed=n)))
        ann.add(mask(5 * n, 30))
    ann.make("undo")
    image_id = ann.told.image.id

    def send(_: int) -> list[str]:
        refused = apply_gestures(image_id, ann.tail, services=ann.services)
        return [said(error) for error in refused.values()]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(8))) == [[]] * 8
    ann.send()
    assert len(ann.objects) == 2 + 3
    assert ann.objects[0].revision == 1 + 4


def test_of_two_people_at_one_object_the_second_is_refused(ann: Person, ben: Person) -> None:
    name = ann.objects[0].id
    for person in (ann, ben):
        person.make("reshape", person.edit(RESHAPE, name, mask(20, 5)))
        person.make("accept", person.edit(ACCEPT, name))
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(Person.send, (ann, ben)))
    assert sorted(len(each.refused) for each in outcomes) == [0, 2]
    assert Person("Eve", ann.told.image.id, ann.services).objects[0].revision == 3


def test_a_shape_for_an_object_that_was_deleted_is_kept(ann: Person, ben: Person) -> None:
    name = ann.objects[0].id
    ben.do("delete", ben.edit(DELETE, name))
    [error] = ann.do("reshape", ann.edit(RESHAPE, name, mask(20, 5))).refused.values()
    assert "kept as object 2" in error.explanation
    assert (ann.objects[1].label, ann.objects[1].mask) == ("foreign object", mask(20, 5))


def test_undo_redo_history_restore_and_effort(ann: Person, ben: Person) -> None:
    first = contents(ann.told)
    ann.add(mask(20, 5))
    ann.make("accept", ann.edit(ACCEPT, ann.objects[0].id))
    ann.make("delete", ann.edit(DELETE, ann.objects[1].id))
    worked = contents(ann.send().sheet)
    for _ in range(3):
        ann.make("undo")
    assert contents(ann.send().sheet) == first
    for _ in range(3):
        ann.make("redo")
    assert contents(ann.send().sheet) == worked
    image, services = ann.told.image, ann.services
    steps = history_of(image.id, services=services, limit=4)
    assert [step.entry.what for step in steps] == ["delete", "accept", "add", "add"]
    sheet = restore(image.id, 1, seen=image.revision, services=services)
    assert states(sheet) == [AnnotationState.PROPOSED] * 2
    [effort] = effort_by_image(image.project_id, services=services).values()
    assert (effort.active_seconds, effort.operations["undo"]) == (9 * 0.25, 3)
