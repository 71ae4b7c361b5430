"""The rules of the review: whose work stays, what may be approved, what can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beltmask.errors import BeltMaskError, OpenProposalsError, ReviewError, StaleRevisionError
from beltmask.model import (
    Annotation,
    AnnotationSource,
    AnnotationState,
    Change,
    Class,
    Mask,
    Operation,
    ReviewState,
)
from beltmask.review import Edit, EditKind, check_approval, edited, undone
from tests.beltmask.object_sets import CAN, GLOVE, Objects, by_id, changed
from tests.beltmask.store.builders import ANN, annotation, content, mask

Gesture = tuple[EditKind, int, Mask, Class]


anywhere = st.builds(mask, st.integers(0, 60), st.integers(0, 60), st.integers(0, 9))


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
        pytest.param(
            Edit("e", EditKind.REORDER, "a", 1), annotation("a", 1), ReviewError, id="to no layer"
        ),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(
    edit: Edit, current: Annotation | None, error: type[BeltMaskError]
) -> None:
    with pytest.raises(error):
        edited(edit, current, image_id=1)


@settings(max_examples=60)
@given(gestures)
def test_undoing_every_edit_gives_the_first_state_back(made: list[Gesture]) -> None:
    now, history = worked_on(some_objects(), made)
    for operation in reversed(history):
        now = changed(now, undone(operation, now))
    assert contents(now) == contents(some_objects())


@settings(max_examples=60)
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


def test_approval_waits_for_every_proposal() -> None:
    objects = [
        annotation("a", 1),
        annotation("b", 1),
        annotation("c", 1, state=AnnotationState.ACCEPTED),
    ]
    with pytest.raises(OpenProposalsError, match="2 proposed objects left"):
        check_approval(objects)


def test_approval_wants_a_class_for_every_object_that_is_kept() -> None:
    kept = annotation("a", 1, state=AnnotationState.ACCEPTED)
    rejected = annotation("b", 1, label="shadow", state=AnnotationState.REJECTED)
    with pytest.raises(ReviewError, match='no class for "bottle"'):
        check_approval([kept, rejected])
    check_approval([replace(kept, class_id=1), rejected])


def some_objects() -> dict[str, Annotation]:
    states = [*AnnotationState, AnnotationState.PROPOSED]
    shapes = [mask(40 * number, 5, seed=number) for number in range(len(states))]
    return by_id(
        annotation(f"a{number}", 1, mask=shape, box=shape.box, state=state)
        for number, (shape, state) in enumerate(zip(shapes, states, strict=True))
    )


def worked_on(objects: Objects, made: Sequence[Gesture]) -> tuple[Objects, list[Operation]]:
    """The objects after one gesture after another, and the history that leaves."""
    now, history = dict(objects), list[Operation]()
    for number, (kind, chosen, shape, to_class) in enumerate(made):
        names = [f"new{number}"] if kind is EditKind.ADD else sorted(now)
        if not names:
            continue
        name = names[chosen % len(names)]
        seen = now[name].revision if name in now else 0
        edit = Edit(str(number), kind, name, seen, shape, to_class, layer=chosen - 5)
        change = edited(edit, now.get(name), image_id=1)
        now = changed(now, [change])
        history.append(as_operation(change))
    return now, history


def as_operation(*changes: Change) -> Operation:
    state = ReviewState.IN_REVIEW
    return Operation("o", 1, "edit", ANN, datetime.now(UTC), changes, state, state)


def contents(objects: Objects) -> dict[str, tuple[Any, ...]]:
    return {name: content(each) for name, each in objects.items()}
