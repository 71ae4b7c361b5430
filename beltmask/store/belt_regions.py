"""Belt regions: one of each project holds, older ones are kept for runs that heeded them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from beltmask.model import Actor, BeltRegion, Line
from beltmask.store import schema


class BeltRegions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, project_id: int, region: BeltRegion, *, actor: Actor) -> None:
        """From now on this one holds; an empty one says that objects count everywhere."""
        values = {
            "project_id": project_id,
            "belt": region.belt,
            "ignored": region.ignored,
            "actor": actor.name,
            "at": datetime.now(UTC),
        }
        self._connection.execute(insert(schema.belt_regions).values(**values))

    def of_project(self, project_id: int) -> BeltRegion | None:
        """The one that holds; None when objects count everywhere."""
        return self.get(self.newest(project_id))

    def newest(self, project_id: int) -> int | None:
        """Id of what was drawn last."""
        table = schema.belt_regions
        query = select(table.c.id).where(table.c.project_id == project_id)
        newest = query.order_by(table.c.id.desc()).limit(1)
        return self._connection.execute(newest).scalar_one_or_none()

    def before(self, project_id: int) -> BeltRegion | None:
        """The one that held before the newest; None without one, or when everything counted."""
        table = schema.belt_regions
        query = select(table.c.id).where(table.c.project_id == project_id)
        earlier = query.order_by(table.c.id.desc()).offset(1).limit(1)
        return self.get(self._connection.execute(earlier).scalar_one_or_none())

    def get(self, region_id: int | None) -> BeltRegion | None:
        """One by its id; None when objects count everywhere."""
        table = schema.belt_regions
        query = select(table).where(table.c.id == region_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _region(row) or None


def lines_from(kept: Sequence[Sequence[Sequence[float]]] | None) -> tuple[Line, ...]:
    """Lines as JSON holds them."""
    return tuple(tuple((float(x), float(y)) for x, y in line) for line in kept or ())


def _region(row: Mapping[Any, Any]) -> BeltRegion:
    return BeltRegion(lines_from(row["belt"]), lines_from(row["ignored"]))
