"""Everything there is, for somebody who checks whether it fits together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    exists,
    func,
    literal,
    select,
    text,
    union_all,
)

from beltmask.model import Image
from beltmask.store import schema
from beltmask.store.images import image_of
from beltmask.store.schema import metadata

_MOST_TOLD = 20
_UNDECLARED = (
    (schema.runs.c.belt_region_id, schema.belt_regions.c.id),
    (schema.runs.c.comparison_id, schema.comparisons.c.id),
    (schema.classes.c.merged_into, schema.classes.c.id),
)
"""Columns that name a row of another table although the database does not hold them to it."""


@dataclass(frozen=True, slots=True)
class KeptShape:
    """A shape as it is stored, of an object (``kind`` "object") or of a detector's answer."""

    kind: str
    name: str
    image_id: int
    corners: tuple[int, int, int, int]
    """x0, y0, x1, y1: whatever was stored."""
    counts: bytes | None


@dataclass(frozen=True, slots=True)
class KeptWords:
    """Where the words of a reply are kept, and the image it was about."""

    id: int
    raw_sha256: str
    image_id: int


class Inspection:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def images(self, *, after: int, limit: int) -> list[Image]:
        """Images of all projects, those in the trash too, by id."""
        table = schema.images
        query = select(table).where(table.c.id > after).order_by(table.c.id).limit(limit)
        return [image_of(row) for row in self._connection.execute(query).mappings()]

    def replies(self, *, after: int, limit: int) -> list[KeptWords]:
        table, tasks = schema.replies, schema.tasks
        query = select(table.c.id, table.c.raw_sha256, tasks.c.image_id)
        query = query.join(tasks, tasks.c.id == table.c.task_id).where(table.c.id > after)
        rows = self._connection.execute(query.order_by(table.c.id).limit(limit))
        return [KeptWords(*row) for row in rows]

    def shapes(self, image_ids: Sequence[int]) -> list[KeptShape]:
        """Of some images, as they are stored: nothing is decoded."""
        found = union_all(
            *(
                select(literal(kind), *_shape_of(table)).where(table.c.image_id.in_(image_ids))
                for kind, table in (
                    ("object", schema.annotations),
                    ("prediction", schema.predictions),
                )
            )
        )
        return [
            KeptShape(row[0], row[1], row[2], (row[3], row[4], row[5], row[6]), row[7])
            for row in self._connection.execute(found)
        ]

    def hashes(self, table: str, prefix: str) -> set[str]:
        """The hashes that "images" or "replies" name and that begin with ``prefix``."""
        column = schema.images.c.sha256 if table == "images" else schema.replies.c.raw_sha256
        query = select(column).where(column.startswith(prefix, autoescape=True)).distinct()
        return set(self._connection.execute(query).scalars())

    def faults(self) -> Iterator[str]:
        """What is wrong with the tables themselves, in a few words each."""
        if self._connection.dialect.name == "sqlite":
            check = text(f"PRAGMA integrity_check({_MOST_TOLD})")
            said = self._connection.execute(check).scalars().all()
            yield from (each for each in said if each != "ok")
        for child, parent in (*_declared(), *_UNDECLARED):
            count = self._orphans(child, parent)
            if count:
                yield f"{count} of {child.table.name} name {parent.table.name} that are not there"

    def _orphans(self, child: Column[int], parent: Column[int]) -> int:
        other = parent.table.alias()
        there = exists().where(other.c[parent.name] == child)
        query = select(func.count()).select_from(child.table).where(child.is_not(None), ~there)
        return int(self._connection.execute(query).scalar_one())


def _declared() -> Iterator[tuple[Column[int], Column[int]]]:
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
            yield key.parent, key.column


def _shape_of(table: Table) -> list[ColumnElement[Any]]:
    name = table.c.id.cast(schema.annotations.c.id.type)
    return [name, table.c.image_id, *(table.c[each] for each in ("x0", "y0", "x1", "y1", "counts"))]
