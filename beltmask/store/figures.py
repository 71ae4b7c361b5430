"""What answers were worth against a truth, kept so that a second look costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from beltmask.store import schema
from beltmask.store.membership import among


class Figures:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, task_ids: Iterable[int]) -> set[tuple[int, str]]:
        """Tasks and digests of truths they were held against."""
        table = schema.figures
        query = select(table.c.task_id, table.c.digest)
        rows = self._connection.execute(query.where(among(table.c.task_id, task_ids)))
        return {(row[0], row[1]) for row in rows}

    def kept(
        self, task_ids: Iterable[int], *, digests: Iterable[str]
    ) -> dict[tuple[int, str], dict[str, Any]]:
        """What is kept of the tasks against these truths, by task and digest."""
        table = schema.figures
        wanted = among(table.c.task_id, task_ids) & among(table.c.digest, digests)
        rows = self._connection.execute(select(table).where(wanted))
        return {(row[0], row[1]): row[2] for row in rows}

    def keep(self, counts: Mapping[tuple[int, str], Mapping[str, Any]]) -> None:
        """What somebody else has kept meanwhile is the same and stays."""
        rows = [
            {"task_id": task_id, "digest": digest, "counts": dict(each)}
            for (task_id, digest), each in counts.items()
        ]
        table = schema.figures
        lite = self._connection.dialect.name == "sqlite"
        statement = (sqlite if lite else postgresql).insert(table).on_conflict_do_nothing()
        if rows:
            self._connection.execute(statement, rows)
