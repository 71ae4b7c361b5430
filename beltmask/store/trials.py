"""Prompts tried on a few pictures: the newest answer to each about each, whoever asked."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from beltmask.model import Task
from beltmask.store import schema
from beltmask.store.belt_regions import BeltRegions
from beltmask.store.membership import among
from beltmask.store.runs import task_of


class Trials:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def prompt_ids(self, version_ids: Iterable[int]) -> dict[int, int]:
        """The row of ``prompts`` of each version, by the version's id."""
        table = schema.prompt_versions
        query = select(table.c.id, table.c.prompt_id).where(among(table.c.id, version_ids))
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def newest(
        self, project_id: int, prompt_ids: Iterable[int], image_ids: Iterable[int]
    ) -> dict[tuple[int, int], Task]:
        """By prompt and image the newest task, in whatever state, that heeds today's region."""
        tasks, runs = schema.tasks, schema.runs
        region_id = BeltRegions(self._connection).newest(project_id)
        query = select(tasks, runs.c.prompt_id).join(runs, runs.c.id == tasks.c.run_id)
        query = query.where(among(runs.c.prompt_id, prompt_ids))
        query = query.where(among(tasks.c.image_id, image_ids))
        query = query.where(runs.c.belt_region_id.is_not_distinct_from(region_id))
        rows = self._connection.execute(query.order_by(tasks.c.id)).mappings()
        return {(row["prompt_id"], row["image_id"]): task_of(row) for row in rows}
