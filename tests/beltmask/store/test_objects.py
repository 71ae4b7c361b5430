"""Objects of one class across pictures, page by page, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from beltmask.model import AnnotationState, Change
from beltmask.store.objects import START, Key, ObjectFilter
from beltmask.store.records import Store
from tests.beltmask.store.builders import annotation, project_with_images

STATES = tuple(AnnotationState)


@pytest.fixture
def where(store: Store) -> ObjectFilter:
    """Three pictures with four objects of a class each, one of each state, and one without."""
    project, images = project_with_images(store, 3)
    _, [theirs] = project_with_images(store, 1, name="another belt")
    with store.write() as records:
        can = records.classes.add(project.id, name="can", color="#ff0000", key=None)
        for image in (*images, theirs):
            here = can.id if image is not theirs else None
            names = [(f"{9 - n}{image.id:031}", state, here) for n, state in enumerate(STATES)]
            names.append((f"a{image.id:031}", STATES[0], None))
            for name, state, class_id in names:
                each = annotation(name, image.id, state=state, class_id=class_id)
                records.annotations.apply([Change(None, each)])
    return ObjectFilter(project.id, can.id)


def test_pages_hold_every_object_once_and_lead_back(store: Store, where: ObjectFilter) -> None:
    with store.read() as records:
        everything = records.objects.page(where, limit=100)
        keys: list[Key] = [(a.image_id, a.position, a.id) for a in everything]
        assert keys == sorted(keys)
        assert len(keys) == 12
        after, seen = START, list[str]()
        while page := records.objects.page(where, after=after, limit=5):
            seen += [each.id for each in page]
            after = (page[-1].image_id, page[-1].position, page[-1].id)
        assert seen == [each.id for each in everything]
        back = records.objects.page_before(where, before=keys[7], limit=5)
        assert [each.id for each in back] == seen[2:7]
        assert records.objects.counted(where, before=keys[7]) == (7, 12)


def test_filters_by_state_and_by_no_class(store: Store, where: ObjectFilter) -> None:
    proposed = replace(where, states=(AnnotationState.PROPOSED,))
    with store.read() as records:
        assert len(records.objects.page(proposed, limit=100)) == 3
        unclassed = records.objects.page(replace(where, class_id=None), limit=100)
        assert [each.class_id for each in unclassed] == [None] * 3
        two = replace(where, states=(AnnotationState.REJECTED, AnnotationState.EDITED))
        assert records.objects.counted(two, before=START) == (0, 6)


def test_objects_of_pictures_in_the_trash_are_left_out(store: Store, where: ObjectFilter) -> None:
    with store.write() as records:
        gone = records.objects.page(where, limit=1)[0].image_id
        records.images.trash(where.project_id, [gone], deleted_at=datetime.now(UTC))
    with store.read() as records:
        assert len(records.objects.page(where, limit=100)) == 8
