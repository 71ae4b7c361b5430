"""A gesture on an object that a colleague changed before the gesture arrived."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beltmask.errors import StaleRevisionError
from beltmask.masks import iou
from beltmask.model import Box, Mask
from beltmask.review import EditKind
from tests.components.canvas_person import Person, rectangle, ring_and_island

THEIRS = rectangle(0, 0, 9, 9)


@pytest.fixture
def person() -> Person:
    return Person(rectangle())


def test_a_stale_change_names_the_revision_the_person_saw(person: Person) -> None:
    person.drag_corner(person.outlines("a")[0], 0, -5, -5)
    colleague_changes(person, THEIRS)
    edits = person.look()
    with pytest.raises(StaleRevisionError):
        person.apply(edits)


def test_a_corner_dragged_meanwhile_is_read_on_the_shape_the_person_saw(person: Person) -> None:
    person.drag_corner(person.outlines("a")[0], 0, -5, -5)
    [alone] = person.look()
    again = Person(rectangle())
    again.drag_corner(again.outlines("a")[0], 0, -5, -5)
    colleague_changes(again, THEIRS)
    [edit] = again.look()
    assert alone.mask is not None
    assert edit.mask is not None
    assert iou(edit.mask, alone.mask) > 0.98


def test_an_object_moved_meanwhile_is_no_gesture_lost_without_a_word(person: Person) -> None:
    thing = person.outlines("a")[0]
    person.change(thing, left=thing["left"] + 10 * person.scale)
    colleague_changes(person, THEIRS)
    [edit] = person.look()
    assert edit.kind is EditKind.RESHAPE
    assert edit.mask == rectangle(30, 20)


def test_parts_and_holes_the_person_saw_are_kept_too() -> None:
    person = Person(ring_and_island())
    for thing in person.outlines("a"):
        person.change(thing, top=thing["top"] + 10 * person.scale)
    colleague_changes(person, THEIRS)
    [edit] = person.look()
    assert edit.mask is not None
    assert edit.mask.box == Box(20, 30, 100, 70)
    assert edit.mask.area == 40 * 40 - 20 * 20 + 20 * 20


def test_an_object_moved_while_it_was_deleted_is_told(person: Person) -> None:
    thing = person.outlines("a")[0]
    person.change(thing, left=thing["left"] + 10 * person.scale)
    del person.annotations["a"]
    [edit] = person.look()
    assert edit.mask == rectangle(30, 20)


def colleague_changes(person: Person, mask: Mask) -> None:
    now = person.annotations["a"]
    person.annotations["a"] = replace(now, mask=mask, revision=now.revision + 1)
