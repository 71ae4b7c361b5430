"""Whatever one person does: it can all be undone, and leaves other objects alone."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from beltmask.model import Project
from beltmask.review import EditKind
from beltmask.store import schema
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import mask
from tests.beltmask.workflows.any_gestures import Doing, alone, perform, some_picture, standing
from tests.beltmask.workflows.person import Person
from tests.examples import examples

SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=examples(10, exploring=25), suppress_health_check=SHARED)
@given(script=alone)
def test_undoing_everything_gives_the_first_state_back_and_redoing_the_last(
    script: list[Doing], project: Project, services: Services
) -> None:
    ann = Person("Ann", some_picture(project, services).id, services)
    first = standing(ann)
    for doing in script:
        perform(ann, doing)
    ann.send()
    last = standing(ann)
    undone = taken_back("undo", 2 * len(script) + 1, ann)
    assert ann.told.undoable is None
    assert standing(ann) == first
    assert taken_back("redo", undone, ann) == undone
    assert standing(ann) == last


def test_untouched_objects_are_the_same_bytes_after_a_thousand_operations_on_others(
    project: Project, services: Services
) -> None:
    image = some_picture(project, services)
    ann = Person("Ann", image.id, services)
    for n in range(17):
        ann.add(mask(30 * n, 300, seed=n))
    ann.send()
    left_alone = {each.id for each in ann.objects[::2]}
    worked_on = [each.id for each in ann.objects[1::2]]
    before = {name: row for name, row in rows(image.id, services).items() if name in left_alone}
    can, kinds = ann.told.classes[0], ("reshape", "relabel", "accept", "reject", "undo")
    for n in range(1000):
        if kinds[n % 5] == "undo":
            ann.make("undo")
            continue
        kind, name = EditKind(kinds[n % 5]), worked_on[n % len(worked_on)]
        ann.make(kind, ann.edit(kind, name, mask(n % 600, n % 450, seed=n), can))
        if len(ann.tail) == 100:
            assert ann.send().refused == {}
    assert ann.send().refused == {}
    after = rows(image.id, services)
    assert {name: after[name] for name in left_alone} == before
    assert ann.told.image.revision >= 1000


def taken_back(kind: str, times: int, person: Person) -> int:
    """How many of so many undos or redos were made."""
    for _ in range(times):
        person.make(kind)
    return times - len(person.send().refused)


def rows(image_id: int, services: Services) -> dict[str, tuple[object, ...]]:
    """Objects as the database holds them."""
    table = schema.annotations
    with services.store.database.read() as connection:
        found = connection.execute(select(table).where(table.c.image_id == image_id))
        return {row.id: tuple(row) for row in found}
