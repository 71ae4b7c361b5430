"""Annotations -> drawing -> edits, without a browser."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beltmask.masks import frame_of, mask_from_rings, reshaped
from beltmask.model import BoolArray, Box, Mask
from beltmask.review import EditKind
from components.canvas.changes import Change
from components.canvas.drawing import MOST_CORNERS, Outline, Role, View, outlines_of, view_of
from components.canvas.reshaping import reshaped_by
from components.canvas.shapes import placed, read_snapshot
from tests.components.canvas_person import (
    BOLT,
    SIZE,
    Person,
    annotation,
    mask_of,
    rectangle,
    ring_and_island,
)

ANY_MASK = (
    arrays(np.bool_, (9, 12))
    .filter(lambda bits: bool(bits.any()))
    .map(lambda bits: mask_of(bits.repeat(10, axis=0).repeat(10, axis=1)))
)
SPECKLED = arrays(np.bool_, (30, 40)).filter(lambda bits: bool(bits.any())).map(mask_of)


@settings(max_examples=60, deadline=None)
@given(st.one_of(ANY_MASK, SPECKLED), st.floats(-0.004, 0.004))
def test_what_nobody_touched_gives_no_edit(mask: Mask, noise: float) -> None:
    person = Person(mask)
    for thing in person.screen[1:]:
        person.change(thing, left=thing["left"] + noise, top=thing["top"] - noise)
    assert person.look() == ()
    assert person.shows_truth()


@settings(max_examples=60, deadline=None)
@given(ANY_MASK, st.integers(0, 999), st.integers(-25, 25), st.integers(-25, 25))
def test_a_corner_changes_only_pixels_between_the_old_edge_and_the_new(
    mask: Mask, corner: int, dx: int, dy: int
) -> None:
    person = Person(mask)
    outline = person.ledger.sheet.outlines[0]
    thing = person.outlines("a")[0]
    corner %= len(thing["points"])
    person.drag_corner(thing, corner, dx, dy)
    snapshot = read_snapshot({"objects": person.screen})
    assert snapshot is not None
    before = outline.shape.ring
    after = before.copy()
    after[corner] = snapshot.shapes[0].ring[corner]
    old, new = filled(person.view.to_image(before)), filled(person.view.to_image(after))
    expected = (frame_of(mask, SIZE) | (new & ~old)) & ~(old & ~new)
    edits = person.look()
    changed = edits[0].mask if edits else mask
    assert changed is not None
    assert np.array_equal(frame_of(changed, SIZE), expected) or not expected.any()


def filled(corners: Any) -> BoolArray:
    mask = mask_from_rings([corners], SIZE)
    return np.zeros((90, 120), np.bool_) if mask is None else frame_of(mask, SIZE)


def test_an_edit_is_told_once_and_named_alike_when_told_again() -> None:
    person = Person(rectangle())
    person.drag_corner(person.outlines("a")[0], 0, -5, -5)
    ledger = person.ledger
    [edit] = person.look()
    assert person.look() == ()
    person.ledger = ledger
    [again] = person.look()
    assert (again.id, again.mask) == (edit.id, edit.mask)
    assert (edit.kind, edit.annotation_id, edit.base_revision) == (EditKind.RESHAPE, "a", 3)


def test_two_people_never_name_their_edits_alike() -> None:
    ids = set()
    for person in (Person(rectangle()), Person(rectangle())):
        person.draw_box(70, 50, 20, 10)
        [edit] = person.look()
        ids |= {edit.id, edit.annotation_id}
    assert len(ids) == 4


def test_corners_nobody_touched_are_taken_as_they_were() -> None:
    """The slanted edge runs through pixel centres: the browser's rounding would flip them."""
    view = View((64, 64), (64, 64))
    corners = np.array([(0, 0), (40, 40), (0, 40)], dtype=np.float64)
    mask = mask_from_rings([corners], view.image)
    assert mask is not None
    before = placed(2, corners)
    after = placed(2, np.array([(1e-4, 0), (40 + 1e-4, 40), (0, 30)]))
    outline = Outline("a", Role.MAIN, before)
    result = reshaped_by([Change(outline, after)], mask, view)
    exact = np.array([(0, 0), (40, 40), (0, 30)], dtype=np.float64)
    assert result == reshaped(mask, corners, exact, view.image)


def test_edits_follow_one_another_on_the_same_drawing() -> None:
    person = Person(rectangle())
    seen = set()
    for _ in range(3):
        person.change(person.outlines("a")[0], left=person.outlines("a")[0]["left"] + person.scale)
        edits = person.look()
        person.apply(edits)
        seen |= {edit.id for edit in edits}
        assert person.shows_truth()
    assert len(seen) == 3
    assert person.annotations["a"].box == Box(23, 20, 63, 50)
    assert person.annotations["a"].revision == 6


def test_two_objects_changed_at_once_give_one_edit_each() -> None:
    person = Person(rectangle(), rectangle(70, 10, 20, 20))
    for name in "ab":
        thing = person.outlines(name)[0]
        person.change(thing, left=thing["left"] + 5 * person.scale)
    person.apply(person.look())
    assert person.look() == ()
    assert person.annotations["a"].box.x0 == 25
    assert person.annotations["b"].box.x0 == 75


