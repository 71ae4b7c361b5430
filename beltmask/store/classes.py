"""The classes of projects. One that was merged into another is retired and keeps its position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from beltmask.errors import NameTakenError
from beltmask.messages import Message
from beltmask.model import Class
from beltmask.store import schema

_PLAIN = ("id", "project_id", "position", "name", "color", "key", "merged_into")


class Classes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_project(self, project_id: int) -> list[Class]:
        """The project's classes in the order of their position, retired ones left out."""
        return [each for each in self.ever_of_project(project_id) if each.merged_into is None]

    def ever_of_project(self, project_id: int) -> list[Class]:
        """The project's classes in the order of their position, retired ones too."""
        table = schema.classes
        query = select(table).where(table.c.project_id == project_id).order_by(table.c.position)
        return [class_of(row) for row in self._connection.execute(query).mappings()]

    def add(self, project_id: int, *, name: str, color: str, key: str | None) -> Class:
        """A new class at the next position, which it keeps for ever.

        Raises:
            NameTakenError: The project has a class of that name.
        """
        table = schema.classes
        query = select(func.count()).where(table.c.project_id == project_id)
        values = {
            "project_id": project_id,
            "position": self._connection.execute(query).scalar_one(),
            "name": name,
            "color": color,
            "key": key,
            "aliases": [],
        }
        statement = insert(table).values(**values).returning(table.c.id)
        try:
            class_id = self._connection.execute(statement).scalar_one()
        except IntegrityError as error:
            raise NameTakenError(Message("store.class_exists", name=name)) from error
        return class_of({"id": class_id, "merged_into": None, **values})

    def change(self, changed: Class) -> None:
        """Write all of a class but its position, which never moves.

        Raises:
            NameTakenError: The project has another class of that name.
        """
        table = schema.classes
        statement = update(table).where(table.c.id == changed.id)
        values = {
            "name": changed.name,
            "color": changed.color,
            "key": changed.key,
            "aliases": list(changed.aliases),
            "merged_into": changed.merged_into,
        }
        try:
            self._connection.execute(statement.values(**values))
        except IntegrityError as error:
            raise NameTakenError(Message("store.class_exists", name=changed.name)) from error

    def survivors(self) -> dict[int, int]:
        """For every retired class, the class that stands for it today."""
        table = schema.classes
        query = select(table.c.id, table.c.merged_into).where(table.c.merged_into.is_not(None))
        into = {row.id: row.merged_into for row in self._connection.execute(query)}
        return {class_id: _end_of(class_id, into) for class_id in into}


def class_of(row: Mapping[Any, Any]) -> Class:
    """The class a row of the table holds, or a JSON object with the same names."""
    return Class(**{name: row[name] for name in _PLAIN}, aliases=tuple(row["aliases"]))


def _end_of(class_id: int, into: Mapping[int, int]) -> int:
    while class_id in into:
        class_id = into[class_id]
    return class_id
