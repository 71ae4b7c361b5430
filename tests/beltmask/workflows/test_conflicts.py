"""Two people at work on one object: neither's work is lost."""

from __future__ import annotations

import pytest

from beltmask.errors import OpenProposalsError, ReviewError, StaleRevisionError
from beltmask.model import Annotation, AnnotationSource, AnnotationState, Image, Mask
from beltmask.review import Edit, EditKind
from beltmask.workflows.history import new_id
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import content, finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.gestures import accept_all, apply_edits, approve, undo

MINE, THEIRS = mask(20, 30, seed=1), mask(4, 4, seed=2)


@pytest.fixture
def conflict(image: Image, services: Services) -> ReviewSheet:
    """Two proposals as this person saw them, before somebody else moved the first."""
    detected(image, services, [finding("foreign object", mask(2, 3)), finding(shape=mask(30, 20))])
    seen = open_sheet(image.id, services=services)
    apply_edits(image.id, [moving(seen.annotations[0], THEIRS)], services=services)
    return seen


def test_a_shape_drawn_for_an_object_somebody_else_changed_does_not_vanish(
    conflict: ReviewSheet, services: Services
) -> None:
    first = conflict.annotations[0]
    with pytest.raises(StaleRevisionError, match="somebody else changed this object") as refusal:
        apply_edits(conflict.image.id, [moving(first, MINE)], services=services)
    theirs, _, mine = now(conflict, services).annotations
    assert (theirs.id, theirs.mask) == (first.id, THEIRS)
    assert (mine.label, mine.class_id) == (first.label, first.class_id)
    assert (mine.mask, mine.box) == (MINE, MINE.box)
    assert (mine.source, mine.state) == (AnnotationSource.HUMAN, AnnotationState.PROPOSED)
    assert "kept as object 3" in refusal.value.explanation


def test_both_versions_of_an_object_know_of_each_other_until_one_is_chosen(
    conflict: ReviewSheet, services: Services
) -> None:
    first = conflict.annotations[0]
    with pytest.raises(StaleRevisionError):
        apply_edits(conflict.image.id, [moving(first, MINE)], services=services)
    mine = now(conflict, services).annotations[2]
    assert now(conflict, services).versions == {mine.id: first.id}
    accept = Edit(new_id(), EditKind.ACCEPT, mine.id, mine.revision)
    assert apply_edits(conflict.image.id, [accept], services=services).versions == {}


def test_a_shape_drawn_for_an_object_somebody_else_deleted_is_kept(
    image: Image, services: Services
) -> None:
    detected(image, services, [finding("foreign object", mask(2, 3))])
    [seen] = open_sheet(image.id, services=services).annotations
    delete = Edit(new_id(), EditKind.DELETE, seen.id, seen.revision)
    apply_edits(image.id, [delete], services=services)
    with pytest.raises(StaleRevisionError, match="somebody else deleted this object") as refusal:
        apply_edits(image.id, [moving(seen, MINE)], services=services)
    [mine] = open_sheet(image.id, services=services).annotations
    assert (mine.label, mine.class_id, mine.mask) == (seen.label, seen.class_id, MINE)
    assert "kept as object 1" in refusal.value.explanation


def test_a_shape_drawn_while_a_run_replaced_its_object_is_kept(
    image: Image, services: Services
) -> None:
    detected(image, services, [finding("foreign object", mask(2, 3))])
    [seen] = open_sheet(image.id, services=services).annotations
    detected(image, services, [finding("foreign object", mask(3, 3))])
    with pytest.raises(StaleRevisionError):
        apply_edits(image.id, [moving(seen, MINE)], services=services)
    assert [each.mask for each in open_sheet(image.id, services=services).annotations][1] == MINE


def test_a_stale_edit_is_refused_alone(conflict: ReviewSheet, services: Services) -> None:
    first, second = conflict.annotations
    drawn = Edit(new_id(), EditKind.ADD, new_id(), mask=MINE, to_class=conflict.classes[0])
    stale = Edit(new_id(), EditKind.REJECT, first.id, first.revision)
    fresh = Edit(new_id(), EditKind.REJECT, second.id, second.revision)
    with pytest.raises(StaleRevisionError) as refusal:
        apply_edits(conflict.image.id, [drawn, stale, fresh], services=services)
    after = {each.id: each.state for each in now(conflict, services).annotations}
    assert after[first.id] is AnnotationState.EDITED
    assert after[second.id] is AnnotationState.REJECTED
    assert drawn.annotation_id in after
    assert len(after) == 3, "there was no shape to keep"
    assert "kept" not in refusal.value.explanation


