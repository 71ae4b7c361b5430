"""The history of an image without its shapes: who did what when, and what can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from beltmask.model import Actor, ReviewState
from beltmask.store import schema
from beltmask.store.class_changes import TOLD_TO_IMAGES

UNDO, REDO = "undo", "redo"
"""Kinds of operations that take another back; ``detail["undoes"]`` names that one."""
REFUSED = "refused"
"""The kind of operation that keeps what was answered to a gesture that was not made."""
_NO_WORK = (UNDO, REDO, REFUSED, *TOLD_TO_IMAGES)


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as history tells it. ``number`` counts from 1 within its image."""

    id: str
    image_id: int
    number: int
    kind: str
    actor: Actor
    at: datetime
    review_before: ReviewState
    review_after: ReviewState
    detail: Mapping[str, Any]

    @property
    def what(self) -> str:
        """The kind; of an undo or redo, the kind of what it took back or did again."""
        return str(self.detail.get("of", self.kind))


class Entries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_undoable(self, image_id: int, *, actor: Actor | None = None) -> Entry | None:
        """The newest operation of the image that stands, by ``actor`` or (None) by anybody."""
        table = schema.operations
        conditions = [
            table.c.image_id == image_id,
            table.c.kind.not_in(_NO_WORK),
            table.c.id.not_in(_taken_back(image_id)),
        ]
        return self._newest(*conditions, *_by(actor))

    def last_redoable(self, image_id: int, *, actor: Actor) -> Entry | None:
        """The undo by ``actor`` that can be taken back: they have done nothing else since."""
        table = schema.operations
        here = table.c.image_id == image_id
        work = select(func.coalesce(func.max(table.c.number), 0))
        work = work.where(here, table.c.kind.not_in(_NO_WORK), *_by(actor))
        return self._newest(
            here,
            table.c.kind == UNDO,
            table.c.id.not_in(_named_by(image_id, REDO)),
            table.c.number > work.scalar_subquery(),
            *_by(actor),
        )

    def since(self, image_id: int, number: int) -> list[Entry]:
        """The operations of the image after ``number``, oldest first."""
        table = schema.operations
        query = _headers().where(table.c.image_id == image_id, table.c.number > number)
        rows = self._connection.execute(query.order_by(table.c.number)).mappings()
        return [_entry(row) for row in rows]

    def _newest(self, *conditions: ColumnElement[bool]) -> Entry | None:
        query = _headers().where(*conditions).order_by(schema.operations.c.number.desc()).limit(1)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else _entry(row)


def _headers() -> Select[Any]:
    return select(*(column for column in schema.operations.c if column.name != "changes"))


def _by(actor: Actor | None) -> list[ColumnElement[bool]]:
    return [] if actor is None else [schema.operations.c.actor == actor.name]


def _named_by(image_id: int, kind: str) -> Select[Any]:
    """Ids of the operations that those of ``kind`` take back."""
    table = schema.operations
    query = select(table.c.detail["undoes"].as_string())
    return query.where(table.c.image_id == image_id, table.c.kind == kind)


def _taken_back(image_id: int) -> Select[Any]:
    """Ids of the operations that an undo took back, and no redo did again."""
    return _named_by(image_id, UNDO).where(schema.operations.c.id.not_in(_named_by(image_id, REDO)))


def _entry(row: Mapping[Any, Any]) -> Entry:
    return Entry(
        id=row["id"],
        image_id=row["image_id"],
        number=row["number"],
        kind=row["kind"],
        actor=Actor(row["actor"]),
        at=row["at"],
        review_before=ReviewState(row["review_before"]),
        review_after=ReviewState(row["review_after"]),
        detail=row["detail"],
    )
