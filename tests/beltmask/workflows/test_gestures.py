"""Gestures: made once, all of each or nothing, never stale against one's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from beltmask.errors import StaleRevisionError
from beltmask.masks import mask_from_box
from beltmask.model import AnnotationState, Box, ReviewState
from beltmask.review import EditKind
from beltmask.workflows.class_merges import merge_class
from beltmask.workflows.gestures import apply_gestures
from beltmask.workflows.projects import add_class
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import mask
from tests.beltmask.workflows.person import Person, contents, said, states

ADD, RESHAPE, DELETE, ACCEPT = EditKind.ADD, EditKind.RESHAPE, EditKind.DELETE, EditKind.ACCEPT
SHAPE = mask_from_box(Box(3, 3, 20, 12))


def test_a_merge_is_one_step_that_can_be_undone(ann: Person) -> None:
    first, second = ann.objects
    before = contents(ann.told)
    merged = ann.do("merge", ann.edit(RESHAPE, first.id, SHAPE), ann.edit(DELETE, second.id))
    assert merged.refused == {}
    assert [each.mask for each in merged.sheet.annotations] == [SHAPE]
    assert merged.sheet.undoable is not None
    assert (merged.sheet.undoable.kind, merged.sheet.undoable.detail["active_ms"]) == ("merge", 250)
    assert contents(ann.do("undo").sheet) == before


def test_of_a_gesture_that_comes_too_late_nothing_is_made(ann: Person, ben: Person) -> None:
    first, second = ann.objects
    ben.do("accept", ben.edit(ACCEPT, second.id))
    outcome = ann.do("merge", ann.edit(RESHAPE, first.id, SHAPE), ann.edit(DELETE, second.id))
    assert [type(error) for error in outcome.refused.values()] == [StaleRevisionError]
    assert contents(outcome.sheet) == contents(ben.told)


def test_of_many_objects_those_that_were_changed_meanwhile_are_named(
    ann: Person, ben: Person
) -> None:
    first, second = ann.objects
    accepted = [ann.edit(ACCEPT, each.id) for each in (first, second)]
    named = list[tuple[str, ...]]()
    for each, words in ((first, "changed this object"), (second, "changed these objects")):
        ben.do("reject", ben.edit(EditKind.REJECT, each.id))
        gesture = ann.make("accept all", *accepted)
        error = ann.send().refused[gesture.id]
        assert isinstance(error, StaleRevisionError)
        assert str(error) == f"somebody else {words}"
        named.append(error.objects)
    assert named == [(first.id,), (first.id, second.id)]


def test_a_refused_gesture_leaves_the_others_alone(ann: Person) -> None:
    first, second = ann.objects
    outside = ann.make("reshape", ann.edit(RESHAPE, first.id, mask(500, 5)))
    nonsense = ann.make("fly", ann.edit(ACCEPT, first.id))
    ann.make("accept", ann.edit(ACCEPT, second.id))
    outcome = ann.send()
    assert {name: str(error) for name, error in outcome.refused.items()} == {
        outside.id: "the shape lies outside the picture",
        nonsense.id: '"fly" is no gesture this version knows',
    }
    assert states(outcome.sheet) == [AnnotationState.PROPOSED, AnnotationState.ACCEPTED]


def test_a_fast_person_is_never_stale_against_themselves(ann: Person) -> None:
    drawn = ann.add(mask(40, 5))
    for n in range(20):
        ann.make("reshape", ann.edit(RESHAPE, drawn, mask(20, 5, seed=n)))
        ann.make("accept", ann.edit(ACCEPT, ann.objects[0].id))
        if n % 7 == 3:
            ann.tell()
    assert ann.send().refused == {}
    assert ann.objects[-1].mask == mask(20, 5, seed=19)
    assert [each.revision for each in ann.objects] == [21, 1, 21]


def test_a_page_loaded_anew_goes_on_where_it_was(ann: Person) -> None:
    """Its objects have the revisions of gestures it does not know to be answered yet."""
    name, other = (each.id for each in ann.objects)
    can = ann.told.classes[0]
    ann.make("reshape", ann.edit(RESHAPE, name, mask(20, 5)))
    ann.make("relabel", ann.edit(EditKind.RELABEL, other, None, can))
    ann.tell()
    ann.make("accept", ann.edit(ACCEPT, other))
    ann.reload()
    ann.make("reshape", ann.edit(RESHAPE, name, mask(4, 30)))
    ann.make("approve")
    assert ann.send().refused == {}
    assert (ann.objects[0].mask, ann.told.image.review) == (mask(4, 30), ReviewState.APPROVED)


def test_a_chain_does_not_slip_past_a_colleague(ann: Person, ben: Person) -> None:
    name = ann.objects[0].id
    ann.make("reshape", ann.edit(RESHAPE, name, mask(20, 5)))
    ann.tell()
    ben = Person("Ben", ann.told.image.id, ben.services)
    ben.do("reshape", ben.edit(RESHAPE, name, mask(4, 30)))
    ann.make("delete", ann.edit(DELETE, name))
    outcome = ann.send()
    assert list(map(str, outcome.refused.values())) == ["somebody else changed this object"]
    assert ann.objects[0].mask == mask(4, 30)


def test_a_gesture_after_one_that_was_refused_is_refused_too(ann: Person) -> None:
    name = ann.objects[0].id
    ann.make("reshape", ann.edit(RESHAPE, name, mask(500, 5)))
    ann.make("accept", ann.edit(ACCEPT, name))
    *_, second = ann.send().refused.values()
    assert str(second) == "an earlier change of yours to this object was refused"


def test_a_second_shape_for_an_object_kept_apart_changes_that_one(ann: Person, ben: Person) -> None:
    name = ann.objects[0].id
    ben.do("reshape", ben.edit(RESHAPE, name, mask(4, 30)))
    for seed in range(3):
        ann.make("reshape", ann.edit(RESHAPE, name, mask(20, 5, seed=seed)))
        ann.tell()
    outcome = ann.send()
    [error] = outcome.refused.values()
    assert "kept as object 3" in error.explanation
    theirs, _, mine = outcome.sheet.annotations
    assert (theirs.mask, mine.mask) == (mask(4, 30), mask(20, 5, seed=2))
    assert mine.conflict_copy, "nobody has chosen yet"


def test_what_was_kept_apart_and_then_changed_by_somebody_else_is_kept_again(
    ann: Person, ben: Person
) -> None:
    name = ann.objects[0].id
    ben.do("reshape", ben.edit(RESHAPE, name, mask(4, 30)))
    ann.make("reshape", ann.edit(RESHAPE, name, mask(20, 5)))
    ben.told = ann.tell().sheet
    ben.do("delete", ben.edit(DELETE, ben.objects[-1].id))
    for seed in (1, 2):
        ann.make("reshape", ann.edit(RESHAPE, name, mask(20, 5, seed=seed)))
    assert len(ann.send().refused) == 2
    assert [each.mask for each in ann.objects[2:]] == [mask(20, 5, seed=2)]


def test_both_parts_of_a_split_that_comes_too_late_are_kept(ann: Person, ben: Person) -> None:
    name, can = ann.objects[0].id, ann.told.classes[0]
    ben.do("reshape", ben.edit(RESHAPE, name, mask(4, 30)))
    parts = ann.edit(RESHAPE, name, mask(20, 5)), ann.edit(ADD, None, mask(35, 5), can)
    outcome = ann.do("split", *parts)
    [error] = outcome.refused.values()
    assert "kept as objects 3 and 4" in error.explanation
    assert [each.mask for each in ann.objects[2:]] == [mask(20, 5), mask(35, 5)]
    assert all(each.conflict_copy for each in ann.objects[2:])


def test_a_gesture_told_again_is_answered_as_it_was_first(ann: Person, ben: Person) -> None:
    """``Person.tell`` compares the answers."""
    first, second = ann.objects
    ben.do("accept", ben.edit(ACCEPT, first.id))
    ann.make("reshape", ann.edit(RESHAPE, first.id, SHAPE))
    ann.make("delete", ann.edit(DELETE, first.id))
    ann.make("delete", ann.edit(DELETE, second.id))
    once = ann.tell()
    assert len(once.refused) == 2
    assert ann.tell().sheet.image == once.sheet.image
    ben.told = once.sheet
    ben.do("delete", *[ben.edit(DELETE, each.id) for each in ben.objects])
    assert ann.send().sheet.annotations == []


def test_runs_of_the_page_that_overlap_carry_out_a_gesture_once(
    ann: Person, services: Services
) -> None:
    for _ in range(5):
        ann.add(mask(20, 5))
    image_id = ann.told.image.id

    def send(_: int) -> list[str]:
        refused = apply_gestures(image_id, ann.tail, services=ann.services)
        return [said(error) for error in refused.values()]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(8))) == [[]] * 8
    now = open_sheet(image_id, services=services)
    assert len(now.annotations) == len(ann.objects) + 5
    assert now.image.revision == ann.told.image.revision + 5


def test_what_was_drawn_of_a_class_that_is_merged_meanwhile_is_of_the_class_it_became(
    ann: Person, services: Services
) -> None:
    can, project_id = ann.told.classes[0], ann.told.image.project_id
    tin = add_class(project_id, "tin lid", services=services)
    ann.make("add", ann.edit(ADD, None, SHAPE, tin))
    ann.make("relabel", ann.edit(EditKind.RELABEL, ann.objects[0].id, None, tin))
    merge_class(tin, can, services=services)
    add_class(project_id, "lid", services=services)
    assert ann.send().refused == {}
    assert [each.class_id for each in ann.objects] == [can.id, None, can.id]


def test_an_object_of_another_picture_is_left_alone(
    ann: Person, other_image: int, services: Services
) -> None:
    theirs = Person("Ben", other_image, services)
    drawn = theirs.add(SHAPE)
    [told] = theirs.tail
    theirs.send()
    edit = replace(ann.edit(DELETE, drawn), base_revision=1)
    ann.make("delete", edit)
    ann.tail.append(told)
    assert [str(error) for error in ann.send().refused.values()] == [
        "this object is on another picture",
        "this gesture was made on another picture",
    ]
    assert len(open_sheet(other_image, services=services).annotations) == 1


@pytest.mark.parametrize("name", ["", "a b", "a" * 37, "a\0"])
def test_a_gesture_without_a_proper_id_is_refused(name: str, ann: Person) -> None:
    gesture = replace(ann.make("undo"), id=name)
    refused = apply_gestures(ann.told.image.id, [gesture], services=ann.services)
    assert [str(error) for error in refused.values()] == ["this gesture has no proper name"]
