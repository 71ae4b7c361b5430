"""Undo and redo, and what settles a picture."""

from __future__ import annotations

import pytest

from beltmask.errors import ReviewError, StaleRevisionError
from beltmask.masks import mask_from_box
from beltmask.model import AnnotationState, Box, ReviewState
from beltmask.review import EditKind
from tests.beltmask.store.builders import mask
from tests.beltmask.workflows.person import (
    Person,
    accept_everything,
    contents,
    said,
    settled_as,
    states,
)

RESHAPE, DELETE, ACCEPT = EditKind.RESHAPE, EditKind.DELETE, EditKind.ACCEPT
SHAPE = mask_from_box(Box(3, 3, 20, 12))


@pytest.mark.parametrize("settle", ["approve", "reject"])
@pytest.mark.parametrize("kind", ["add", "delete", "relabel", "undo"])
def test_an_edit_of_a_settled_image_returns_it_to_review_and_undo_settles_it_again(
    kind: str, settle: str, ann: Person
) -> None:
    accept_everything(ann)
    settled = settled_as(settle, ann)
    if kind == "undo":
        kind = "redo"
        ann.do("undo")
    elif kind == "add":
        ann.add(SHAPE)
        ann.send()
    else:
        edit = ann.edit(EditKind(kind), ann.objects[0].id, None, ann.told.classes[0])
        ann.do(kind, edit)
        kind = "undo"
    assert ann.told.image.review is ReviewState.IN_REVIEW
    ann.do("redo" if kind == "redo" else "undo")
    assert ann.told.image.review is settled


@pytest.mark.parametrize("then", [(), ("undo", "redo")])
def test_undo_does_not_approve_what_somebody_else_did_meanwhile(
    then: tuple[str, ...], ann: Person, ben: Person
) -> None:
    accept_everything(ann)
    settled_as("approve", ann)
    ann.add(SHAPE)
    ben.told = ann.send().sheet
    ben.do("delete", ben.edit(DELETE, ben.objects[0].id))
    for kind in then:
        ben.do(kind)
    assert ann.do("undo").sheet.image.review is ReviewState.IN_REVIEW
    assert len(ann.objects) == 1


def test_undo_takes_back_what_this_person_did(ann: Person, ben: Person) -> None:
    mine = ann.add(SHAPE)
    ben.told = ann.send().sheet
    ben.do("accept", ben.edit(ACCEPT, ben.objects[0].id))
    assert mine not in [each.id for each in ann.do("undo").sheet.annotations]
    assert states(ann.told) == [AnnotationState.ACCEPTED, AnnotationState.PROPOSED]
    [error] = ann.do("undo").refused.values()
    assert str(error) == "there is nothing to undo"


def test_undo_and_redo_go_back_and_forth(ann: Person) -> None:
    stages = [contents(ann.told)]
    for n in range(3):
        ann.add(mask(10 * n, 30))
        stages.append(contents(ann.send().sheet))
    for stage in (2, 1, 0):
        assert contents(ann.do("undo").sheet) == stages[stage]
    for stage in (1, 2):
        assert contents(ann.do("redo").sheet) == stages[stage]
    assert contents(ann.do("undo").sheet) == stages[1]
    assert ann.told.redoable is not None
    assert (ann.told.redoable.what, ann.told.image.review) == ("add", ReviewState.IN_REVIEW)
    ann.add(mask(50, 30))
    assert ann.send().sheet.redoable is None
    assert list(map(said, ann.do("redo").refused.values())) == [
        "ReviewError: there is nothing to redo. Go on working."
    ]


def test_somebody_new_to_a_long_history_has_nothing_to_undo(ann: Person, ben: Person) -> None:
    mine = ben.add(SHAPE)
    ben.send()
    for n in range(60):
        ann.add(mask(n % 50, 30))
    ann.make("undo")
    last = ann.send().sheet.last
    assert last is not None
    eve = Person("Eve", ann.told.image.id, ann.services)
    assert (eve.told.undoable, eve.told.redoable) == (None, None)
    assert (eve.told.last, last.actor.name) == (last, "Ann")
    ben = Person("Ben", ann.told.image.id, ann.services)
    assert mine not in [each.id for each in ben.do("undo").sheet.annotations]


def test_an_undo_told_twice_takes_back_one_gesture(ann: Person) -> None:
    for n in range(3):
        ann.add(mask(10 * n, 30))
    ann.make("undo")
    ann.make("redo")
    ann.make("undo")
    assert len(ann.tell().sheet.annotations) == 4
    assert len(ann.send().sheet.annotations) == 4


@pytest.mark.parametrize("undone", [0, 1])
def test_a_gesture_after_an_undo_of_ones_own_is_not_stale(undone: int, ann: Person) -> None:
    """The browser cannot know which objects its undo will change."""
    name = ann.objects[0].id
    ann.make("undo")
    ann.make("delete", ann.edit(DELETE, ann.objects[undone].id))
    ann.make("undo")
    ann.make("accept", ann.edit(ACCEPT, name))
    [nothing] = ann.send().refused.values()
    assert str(nothing) == "there is nothing to undo"
    assert states(ann.told)[0] is AnnotationState.ACCEPTED


def test_approving_accepts_and_settles_in_one_step(ann: Person) -> None:
    ann.make("relabel", ann.edit(EditKind.RELABEL, ann.objects[1].id, None, ann.told.classes[0]))
    first = ann.objects[0].id
    outcome = ann.do("approve", ann.edit(ACCEPT, first))
    assert outcome.refused == {}
    assert outcome.sheet.image.review is ReviewState.APPROVED
    assert states(outcome.sheet) == [AnnotationState.ACCEPTED, AnnotationState.EDITED]
    assert states(ann.do("undo").sheet)[0] is AnnotationState.PROPOSED
    assert ann.told.image.review is ReviewState.IN_REVIEW


def test_a_picture_somebody_else_changed_is_not_approved(ann: Person, ben: Person) -> None:
    accept_everything(ann)
    ben.told = ann.told
    ben.add(SHAPE)
    ben.send()
    [error] = ann.do("approve").refused.values()
    assert isinstance(error, StaleRevisionError)
    assert ann.told.image.review is ReviewState.IN_REVIEW
    assert ann.do("approve").refused == {}


def test_a_picture_is_not_approved_after_a_gesture_that_was_refused(ann: Person) -> None:
    accept_everything(ann)
    ann.make("reshape", ann.edit(RESHAPE, ann.objects[0].id, mask(500, 5)))
    ann.make("approve")
    *_, error = ann.send().refused.values()
    assert str(error) == "an earlier change of yours was refused"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "2 proposed objects left"),
        (["first"], "1 proposed object left"),
        (["first", "second"], 'no class for "tin"'),
    ],
)
def test_a_picture_that_is_not_finished_is_not_approved(
    names: list[str], message: str, ann: Person
) -> None:
    by_name = dict(zip(("first", "second"), ann.objects, strict=True))
    before = contents(ann.told)
    [error] = ann.do("approve", *[ann.edit(ACCEPT, by_name[n].id) for n in names]).refused.values()
    assert isinstance(error, ReviewError)
    assert str(error) == message
    assert contents(ann.told) == before
