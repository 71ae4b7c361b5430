"""Proposals of a run: what they spare, what they replace, and what they do to a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beltmask.classes import class_for
from beltmask.masks import iou, mask_from_box
from beltmask.model import (
    Annotation,
    AnnotationSource,
    AnnotationState,
    Box,
    Change,
    Mask,
    Prediction,
    ReviewState,
)
from beltmask.review import SAME_OBJECT_IOU, after_proposals, proposed
from tests.beltmask.object_sets import CAN, GLOVE, Objects, by_id, changed
from tests.beltmask.store.builders import annotation, box_finding, finding, mask
from tests.examples import examples

PROPOSED = AnnotationState.PROPOSED

SETTLED = [state for state in AnnotationState if state is not PROPOSED]


def test_a_prediction_that_shares_exactly_half_with_a_settled_object_is_the_same() -> None:
    whole, half = mask_from_box(Box(0, 0, 4, 2)), mask_from_box(Box(0, 0, 4, 1))
    less = mask_from_box(Box(0, 0, 3, 1))
    assert (iou(whole, half), iou(whole, less)) == (0.5, 0.375)
    kept = annotation("a", 1, mask=whole, box=whole.box, state=AnnotationState.ACCEPTED)
    shapes = [half, less]
    found = [
        Prediction(n, 1, 1, n, each)
        for n, shape in enumerate(shapes, start=1)
        for each in (finding(shape=shape),)
    ]
    boxes = [replace(each, finding=replace(each.finding, mask=None)) for each in found]
    for predictions in (found, boxes):
        changes = proposed([kept], predictions, class_of=lambda _: None, new_id=lambda: "n")
        assert [each.after and each.after.prediction_id for each in changes] == [2]


crowded = st.lists(st.builds(mask, st.integers(0, 14), st.integers(0, 14)), max_size=6)


@settings(max_examples=examples(30, exploring=100))
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
