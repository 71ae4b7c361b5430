"""As many ids as anybody has, in one call, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from beltmask.model import Change
from beltmask.store import schema
from beltmask.store.membership import among
from beltmask.store.records import Records, Store
from tests.beltmask.store.builders import annotation, project_with_images

MANY, MORE = range(1, 300_001), range(1, 70_001)
"""SQLite takes 32,766 or 250,000 values in a statement, PostgreSQL 65,535."""


def names(ids: Sequence[int]) -> list[str]:
    return list(map(str, ids))


def test_300_000_pictures_go_to_the_trash_and_come_back_in_one_call(store: Store) -> None:
    project, images = project_with_images(store, 3)
    now = datetime.now(UTC)
    for deleted_at in (now, None):
        with store.write() as records:
            records.images.trash(project.id, MANY, deleted_at=deleted_at)
        with store.read() as records:
            found = records.images.by_ids(MANY)
        assert {each.id: each.deleted_at for each in found.values()} == dict.fromkeys(
            (each.id for each in images), deleted_at
        )


@pytest.mark.parametrize(
    ("ask", "wanted"),
    [
        pytest.param(lambda r: list(r.images.by_ids(MORE)), [1, 2, 3], id="images"),
        pytest.param(lambda r: r.images.sizes(MORE), [(640, 480)] * 3, id="sizes"),
        pytest.param(lambda r: list(r.annotations.by_ids(names(MORE))), ["7"], id="objects"),
        pytest.param(
            lambda r: [each.id for each in r.annotations.of_images(MORE)[2]], ["7"], id="of images"
        ),
        pytest.param(lambda r: r.operations.told(names(MORE)), {}, id="gestures"),
        pytest.param(lambda r: r.operations.touches(names(MORE)), {}, id="touches"),
        pytest.param(lambda r: r.operations.known(names(MORE)), frozenset(), id="known"),
        pytest.param(lambda r: r.predictions.by_ids(MORE), [], id="predictions"),
        pytest.param(lambda r: r.comments.open_counts(MORE), {}, id="threads"),
        pytest.param(lambda r: r.efforts.work(1, MORE), [], id="work"),
        pytest.param(lambda r: r.efforts.settled(1, MORE), [], id="settled objects"),
    ],
)
def test_70_000_ids_are_looked_for_in_one_call(
    ask: Callable[[Records], object], wanted: object, store: Store
) -> None:
    project_with_images(store, 3)
    with store.write() as records:
        records.annotations.apply([Change(None, annotation("7", 2))])
    with store.read() as records:
        assert ask(records) == wanted


@pytest.mark.parametrize("name", ["7", "o'7", '"7"', "傷", "7\n", "\ud800", "7\0", "7" * 37])
def test_an_id_of_any_letters_is_only_itself(name: str, store: Store) -> None:
    project_with_images(store, 1)
    with store.write() as records:
        records.annotations.apply([Change(None, annotation("7" * 36, 1))])
        plain = len(name) <= 36 and name.isprintable()
        if plain:
            records.annotations.apply([Change(None, annotation(name, 1))])
        assert list(records.annotations.by_ids([name, "no"])) == [name] * plain


def test_among_no_ids_is_nothing(store: Store) -> None:
    project_with_images(store, 2)
    with store.database.read() as connection:
        query = select(schema.images.c.id).where(among(schema.images.c.id, []))
        assert connection.execute(query).all() == []
