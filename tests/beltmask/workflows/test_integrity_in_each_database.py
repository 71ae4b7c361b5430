"""What ``check`` reads of the tables, on both databases."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import text

from beltmask.model import Image
from beltmask.store.blobs import Shelf
from beltmask.workflows.images import move_to_trash
from beltmask.workflows.integrity import Fate, check_everything
from beltmask.workflows.review_state import ReviewSheet
from beltmask.workflows.services import Services

NOBODYS = "ab" * 32


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


def found(services: Services, *, repair: bool = False) -> list[tuple[str, str, Fate]]:
    flaws = check_everything(services=services, repair=repair)
    return [(flaw.where, flaw.what, flaw.fate) for flaw in flaws]


def test_an_installation_at_work_is_sound(predicted: ReviewSheet, services: Services) -> None:
    move_to_trash([predicted.image.id], project_id=predicted.image.project_id, services=services)
    assert found(services) == []
    assert found(services, repair=True) == []


def test_words_of_a_reply_that_are_lost_or_changed_are_named(
    predicted: ReviewSheet, services: Services
) -> None:
    answered(predicted.image, services, NOBODYS)
    said = "the words of reply 1 about it are missing"
    assert found(services) == [("Belt 3, belt-1.png", said, Fate.LEFT)]
    services.store.blobs.put(Shelf.REPLIES, NOBODYS, b"others")
    said = "the words of reply 1 about it were changed since they came"
    assert found(services, repair=True) == [("Belt 3, belt-1.png", said, Fate.LEFT)]


def answered(image: Image, services: Services, sha256: str) -> None:
    with services.store.database.write() as connection:
        values = {"image": image.id, "sha": sha256}
        statement = """INSERT INTO replies (id, task_id, number, request, raw_sha256, dialect,
            latency, problems) SELECT 1, id, 1, 'aa', :sha, 'png', 0.5, '[]' FROM tasks
            WHERE image_id = :image"""
        connection.execute(text(statement), values)


def test_a_record_that_names_another_which_is_not_there_is_told(
    image: Image, services: Services
) -> None:
    with services.store.database.write() as connection:
        connection.execute(text("UPDATE classes SET merged_into = 77"))
    expected = ("the database", "1 of classes name classes that are not there", Fate.LEFT)
    assert found(services) == [expected]


def test_what_records_name_is_no_left_over_however_old_it_is(
    image: Image, services: Services
) -> None:
    nobodys = services.store.blobs.keep(Shelf.ORIGINALS, b"an original")
    for path in (services.settings.data / "store").rglob("*/??/*"):
        os.utime(path, (0, 0))
    expected = (f"originals {nobodys}", "no record names this", Fate.MENDED)
    assert found(services, repair=True) == [expected]
