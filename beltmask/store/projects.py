"""Projects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from beltmask.errors import NameTakenError, NotFoundError
from beltmask.messages import Message
from beltmask.model import Actor, Project
from beltmask.names import folded
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
            "folded": folded(name),
        }
        statement = insert(schema.projects).values(**values).returning(schema.projects.c.id)
        try:
            project_id = self._connection.execute(statement).scalar_one()
        except IntegrityError as error:
            raise NameTakenError(Message("store.project_exists", name=name)) from error
        return Project(project_id, name, now)

    def all(self) -> list[Project]:
        """Every project, in the order of their names."""
        query = select(schema.projects).order_by(schema.projects.c.name)
        return [_project(row) for row in self._connection.execute(query).mappings()]

    def get(self, project_id: int, *, lock: bool = False) -> Project:
        """One project. ``lock`` lets only one transaction at a time add to it."""
        query = select(schema.projects).where(schema.projects.c.id == project_id)
        query = query.with_for_update(key_share=True) if lock else query
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(Message("store.no_project", id=project_id))
        return _project(row)


def _project(row: Mapping[Any, Any]) -> Project:
    return Project(row["id"], row["name"], row["created_at"])
