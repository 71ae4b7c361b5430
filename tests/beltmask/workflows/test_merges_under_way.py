"""A merge and what colleagues do in the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from sqlalchemy import text

from beltmask.errors import StaleRevisionError
from beltmask.model import Class, Image, Project, ReviewState
from beltmask.review import Edit, EditKind
from beltmask.workflows.class_changes import Touched
from beltmask.workflows.class_merges import merge_class
from beltmask.workflows.history import keep_operation, new_id
from beltmask.workflows.image_review import give_class
from beltmask.workflows.projects import add_class
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.workflows.classes_at_work import classes_in, opened_on, picture_of
from tests.gestures import apply_edits


@pytest.fixture
def services(tables_url: str) -> Iterator[Services]:
    with opened_on(tables_url) as services:
        yield services


@pytest.fixture
def can(project: Project, services: Services) -> Class:
    return add_class(project.id, "can", services=services)


@pytest.fixture
def tin(project: Project, can: Class, services: Services) -> Class:
    return add_class(project.id, "tin", services=services)


def relabel(image_id: int, number: int, to: Class, services: Services) -> None:
    each = open_sheet(image_id, services=services).annotations[number]
    edit = Edit(new_id(), EditKind.RELABEL, each.id, each.revision, to_class=to)
    apply_edits(image_id, [edit], services=services)


def wait_until_it_waits(work: Future[Touched], services: Services) -> None:
    """Or until it is over; SQLite lets nobody begin while somebody writes."""
    while not work.done():
        with services.store.database.read() as connection:
            if connection.dialect.name == "sqlite":
                return
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if connection.execute(waiting).scalar_one():
                return


def test_a_merge_waits_for_what_is_being_done_in_its_pictures(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    image = picture_of("tin", project, services)
    with ThreadPoolExecutor(1) as pool:
        with services.store.write() as records:
            held = records.images.get(image.id, lock=True)
            review = ReviewState.IN_REVIEW
            keep_operation(records, held, "reopen", actor=services.actor, review=review)
            merging = pool.submit(merge_class, tin, can, services=services)
            wait_until_it_waits(merging, services)
        assert merging.result() == Touched(1, 1, 0)
    with services.store.read() as records:
        kinds = [each.kind for each in records.operations.of_image(image.id)]
    assert kinds == ["merge class", "reopen", "propose"]


def test_what_is_relabelled_while_classes_are_merged_ends_in_the_class_that_stays(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    images = [picture_of("x x", project, services, seed=n) for n in range(4)]
    together = Barrier(len(images) + 1)

    def work(image: Image) -> None:
        together.wait()
        for number in (0, 1, 0, 1):
            with suppress(StaleRevisionError):  # the merge came in between
                relabel(image.id, number, tin, services)

    with ThreadPoolExecutor(len(images)) as pool:
        done = [pool.submit(work, image) for image in images]
        together.wait()
        merge_class(tin, can, services=services)
        for each in done:
            each.result()
    assert [classes_in(image, services) for image in images] == [["can", "can"]] * 4


def test_a_page_left_open_gives_the_class_that_stands_for_the_merged_one(
    project: Project, can: Class, tin: Class, services: Services
) -> None:
    image = picture_of("other bolt", project, services)
    merge_class(tin, can, services=services)
    relabel(image.id, 0, tin, services)
    give_class(image.id, "bolt", tin, services=services)
    assert classes_in(image, services) == ["can", "can"]
