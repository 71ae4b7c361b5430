"""What was done to the classes of a project, kept so that it can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.model import Actor, Class
from beltmask.store import schema
from beltmask.store.classes import class_of


class ClassChangeKind(StrEnum):
    RENAME = "rename class"
    COLOR = "recolour class"
    KEY = "change key"
    MERGE = "merge class"
    LABEL = "map label"
    FORGET = "forget alias"
    UNDO = "undo class change"


TOLD_TO_IMAGES = (
    ClassChangeKind.RENAME,
    ClassChangeKind.MERGE,
    ClassChangeKind.LABEL,
    ClassChangeKind.UNDO,
)
"""Kinds that are operations of the images they touch, too. They are undone for all images at
once, where they were made, and never from within one image."""


@dataclass(frozen=True, slots=True)
class ClassChange:
    """One change of classes, each as it was and as it became, and how much it touched."""

    id: int
    project_id: int
    kind: ClassChangeKind
    actor: Actor
    at: datetime
    before: tuple[Class, ...]
    after: tuple[Class, ...]
    objects: int
    images: int
    undoes: int | None
    undone: bool


class ClassChanges:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        kind: ClassChangeKind,
        before: Sequence[Class],
        after: Sequence[Class],
        *,
        actor: Actor,
        touched: tuple[int, int] = (0, 0),
        undoes: int | None = None,
    ) -> int:
        """Keep a change and return its id. ``touched`` counts objects and images."""
        values = {
            "project_id": after[0].project_id,
            "kind": kind,
            "actor": actor.name,
            "at": datetime.now(UTC),
            "before": [asdict(each) for each in before],
            "after": [asdict(each) for each in after],
            "objects": touched[0],
            "images": touched[1],
            "undoes": undoes,
        }
        table = schema.class_changes
        statement = insert(table).values(**values).returning(table.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def get(self, change_id: int) -> ClassChange:
        query = _changes().where(schema.class_changes.c.id == change_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(Message("store.no_class_change"))
        return _change(row)

    def of_project(self, project_id: int, *, limit: int) -> list[ClassChange]:
        """The project's changes, newest first."""
        table = schema.class_changes
        query = _changes().where(table.c.project_id == project_id)
        rows = self._connection.execute(query.order_by(table.c.id.desc()).limit(limit)).mappings()
        return [_change(row) for row in rows]


def _changes() -> Select[Any]:
    table, later = schema.class_changes, schema.class_changes.alias()
    undone = select(later.c.id).where(later.c.undoes == table.c.id).exists()
    return select(table, undone.label("undone"))


def _change(row: Mapping[Any, Any]) -> ClassChange:
    plain = ("id", "project_id", "at", "objects", "images", "undoes")
    return ClassChange(
        **{name: row[name] for name in plain},
        kind=ClassChangeKind(row["kind"]),
        actor=Actor(row["actor"]),
        before=tuple(map(class_of, row["before"])),
        after=tuple(map(class_of, row["after"])),
        undone=bool(row["undone"]),
    )