def test_a_moved_part_takes_its_hole_along_and_asks_for_a_new_drawing() -> None:
    person = Person(ring_and_island())
    main = person.outlines("a")[0]
    person.change(main, left=main["left"] + 7 * person.scale, top=main["top"] + 4 * person.scale)
    [edit] = person.look()
    expected = frame_of(ring_and_island(), SIZE).copy()
    expected[:, :70] = False
    expected[24:64, 27:67] = True
    expected[34:54, 37:57] = False
    assert edit.mask == mask_of(expected)
    person.apply([edit])
    assert not person.shows_truth()


def test_an_object_selected_with_its_hole_moves_once() -> None:
    person = Person(ring_and_island())
    for thing in person.outlines("a"):
        person.change(thing, left=thing["left"] - 10 * person.scale)
    [edit] = person.look()
    assert edit.mask == replace(ring_and_island(), x=10)
    person.apply([edit])
    assert person.shows_truth()


def test_a_scaled_object_grows_to_what_is_shown() -> None:
    person = Person(rectangle())
    person.change(person.outlines("a")[0], scaleX=1.5, scaleY=2)
    [edit] = person.look()
    assert edit.mask == rectangle(10, 5, 60, 60)


def test_a_turned_object_turns_about_its_centre() -> None:
    person = Person(rectangle())
    person.change(person.outlines("a")[0], angle=90)
    [edit] = person.look()
    assert edit.mask is not None
    assert edit.mask.box == Box(25, 15, 55, 55)
    assert edit.mask.area == 1200


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        pytest.param(1, 40 * 40 - 20 * 20, id="part goes"),
        pytest.param(2, 40 * 40 + 20 * 20, id="hole is filled"),
    ],
)
def test_a_deleted_part_or_hole_changes_the_mask(role: int, expected: int) -> None:
    person = Person(ring_and_island())
    person.screen.remove(person.outlines("a")[role])
    [edit] = person.look()
    assert edit.kind is EditKind.RESHAPE
    assert edit.mask is not None
    assert edit.mask.area == expected


def test_deleting_the_main_outline_deletes_the_object() -> None:
    person = Person(ring_and_island())
    person.screen.remove(person.outlines("a")[0])
    [edit] = person.look()
    assert (edit.kind, edit.base_revision, edit.mask) == (EditKind.DELETE, 3, None)
    person.apply([edit])
    assert person.look() == ()
    assert not person.shows_truth()  # its hole is still on the screen


def test_a_box_becomes_an_object_that_can_be_changed_and_deleted() -> None:
    person = Person(rectangle())
    thing = person.draw_box(70, 50, 20, 10)
    [added] = person.look()
    assert (added.kind, added.mask, added.to_class) == (
        EditKind.ADD,
        rectangle(70, 50, 20, 10),
        BOLT,
    )
    person.apply([added])
    assert person.shows_truth()
    person.change(thing, left=thing["left"] + 5 * person.scale)
    [moved] = person.look()
    assert (moved.annotation_id, moved.base_revision) == (added.annotation_id, 1)
    assert moved.mask == rectangle(75, 50, 20, 10)
    person.apply([moved])
    person.screen.remove(thing)
    [deleted] = person.look()
    assert (deleted.kind, deleted.annotation_id) == (EditKind.DELETE, added.annotation_id)


def test_a_drawing_outside_is_clipped_and_one_without_pixels_is_none() -> None:
    person = Person()
    person.draw_box(110, 80, 40, 40)
    person.draw_box(200, 80, 10, 10)
    person.draw_box(10, 10, 0.2, 0.2)
    [edit] = person.look()
    assert edit.mask == rectangle(110, 80, 10, 10)


def test_a_drawing_waits_for_a_class() -> None:
    person = Person()
    person.draw_box(10, 10, 20, 20)
    assert person.look(to_class=None) == ()
    assert [e.kind for e in person.look()] == [EditKind.ADD]


def test_a_gesture_that_arrives_after_a_new_drawing_is_read_against_the_old_one() -> None:
    person = Person(rectangle(), rectangle(70, 10, 20, 20))
    late = person.screen
    person.annotations["b"] = annotation("b", rectangle(0, 0, 9, 9))
    person.redraw()
    person.screen = late
    thing = late[1]
    person.change(thing, left=thing["left"] + 5 * person.scale)
    [edit] = person.look()
    assert edit.mask == rectangle(25, 20)


def test_a_canvas_mounted_anew_takes_nothing_back() -> None:
    """The browser shows the first drawing again, then one more gesture follows."""
    person = Person(rectangle(), rectangle(70, 10, 20, 20))
    first = json.loads(json.dumps(person.screen))
    person.change(person.screen[1], left=person.screen[1]["left"] + 5 * person.scale)
    person.draw_box(70, 50, 20, 10)
    person.apply(person.look())
    person.screen = first
    person.change(first[2], left=first[2]["left"] + 3 * person.scale)
    [edit] = person.look()
    assert edit.annotation_id == "b"
    assert not person.shows_truth()


def test_a_simplified_outline_has_few_corners() -> None:
    rng = np.random.default_rng(1)
    bits = np.ones((800, 900), dtype=np.bool_)
    bits[:60] = rng.random((60, 900)) > 0.5
    bits[61] = True
    view = view_of((1000, 900))
    outlines = outlines_of([annotation("a", mask_of(bits))], view=view, first_number=1)
    assert max(len(o.shape.local) for o in outlines) <= MOST_CORNERS
