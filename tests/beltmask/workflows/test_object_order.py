"""The order of an image's objects: their numbers on the picture and in the list."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from beltmask.masks import mask_from_box
from beltmask.model import Annotation, Box, Image
from beltmask.review import Edit, EditKind
from beltmask.store import schema
from beltmask.workflows.history import new_id
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.rollback import history_of, restore
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.gestures import apply_edits, undo


@pytest.fixture
def four(image: Image, services: Services) -> list[str]:
    """Ids of four proposals in their order."""
    detected(image, services, [finding(shape=mask(13 * n, 3)) for n in range(4)])
    return order(image, services)


@pytest.mark.parametrize("index", range(4))
def test_undoing_a_delete_puts_the_object_back_in_its_place(
    index: int, four: list[str], image: Image, services: Services
) -> None:
    delete(image, four[index], services)
    undo(image.id, services=services)
    assert order(image, services) == four


def test_deletes_undone_one_after_the_other_give_the_first_order_back(
    four: list[str], image: Image, services: Services
) -> None:
    gone = [four[index] for index in (3, 0, 2)]
    for each in gone:
        delete(image, each, services)
    draw(image, services)
    for _ in (*gone, "drawn"):
        undo(image.id, services=services)
    assert order(image, services) == four


def test_going_back_before_a_second_detection_gives_the_first_proposals_back_in_order(
    four: list[str], image: Image, services: Services
) -> None:
    detected(image, services, [finding(shape=mask(5, 3 * n)) for n in range(3)])
    assert len(order(image, services)) == 3
    first = history_of(image.id, services=services)[-1].entry
    restore(image.id, first.number, seen=image.revision + 2, services=services)
    assert order(image, services) == four


def test_an_edit_leaves_an_object_in_its_place(
    four: list[str], image: Image, services: Services
) -> None:
    edit = Edit(new_id(), EditKind.RESHAPE, four[1], 1, mask_from_box(Box(1, 1, 9, 9)))
    apply_edits(image.id, [edit], services=services)
    assert order(image, services) == four
    undo(image.id, services=services)
    assert order(image, services) == four


def test_a_new_object_comes_last_and_takes_nobody_s_number(
    four: list[str], image: Image, services: Services
) -> None:
    delete(image, four[1], services)
    drawn = draw(image, services)
    assert order(image, services) == [four[0], four[2], four[3], drawn]


def test_a_delete_kept_before_places_were_is_undone_to_the_end(
    four: list[str], image: Image, services: Services
) -> None:
    delete(image, four[1], services)
    operations = schema.operations
    with services.store.database.write() as connection:
        kept = select(operations.c.id, operations.c.changes).where(operations.c.kind == "delete")
        [row] = connection.execute(kept)
        del row.changes[0]["before"]["position"]
        older = update(operations).where(operations.c.id == row.id)
        connection.execute(older.values(changes=row.changes))
    undo(image.id, services=services)
    assert order(image, services) == [four[0], four[2], four[3], four[1]]


def delete(image: Image, name: str, services: Services) -> None:
    edit = Edit(new_id(), EditKind.DELETE, name, found(image, name, services).revision)
    apply_edits(image.id, [edit], services=services)


def draw(image: Image, services: Services) -> str:
    """The id of an object a person draws."""
    shape = mask_from_box(Box(40, 30, 50, 40))
    [first] = open_sheet(image.id, services=services).classes
    edit = Edit(new_id(), EditKind.ADD, new_id(), mask=shape, to_class=first)
    apply_edits(image.id, [edit], services=services)
    return edit.annotation_id


def found(image: Image, name: str, services: Services) -> Annotation:
    annotations = open_sheet(image.id, services=services).annotations
    return next(each for each in annotations if each.id == name)


def order(image: Image, services: Services) -> list[str]:
    return [each.id for each in open_sheet(image.id, services=services).annotations]
