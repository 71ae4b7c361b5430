"""What each person chose last in each project, a row a choice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from beltmask.model import Actor
from beltmask.store import schema


class Preferences:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, project_id: int, actor: Actor) -> dict[str, Any]:
        """Every choice by its name: plain values for JSON."""
        table = schema.preferences
        mine = (table.c.project_id == project_id) & (table.c.actor == actor.name)
        rows = self._connection.execute(select(table.c.name, table.c.value).where(mine))
        return {row[0]: row[1] for row in rows}

    def keep(self, project_id: int, actor: Actor, changed: Mapping[str, Any]) -> None:
        """The choices that changed; the others stay."""
        for name, value in sorted(changed.items()):
            self._keep({"project_id": project_id, "actor": actor.name, "name": name}, value)

    def _keep(self, key: Mapping[str, Any], value: object) -> None:
        table, values = schema.preferences, {"value": value, "at": datetime.now(UTC)}
        known = update(table).where(*(table.c[name] == one for name, one in key.items()))
        if self._connection.execute(known.values(**values)).rowcount:
            return
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(table).values(**key, **values))
        except IntegrityError:  # the same person chose it in another window just now
            self._connection.execute(known.values(**values))
