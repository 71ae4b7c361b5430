"""Where each person was in each project's queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from beltmask.model import Actor
from beltmask.store import schema
from beltmask.store.queue import Rank, Spot


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """A person's spot in a queue, and which queue that was: plain values for JSON."""

    spot: Spot
    queue: Mapping[str, Any]


class QueuePositions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, project_id: int, actor: Actor) -> QueuePosition | None:
        table = schema.places
        query = select(table).where(table.c.project_id == project_id, table.c.actor == actor.name)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        return QueuePosition(Spot(row["image_id"], _rank(row["rank"])), row["queue"])

    def keep(self, project_id: int, actor: Actor, place: QueuePosition) -> None:
        """The person is here now."""
        table, rank = schema.places, place.spot.rank
        values = {
            "image_id": place.spot.image_id,
            "queue": dict(place.queue),
            "rank": rank.isoformat() if isinstance(rank, datetime) else rank,
            "at": datetime.now(UTC),
        }
        mine = (table.c.project_id == project_id) & (table.c.actor == actor.name)
        known = update(table).where(mine).values(**values)
        if self._connection.execute(known).rowcount:
            return
        new = {"project_id": project_id, "actor": actor.name, **values}
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(table).values(**new))
        except IntegrityError:  # the same person came here in another window just now
            self._connection.execute(known)


def _rank(kept: Any) -> Rank:
    return datetime.fromisoformat(kept) if isinstance(kept, str) else kept
