"""Projects and their classes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from beltmask.errors import NameTakenError, NotFoundError
from beltmask.model import Actor, Class, Project
from beltmask.store import schema


class Projects:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, *, actor: Actor) -> Project:
        """A new project.

        Raises:
            NameTakenError: A project of that name exists, be it in other capitals.
        """
        now = datetime.now(UTC)
        values = {
            "name": name,
            "created_at": now,
            "created_by": actor.name,
            "folded": name.casefold(),
        }
        statement = insert(schema.projects).values(**values).returning(schema.projects.c.id)
        try:
            project_id = self._connection.execute(statement).scalar_one()
        except IntegrityError as error:
            raise NameTakenError(f'there is already a project "{name}"') from error
        return Project(project_id, name, now)

    def all(self) -> list[Project]:
        """Every project, in the order of their names."""
        query = select(schema.projects).order_by(schema.projects.c.name)
        return [_project(row) for row in self._connection.execute(query).mappings()]

    def get(self, project_id: int, *, lock: bool = False) -> Project:
        """One project. ``lock`` lets only one transaction at a time add to it."""
        query = select(schema.projects).where(schema.projects.c.id == project_id)
        query = query.with_for_update() if lock else query
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"there is no project {project_id}")
        return _project(row)


class Classes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_project(self, project_id: int) -> list[Class]:
        """The project's classes in the order of their position."""
        table = schema.classes
        query = select(table).where(table.c.project_id == project_id).order_by(table.c.position)
        return [_class(row) for row in self._connection.execute(query).mappings()]

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
            raise NameTakenError(f'there is already a class "{name}"') from error
        return _class({"id": class_id, **values})

    def change(self, changed: Class) -> None:
        """Write name, colour, key and aliases of a class; its position never moves."""
        table = schema.classes
        statement = update(table).where(table.c.id == changed.id)
        values = {
            "name": changed.name,
            "color": changed.color,
            "key": changed.key,
            "aliases": list(changed.aliases),
        }
        try:
            self._connection.execute(statement.values(**values))
        except IntegrityError as error:
            raise NameTakenError(f'there is already a class "{changed.name}"') from error


def _project(row: Mapping[Any, Any]) -> Project:
    return Project(row["id"], row["name"], row["created_at"])


def _class(row: Mapping[Any, Any]) -> Class:
    values = {name: row[name] for name in ("id", "project_id", "position", "name", "color", "key")}
    return Class(**values, aliases=tuple(row["aliases"]))
