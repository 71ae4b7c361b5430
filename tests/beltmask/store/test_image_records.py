"""Images of projects: paging by key, filters, states, trash."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from beltmask.errors import NotFoundError, StaleRevisionError
from beltmask.model import ReviewState
from beltmask.store.images import ImageFilter
from beltmask.store.records import Store
from tests.beltmask.store.builders import ANN, facts, project_with_images

MANY = 2_000
PAGE = 300


def test_pages_by_key_hold_every_image_once_in_order(store: Store) -> None:
    project, added = project_with_images(store, MANY)
    _, others = project_with_images(store, 3, name="another belt")
    where, seen, after = ImageFilter(project.id), list[int](), 0
    with store.read() as records:
        while page := records.images.page(where, after=after, limit=PAGE):
            assert records.images.count_up_to(where, page[0].id) == len(seen)
            seen += [image.id for image in page]
            after = page[-1].id
        backwards = records.images.page_before(where, before=added[PAGE].id, limit=PAGE)
        assert [image.id for image in backwards] == seen[:PAGE]
        assert records.images.ids(where) == seen
    assert seen == [image.id for image in added]
    assert not set(seen) & {image.id for image in others}


def test_images_added_and_removed_while_somebody_pages_shift_nothing(store: Store) -> None:
    project, added = project_with_images(store, 9)
    where = ImageFilter(project.id)
    with store.read() as records:
        first = records.images.page(where, limit=3)
    with store.write() as records:
        gone = [added[0].id, added[4].id]
        records.images.trash(project.id, gone, deleted_at=datetime.now(UTC))
        records.images.add(project.id, facts(99), actor=ANN)
    with store.read() as records:
        second = records.images.page(where, after=first[-1].id, limit=3)
    assert [image.name for image in second] == ["belt-0003.png", "belt-0005.png", "belt-0006.png"]


def test_a_filter_by_state_and_name_finds_what_it_says(store: Store) -> None:
    project, added = project_with_images(store, 12)
    with store.write() as records:
        for image in added[:5]:
            records.images.move(image, review=ReviewState.APPROVED, object_count=0)
    where = ImageFilter(project.id, (ReviewState.APPROVED,), name_contains="BELT-0004")
    with store.read() as records:
        assert records.images.ids(where) == [added[4].id]
        counts = records.images.count_by_review(ImageFilter(project.id))
        anything = ImageFilter(project.id, name_contains="%")
        assert records.images.ids(anything) == []
    assert counts == {ReviewState.APPROVED: 5, ReviewState.NEW: 7}


def test_the_trash_of_a_project_takes_no_images_of_another(store: Store) -> None:
    project, [mine] = project_with_images(store, 1)
    _, [theirs] = project_with_images(store, 1, name="another belt")
    with store.write() as records:
        records.images.trash(project.id, [mine.id, theirs.id], deleted_at=datetime.now(UTC))
    with store.read() as records:
        assert records.images.get(mine.id).deleted_at is not None
        assert records.images.get(theirs.id).deleted_at is None
        assert records.images.ids(ImageFilter(project.id, trash=True)) == [mine.id]
        assert records.images.ids(ImageFilter(project.id)) == []


def test_the_facts_of_a_picture_come_back_as_they_went_in(store: Store) -> None:
    learned = facts(
        7,
        orientation=6,
        bit_depth=16,
        window=(12.0, 4095.0),
        captured_at=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        folder="line 3/morning",
    )
    with store.write() as records:
        project = records.projects.add("Belt 3", actor=ANN)
        image = records.images.add(project.id, learned, actor=ANN)
    with store.read() as records:
        assert records.images.get(image.id).facts == learned
        assert records.images.by_hash(project.id, learned.sha256) == records.images.get(image.id)
        assert records.images.by_hash(project.id, "0" * 64) is None


def test_a_project_holds_the_same_bytes_once(store: Store) -> None:
    project, _ = project_with_images(store, 1)
    with pytest.raises(IntegrityError), store.write() as records:
        records.images.add(project.id, facts(0), actor=ANN)


def test_a_state_is_written_only_on_top_of_what_was_read(store: Store) -> None:
    _, [image] = project_with_images(store, 1)
    with store.write() as records:
        moved = records.images.move(image, review=ReviewState.PREDICTED, object_count=4)
    assert (moved.revision, moved.object_count) == (image.revision + 1, 4)
    with pytest.raises(StaleRevisionError, match="belt-0000"), store.write() as records:
        records.images.move(image, review=ReviewState.APPROVED, object_count=0)


def test_an_image_that_is_not_there_is_said_to_be_missing(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no image 41"), store.read() as records:
        records.images.get(41)