def test_a_refusal_names_the_objects_it_is_about_and_says_what_to_do(
    conflict: ReviewSheet, services: Services
) -> None:
    first, second = conflict.annotations
    accept = Edit(new_id(), EditKind.ACCEPT, first.id, first.revision)
    said = [refused(accept, conflict, services) for _ in range(2)]
    assert said[0].explanation == (
        "somebody else changed this object. You see it as it is now: do it again if it still fits."
    )
    assert said[0].objects == (first.id,)
    assert (said[1].explanation, said[1].objects) == (said[0].explanation, said[0].objects)
    drawn = refused(moving(first, MINE), conflict, services)
    assert drawn.objects == (first.id,)
    apply_edits(
        conflict.image.id, [Edit(new_id(), EditKind.DELETE, second.id, 1)], services=services
    )
    late = refused(Edit(new_id(), EditKind.ACCEPT, second.id, second.revision), conflict, services)
    assert "somebody else deleted this object. Draw it again" in late.explanation


def test_a_refused_shape_that_comes_again_is_kept_once(
    conflict: ReviewSheet, services: Services
) -> None:
    stale = moving(conflict.annotations[0], MINE)
    with pytest.raises(StaleRevisionError):
        apply_edits(conflict.image.id, [stale], services=services)
    once = now(conflict, services)
    with pytest.raises(StaleRevisionError, match="somebody else changed") as refusal:
        apply_edits(conflict.image.id, [stale], services=services)
    assert "kept as object 3" in refusal.value.explanation
    again = now(conflict, services)
    assert again.image == once.image
    assert list(map(content, again.annotations)) == list(map(content, once.annotations))


def test_a_shape_kept_apart_waits_for_a_person(conflict: ReviewSheet, services: Services) -> None:
    """Accepting all would put two of the same object into the truth."""
    mine = conflict_copy(conflict, services)
    sheet = accept_all(conflict.image.id, services=services)
    assert {each.id: each.state for each in sheet.annotations}[mine.id] is AnnotationState.PROPOSED
    with pytest.raises(OpenProposalsError, match="1 proposed object left"):
        approve(sheet.image.id, seen=sheet.image.revision, services=services)
    accept = Edit(new_id(), EditKind.ACCEPT, mine.id, mine.revision)
    [*_, settled] = apply_edits(sheet.image.id, [accept], services=services).annotations
    assert settled.state is AnnotationState.EDITED


def test_a_run_does_not_replace_a_shape_that_was_kept_apart(
    conflict: ReviewSheet, services: Services
) -> None:
    mine = conflict_copy(conflict, services)
    detected(conflict.image, services, [finding("foreign object", MINE), finding()])
    after = now(conflict, services).annotations
    assert mine.id in [each.id for each in after]
    assert [each.mask for each in after].count(MINE) == 1


def test_keeping_a_shape_apart_can_be_undone(conflict: ReviewSheet, services: Services) -> None:
    before = now(conflict, services)
    conflict_copy(conflict, services)
    after = undo(conflict.image.id, services=services)
    assert list(map(content, after.annotations)) == list(map(content, before.annotations))


def test_a_stale_shape_outside_the_picture_is_not_kept(
    conflict: ReviewSheet, services: Services
) -> None:
    with pytest.raises(ReviewError, match="outside the picture"):
        apply_edits(
            conflict.image.id, [moving(conflict.annotations[0], mask(500, 5))], services=services
        )
    assert len(now(conflict, services).annotations) == 2


def moving(annotation: Annotation, shape: Mask) -> Edit:
    return Edit(new_id(), EditKind.RESHAPE, annotation.id, annotation.revision, shape)


def refused(edit: Edit, conflict: ReviewSheet, services: Services) -> StaleRevisionError:
    with pytest.raises(StaleRevisionError) as refusal:
        apply_edits(conflict.image.id, [edit], services=services)
    return refusal.value


def conflict_copy(conflict: ReviewSheet, services: Services) -> Annotation:
    edit = moving(conflict.annotations[0], MINE)
    with pytest.raises(StaleRevisionError):
        apply_edits(conflict.image.id, [edit], services=services)
    return now(conflict, services).annotations[-1]


def now(sheet: ReviewSheet, services: Services) -> ReviewSheet:
    return open_sheet(sheet.image.id, services=services)
