"""How far runs are, counted from their tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from beltmask.model import TaskState
from beltmask.store import schema


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: tasks by state, and when the first of them started."""

    counts: Mapping[TaskState, int]
    first_start: datetime | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Tasks that are over, one way or another."""
        ended = (TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED)
        return sum(self.counts.get(state, 0) for state in ended)

    @property
    def over(self) -> bool:
        return self.settled == self.total


def progress_where(connection: Connection, which: ColumnElement[bool]) -> Progress:
    """Of the tasks that fit a condition."""
    table = schema.tasks
    query = select(table.c.state, func.count(), func.min(table.c.started_at))
    rows = connection.execute(query.where(which).group_by(table.c.state)).all()
    counts = {TaskState(row[0]): int(row[1]) for row in rows}
    starts = [row[2] for row in rows if row[2] is not None]
    return Progress(counts, min(starts, default=None))
