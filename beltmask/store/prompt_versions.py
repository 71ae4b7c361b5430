"""Prompt versions: numbered and named within their project, and never changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, select
from sqlalchemy.exc import IntegrityError

from beltmask.errors import NameTakenError, NotFoundError
from beltmask.messages import Message
from beltmask.model import Actor, Prompt, PromptVersion
from beltmask.names import folded
from beltmask.store import schema
from beltmask.store.prompts import Prompts


class PromptVersions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        project_id: int,
        prompt: Prompt,
        *,
        name: str,
        notes: str,
        parent: PromptVersion | None,
        actor: Actor,
    ) -> PromptVersion:
        """The next version of a project; hold the project meanwhile.

        Raises:
            NameTakenError: One of that name exists, be it in other capitals.
        """
        values = {
            "project_id": project_id,
            "number": self._newest(project_id) + 1,
            "name": name,
            "folded": folded(name),
            "notes": notes,
            "parent_id": None if parent is None else parent.id,
            "prompt_id": Prompts(self._connection).id_of(prompt),
            "actor": actor.name,
            "created_at": datetime.now(UTC),
        }
        statement = insert(schema.prompt_versions).values(**values)
        statement = statement.returning(schema.prompt_versions.c.id)
        try:
            version_id = int(self._connection.execute(statement).scalar_one())
        except IntegrityError as error:
            raise NameTakenError(Message("prompts.name_taken", name=name)) from error
        return self.get(version_id)

    def get(self, version_id: int) -> PromptVersion:
        """Raises:
        NotFoundError: There is none.
        """
        for found in self._where(schema.prompt_versions.c.id == version_id):
            return found
        raise NotFoundError(Message("prompts.no_version", name=str(version_id)))

    def of_project(self, project_id: int) -> list[PromptVersion]:
        """In the order of their numbers."""
        return self._where(schema.prompt_versions.c.project_id == project_id)

    def use(self, project_id: int, version: PromptVersion | None, *, actor: Actor) -> None:
        """From now on the project asks with this one; with None, as the app does by itself."""
        values = {
            "project_id": project_id,
            "version_id": None if version is None else version.id,
            "actor": actor.name,
            "at": datetime.now(UTC),
        }
        self._connection.execute(insert(schema.usual_prompts).values(**values))

    def in_use(self, project_id: int) -> PromptVersion | None:
        """The one the project asks with; None where nobody chose one."""
        table = schema.usual_prompts
        query = select(table.c.version_id).where(table.c.project_id == project_id)
        newest = query.order_by(table.c.id.desc()).limit(1)
        version_id = self._connection.execute(newest).scalar_one_or_none()
        return None if version_id is None else self.get(version_id)

    def _newest(self, project_id: int) -> int:
        table = schema.prompt_versions
        query = select(func.coalesce(func.max(table.c.number), 0))
        mine = table.c.project_id == project_id
        return int(self._connection.execute(query.where(mine)).scalar_one())

    def _where(self, condition: ColumnElement[bool]) -> list[PromptVersion]:
        table, parents = schema.prompt_versions, schema.prompt_versions.alias()
        query = select(table, parents.c.number.label("parent"))
        query = query.outerjoin(parents, parents.c.id == table.c.parent_id)
        rows = self._connection.execute(query.where(condition).order_by(table.c.number))
        return list(self._versions(rows.mappings().all()))

    def _versions(self, rows: Iterable[RowMapping]) -> Iterable[PromptVersion]:
        rows = list(rows)
        prompts = Prompts(self._connection).by_ids(row["prompt_id"] for row in rows)
        plain = ("id", "project_id", "number", "name", "notes", "parent", "created_at")
        for row in rows:
            told = {name: row[name] for name in plain}
            prompt, actor = prompts[row["prompt_id"]], Actor(row["actor"])
            yield PromptVersion(**told, prompt=prompt, actor=actor)
