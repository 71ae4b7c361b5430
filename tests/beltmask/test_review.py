"""The rules of the review: whose work stays, what may be approved, what can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beltmask.classes import class_for
from beltmask.errors import BeltMaskError, OpenProposalsError, ReviewError, StaleRevisionError
from beltmask.masks import iou
from beltmask.model import (
    Annotation,
    AnnotationSource,
    AnnotationState,
    Box,
    Change,
    Class,
    Mask,
    Operation,
    Prediction,
    ReviewState,
)
from beltmask.review import (
    SAME_OBJECT_IOU,
    Edit,
    EditKind,
    after_proposals,
    check_approval,
    edited,
    proposed,
    undone,
)
from tests.beltmask.store.builders import ANN, annotation, box_finding, content, finding, mask

CAN = Class(1, 1, 0, "can", "#ff0000", aliases=("tin",))
GLOVE = Class(2, 1, 1, "glove", "#00ff00")
PROPOSED = AnnotationState.PROPOSED
SETTLED = [state for state in AnnotationState if state is not PROPOSED]

Objects = Mapping[str, Annotation]
Gesture = tuple[EditKind, int, Mask, Class]

anywhere = st.builds(mask, st.integers(0, 60), st.integers(0, 60), st.integers(0, 9))
crowded = st.lists(st.builds(mask, st.integers(0, 14), st.integers(0, 14)), max_size=6)
gestures = st.lists(
    st.tuples(
        st.sampled_from(EditKind), st.integers(0, 9), anywhere, st.sampled_from([CAN, GLOVE])
    ),
    max_size=30,
)


def test_a_new_object_is_a_persons_own() -> None:
    change = edited(Edit("e", EditKind.ADD, "a", 0, mask(), CAN), None, image_id=7)
    added = change.after
    assert change.before is None
    assert added is not None
    assert (added.id, added.image_id, added.revision) == ("a", 7, 1)
    assert (added.label, added.class_id, added.mask) == ("can", CAN.id, mask())
    assert (added.source, added.state) == (AnnotationSource.HUMAN, AnnotationState.EDITED)


@pytest.mark.parametrize(
    ("kind", "source", "state"),
    [
        (EditKind.RESHAPE, AnnotationSource.EDITED_MODEL, AnnotationState.EDITED),
        (EditKind.RELABEL, AnnotationSource.EDITED_MODEL, AnnotationState.EDITED),
        (EditKind.ACCEPT, AnnotationSource.MODEL, AnnotationState.ACCEPTED),
        (EditKind.REJECT, AnnotationSource.MODEL, AnnotationState.REJECTED),
    ],
)
def test_an_edit_says_whose_work_the_object_is_now(
    kind: EditKind, source: AnnotationSource, state: AnnotationState
) -> None:
    after = edited(Edit("e", kind, "a", 1, mask(1, 2), GLOVE), annotation("a", 1), image_id=1).after
    assert after is not None
    assert (after.source, after.state, after.revision) == (source, state, 2)


def test_relabelling_leaves_the_shape_as_it_was() -> None:
    before = annotation("a", 1)
    after = edited(Edit("e", EditKind.RELABEL, "a", 1, to_class=GLOVE), before, image_id=1).after
    assert after is not None
    assert after.mask is before.mask
    assert (after.label, after.class_id) == ("glove", GLOVE.id)


def test_reshaping_moves_the_box_with_the_mask() -> None:
    shape = mask(200, 100)
    after = edited(Edit("e", EditKind.RESHAPE, "a", 1, shape), annotation("a", 1), image_id=1).after
    assert after is not None
    assert (after.mask, after.box, after.label) == (shape, shape.box, "bottle")


def test_an_edited_object_accepted_again_stays_edited() -> None:
    drawn = annotation("a", 1, source=AnnotationSource.HUMAN, state=AnnotationState.REJECTED)
    after = edited(Edit("e", EditKind.ACCEPT, "a", 1), drawn, image_id=1).after
    assert after is not None
    assert (after.source, after.state) == (AnnotationSource.HUMAN, AnnotationState.EDITED)


@pytest.mark.parametrize(
    ("edit", "current", "error"),
    [
        pytest.param(Edit("e", EditKind.ACCEPT, "a", 1), None, StaleRevisionError, id="gone"),
        pytest.param(
            Edit("e", EditKind.DELETE, "a", 1),
            annotation("a", 1, revision=2),
            StaleRevisionError,
            id="changed meanwhile",
        ),
        pytest.param(
            Edit("e", EditKind.ADD, "a", 0, mask(), CAN),
            annotation("a", 1),
            StaleRevisionError,
            id="added twice",
        ),
        pytest.param(Edit("e", EditKind.ADD, "a", 0, mask()), None, ReviewError, id="no class"),
        pytest.param(
            Edit("e", EditKind.ADD, "a", 0, None, CAN), None, ReviewError, id="nothing drawn"
        ),
        pytest.param(
            Edit("e", EditKind.RESHAPE, "a", 1), annotation("a", 1), ReviewError, id="no shape left"
        ),
        pytest.param(
            Edit("e", EditKind.RELABEL, "a", 1), annotation("a", 1), ReviewError, id="to no class"
        ),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(
    edit: Edit, current: Annotation | None, error: type[BeltMaskError]
) -> None:
    with pytest.raises(error):
        edited(edit, current, image_id=1)


@settings(max_examples=60, deadline=None)
@given(gestures)
def test_undoing_every_edit_gives_the_first_state_back(made: list[Gesture]) -> None:
    now, history = worked_on(some_objects(), made)
    for operation in reversed(history):
        now = changed(now, undone(operation, now))
    assert contents(now) == contents(some_objects())


@settings(max_examples=60, deadline=None)
@given(gestures)
def test_objects_nobody_touched_are_identical_whatever_happened_to_others(
    made: list[Gesture],
) -> None:
    first = some_objects()
    now, history = worked_on(first, made)
    changes = [change for operation in history for change in operation.changes]
    touched = {change.before.id for change in changes if change.before is not None}
    for name in first.keys() - touched:
        assert now[name] is first[name]


def test_an_operation_cannot_be_undone_over_a_later_change() -> None:
    first = annotation("a", 1)
    accepted = edited(Edit("e", EditKind.ACCEPT, "a", 1), first, image_id=1)
    later = replace(first, state=AnnotationState.REJECTED, revision=3)
    with pytest.raises(StaleRevisionError, match="cannot be undone"):
        undone(as_operation(accepted), {"a": later})


@settings(max_examples=100, deadline=None)
@given(crowded, crowded, st.data())
def test_proposals_spare_what_people_settled_and_detecting_twice_doubles_nothing(
    kept: list[Mask], found: list[Mask], data: st.DataObject
) -> None:
    states = [data.draw(st.sampled_from(AnnotationState)) for _ in kept]
    first = by_id(
        annotation(f"a{n}", 1, mask=shape, box=shape.box, state=state)
        for n, (shape, state) in enumerate(zip(kept, states, strict=True))
    )
    once = changed(first, propose(first, found))
    settled = {name: each for name, each in first.items() if each.state is not PROPOSED}
    assert all(once[name] is each for name, each in settled.items())
    for each in once.values():
        if each.state is PROPOSED:
            assert each.id not in first
            assert all(overlap(each, human) < SAME_OBJECT_IOU for human in settled.values())

    twice = changed(once, propose(once, found))
    assert sorted(map(place, twice.values())) == sorted(map(place, once.values()))


@pytest.mark.parametrize("state", SETTLED)
def test_an_object_a_person_settled_is_not_proposed_again(state: AnnotationState) -> None:
    assert propose(by_id([annotation("a", 1, state=state)]), [mask()]) == ()


@pytest.mark.parametrize(
    ("corners", "proposals"), [((10, 20, 22, 29), 0), ((18, 20, 30, 29), 1)], ids=["same", "other"]
)
def test_objects_without_masks_are_compared_by_their_boxes(
    corners: tuple[int, int, int, int], proposals: int
) -> None:
    box = Box(10, 20, 22, 29)
    settled = annotation("a", 1, mask=None, box=box, state=AnnotationState.REJECTED)
    found = Prediction(1, 1, 1, 1, box_finding("tin", corners))
    changes = proposed([settled], [found], class_of=lambda _: None, new_id=lambda: "p")
    assert len(changes) == proposals


def test_a_proposal_carries_what_was_found_and_the_class_it_means() -> None:
    [change] = propose({}, [mask()], label=" Tin ")
    made = change.after
    assert made is not None
    assert (made.label, made.class_id, made.prediction_id) == (" Tin ", CAN.id, 1)
    assert (made.source, made.state, made.mask) == (AnnotationSource.MODEL, PROPOSED, mask())


def test_a_label_no_class_stands_for_is_proposed_without_a_class() -> None:
    [change] = propose({}, [mask()], label="wrench")
    assert change.after is not None
    assert change.after.class_id is None


@pytest.mark.parametrize(
    ("before", "found", "after"),
    [
        (ReviewState.NEW, True, ReviewState.PREDICTED),
        (ReviewState.NEW, False, ReviewState.PREDICTED),
        (ReviewState.IN_REVIEW, True, ReviewState.IN_REVIEW),
        (ReviewState.APPROVED, True, ReviewState.IN_REVIEW),
        (ReviewState.APPROVED, False, ReviewState.APPROVED),
        (ReviewState.REJECTED, True, ReviewState.IN_REVIEW),
        (ReviewState.REJECTED, False, ReviewState.REJECTED),
    ],
)
def test_new_proposals_open_a_settled_image(
    before: ReviewState, found: bool, after: ReviewState
) -> None:
    changes = propose({}, [mask()] if found else [])
    assert after_proposals(before, changes) is after


def test_an_image_with_no_objects_can_be_approved() -> None:
    check_approval([])


def test_approval_waits_for_every_proposal() -> None:
    objects = [annotation("a", 1), annotation("b", 1), annotation("c", 1, state=SETTLED[0])]
    with pytest.raises(OpenProposalsError, match="2 proposed objects left"):
        check_approval(objects)


def test_approval_wants_a_class_for_every_object_that_is_kept() -> None:
    kept = annotation("a", 1, state=AnnotationState.ACCEPTED)
    rejected = annotation("b", 1, label="shadow", state=AnnotationState.REJECTED)
    with pytest.raises(ReviewError, match='no class for "bottle"'):
        check_approval([kept, rejected])
    check_approval([replace(kept, class_id=1), rejected])


def some_objects() -> dict[str, Annotation]:
    states = [*AnnotationState, PROPOSED]
    shapes = [mask(40 * number, 5, seed=number) for number in range(len(states))]
    return by_id(
        annotation(f"a{number}", 1, mask=shape, box=shape.box, state=state)
        for number, (shape, state) in enumerate(zip(shapes, states, strict=True))
    )


def by_id(annotations: Iterable[Annotation]) -> dict[str, Annotation]:
    return {each.id: each for each in annotations}


def changed(objects: Objects, changes: Iterable[Change]) -> dict[str, Annotation]:
    """What a store makes of changes: each on top of the revision it was made from."""
    after = dict(objects)
    for change in changes:
        if change.before is not None:
            assert after.pop(change.before.id).revision == change.before.revision
        if change.after is not None:
            assert change.after.id not in after
            after[change.after.id] = change.after
    return after


def worked_on(objects: Objects, made: Sequence[Gesture]) -> tuple[Objects, list[Operation]]:
    """The objects after one gesture after another, and the history that leaves."""
    now, history = dict(objects), list[Operation]()
    for number, (kind, chosen, shape, to_class) in enumerate(made):
        names = [f"new{number}"] if kind is EditKind.ADD else sorted(now)
        if not names:
            continue
        name = names[chosen % len(names)]
        seen = now[name].revision if name in now else 0
        edit = Edit(str(number), kind, name, seen, shape, to_class)
        change = edited(edit, now.get(name), image_id=1)
        now = changed(now, [change])
        history.append(as_operation(change))
    return now, history


def as_operation(*changes: Change) -> Operation:
    state = ReviewState.IN_REVIEW
    return Operation("o", 1, "edit", ANN, datetime.now(UTC), changes, state, state)


def propose(objects: Objects, found: Sequence[Mask], label: str = "tin") -> tuple[Change, ...]:
    predictions = [
        Prediction(number, 1, 1, number, finding(label, shape))
        for number, shape in enumerate(found, start=1)
    ]
    numbers = (number for number in count() if f"p{number}" not in objects)
    return proposed(
        list(objects.values()),
        predictions,
        class_of=lambda wanted: class_for(wanted, [CAN, GLOVE]),
        new_id=lambda: f"p{next(numbers)}",
    )


def overlap(first: Annotation, second: Annotation) -> float:
    assert first.mask is not None
    assert second.mask is not None
    return iou(first.mask, second.mask)


def place(each: Annotation) -> tuple[Any, ...]:
    return (*each.box.corners, each.state)


def contents(objects: Objects) -> dict[str, tuple[Any, ...]]:
    return {name: content(each) for name, each in objects.items()}
