"""The history of an image is read, and any point of it comes back."""

from __future__ import annotations

import pytest

from beltmask.errors import NotFoundError, ReviewError, StaleRevisionError
from beltmask.model import AnnotationState, ReviewState
from beltmask.review import EditKind
from beltmask.workflows.review_state import ReviewSheet
from beltmask.workflows.rollback import Touch, history_of, restore
from tests.beltmask.store.builders import mask
from tests.beltmask.workflows.person import Person, contents

RESHAPE, DELETE, ACCEPT = EditKind.RESHAPE, EditKind.DELETE, EditKind.ACCEPT


def worked_on(ann: Person) -> list[list[tuple[object, ...]]]:
    """The objects after each operation, the first being the proposals of a run."""
    first, second = ann.objects
    stages: list[list[tuple[object, ...]]] = [[], contents(ann.told)]
    drawn = ann.add(mask(20, 5))
    stages.append(contents(ann.send().sheet))
    for kind, edits in (
        ("merge", (ann.edit(RESHAPE, first.id, mask(5, 30)), ann.edit(DELETE, second.id))),
        ("undo", ()),
        ("redo", ()),
        ("accept", (ann.edit(ACCEPT, drawn),)),
        ("delete", (ann.edit(DELETE, drawn),)),
    ):
        ann.do(kind, *edits)
        stages.append(contents(ann.told))
    return stages


def back_to(number: int, person: Person) -> ReviewSheet:
    image = person.told.image
    return restore(image.id, number, seen=image.revision, services=person.services)


@pytest.mark.parametrize("number", range(8))
def test_any_point_of_the_history_comes_back_and_can_be_left_again(
    number: int, ann: Person
) -> None:
    stages = worked_on(ann)
    ann.do("add", ann.edit(EditKind.ADD, None, mask(40, 5), ann.told.classes[0]))
    newest = contents(ann.told)
    ann.told = back_to(number, ann)
    assert contents(ann.told) == stages[number]
    assert ann.told.image.review is ReviewState.IN_REVIEW
    assert contents(ann.do("undo").sheet) == newest
    assert contents(ann.do("redo").sheet) == stages[number]


def test_an_object_brought_back_is_not_confused_with_its_past(ann: Person, ben: Person) -> None:
    name = ann.objects[0].id
    late = ben.edit(RESHAPE, name, mask(4, 30))
    ann.do("delete", ann.edit(DELETE, name))
    ann.told = back_to(1, ann)
    [error] = ben.do("reshape", late).refused.values()
    assert isinstance(error, StaleRevisionError)
    assert ann.do("accept", ann.edit(ACCEPT, name)).refused == {}


def test_a_restored_picture_is_in_review_until_somebody_approves_it(ann: Person) -> None:
    can = ann.told.classes[0]
    for each in ann.objects:
        ann.make("relabel", ann.edit(EditKind.RELABEL, each.id, None, can))
    ann.do("approve")
    assert ann.told.image.review is ReviewState.APPROVED
    assert back_to(1, ann).image.review is ReviewState.IN_REVIEW


@pytest.mark.parametrize("number", [-1, 2, 99])
def test_there_is_no_point_that_never_was(number: int, ann: Person) -> None:
    with pytest.raises(NotFoundError, match="has no operation"):
        back_to(number, ann)


def test_restoring_what_is_there_changes_nothing(ann: Person) -> None:
    before = ann.told.image
    with pytest.raises(ReviewError, match="like that already"):
        back_to(1, ann)
    assert Person("Ann", before.id, ann.services).told.image == before


def test_a_picture_somebody_else_changed_is_not_restored(ann: Person, ben: Person) -> None:
    ben.do("accept", ben.edit(ACCEPT, ben.objects[0].id))
    with pytest.raises(StaleRevisionError, match="changed by somebody else"):
        back_to(0, ann)


def test_the_history_tells_who_did_what_to_which_object(ann: Person, ben: Person) -> None:
    first, second = ann.objects
    ann.do("merge", ann.edit(RESHAPE, first.id, mask(5, 30)), ann.edit(DELETE, second.id))
    assert len(ben.do("accept", ben.edit(ACCEPT, first.id)).refused) == 1, (
        "refused ones are left out"
    )
    ben.do("accept", ben.edit(ACCEPT, first.id))
    ben.do("undo")
    ann.do("undo")
    undo, _, accept, merge, propose = history_of(ann.told.image.id, services=ann.services)
    assert (accept.entry.kind, accept.entry.actor.name, accept.stands) == ("accept", "Ben", False)
    proposed, edited = AnnotationState.PROPOSED, AnnotationState.EDITED
    assert (undo.entry.what, undo.entry.actor.name, undo.stands) == ("merge", "Ann", True)
    assert (merge.entry.kind, merge.entry.detail["active_ms"], merge.stands) == (
        "merge",
        250,
        False,
    )
    assert (propose.entry.actor.name, propose.stands) == ("beltmask", True)
    assert [*merge.touches] == [
        Touch(first.id, "foreign object", proposed, edited),
        Touch(second.id, "tin", proposed, None),
    ]


def test_the_history_is_read_page_by_page(ann: Person) -> None:
    for n in range(7):
        ann.add(mask(5 * n, 30))
    ann.send()
    image_id, numbers, before = ann.told.image.id, list[int](), None
    while page := history_of(image_id, services=ann.services, before=before, limit=3):
        numbers += [step.entry.number for step in page]
        before = numbers[-1]
    assert numbers == [8, 7, 6, 5, 4, 3, 2, 1]
