"""Prompts, runs and their tasks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from beltmask.errors import NotFoundError
from beltmask.model import Actor, Prompt, Run, Task, TaskState, Tiling
from beltmask.store import schema
from beltmask.store.belt_regions import BeltRegions, lines_from


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: tasks by state, and when its tasks started and ended."""

    counts: Mapping[TaskState, int]
    first_start: datetime | None
    last_finish: datetime | None

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


_PROMPT_FIELDS = tuple(field.name for field in fields(Prompt) if field.name != "repeat")


class Runs:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        project_id: int,
        prompt: Prompt,
        image_ids: Sequence[int],
        *,
        actor: Actor,
        again: bool = False,
        like: int | None = None,
    ) -> Run:
        """A run with one queued task per image, named twice or not.

        It repeats the last asking of each image with this prompt; with ``again`` it is a new
        one. It heeds the project's belt region of now, or that of the run ``like``.

        Raises:
            NotFoundError: There is no image of one of the ids.
        """
        now = datetime.now(UTC)
        prompt_id = self._prompt_id(prompt)
        repeats = self._repeats(prompt_id)
        regions = BeltRegions(self._connection)
        region_id = regions.newest(project_id) if like is None else self._region_of(like)
        values = {
            "project_id": project_id,
            "prompt_id": prompt_id,
            "belt_region_id": region_id,
            "actor": actor.name,
            "created_at": now,
        }
        statement = insert(schema.runs).values(**values).returning(schema.runs.c.id)
        run_id = self._connection.execute(statement).scalar_one()
        queued = {"run_id": run_id, "state": TaskState.QUEUED}
        rows = [
            {**queued, "image_id": one, "repeat": repeats[one] + again if one in repeats else 0}
            for one in dict.fromkeys(image_ids)
        ]
        try:
            if rows:
                self._connection.execute(insert(schema.tasks), rows)
        except IntegrityError as error:
            raise NotFoundError("one of the images is not there any more") from error
        return Run(run_id, project_id, prompt, now, actor, regions.get(region_id))

    def get(self, run_id: int) -> Run:
        query = select(schema.runs).where(schema.runs.c.id == run_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(f"there is no run {run_id}")
        prompt, actor = self._prompt(row["prompt_id"]), Actor(row["actor"])
        belt = BeltRegions(self._connection).get(row["belt_region_id"])
        return Run(row["id"], row["project_id"], prompt, row["created_at"], actor, belt)

    def latest_task(
        self, image_id: int, *, states: Sequence[TaskState] = (TaskState.DONE, TaskState.FAILED)
    ) -> Task | None:
        """The newest task of an image that was answered; one under way has no answer yet."""
        table = schema.tasks
        query = select(table).where(table.c.image_id == image_id, table.c.state.in_(states))
        row = self._connection.execute(query.order_by(table.c.id.desc()).limit(1)).mappings()
        found = row.one_or_none()
        return None if found is None else _task(found)

    def newest_done(self, image_id: int, *, limit: int) -> list[int]:
        """Ids of the newest tasks of an image that were answered well, newest first."""
        table = schema.tasks
        done = (table.c.image_id == image_id) & (table.c.state == TaskState.DONE)
        query = select(table.c.id).where(done).order_by(table.c.id.desc()).limit(limit)
        return list(self._connection.execute(query).scalars())

    def progress(self, run_id: int) -> Progress:
        table = schema.tasks
        query = select(
            table.c.state,
            func.count(),
            func.min(table.c.started_at),
            func.max(table.c.finished_at),
        )
        rows = self._connection.execute(
            query.where(table.c.run_id == run_id).group_by(table.c.state)
        ).all()
        counts = {TaskState(row[0]): int(row[1]) for row in rows}
        starts = [row[2] for row in rows if row[2] is not None]
        finishes = [row[3] for row in rows if row[3] is not None]
        return Progress(counts, min(starts, default=None), max(finishes, default=None))

    def tasks(self, run_id: int, state: TaskState, *, limit: int = 100) -> list[Task]:
        table = schema.tasks
        query = select(table).where(table.c.run_id == run_id, table.c.state == state)
        rows = self._connection.execute(query.order_by(table.c.id).limit(limit)).mappings()
        return [_task(row) for row in rows]

    def unfinished(self) -> list[int]:
        """Ids of runs that still have tasks to be taken."""
        table = schema.tasks
        query = select(table.c.run_id).where(_free(datetime.now(UTC))).distinct()
        return list(self._connection.execute(query.order_by(table.c.run_id)).scalars())

    def running(self, project_id: int) -> int:
        """Id of the project's newest run that is not over; 0 without one."""
        tasks, runs = schema.tasks, schema.runs
        query = select(func.max(tasks.c.run_id)).join(runs, runs.c.id == tasks.c.run_id)
        open_states = (TaskState.QUEUED, TaskState.RUNNING)
        query = query.where(runs.c.project_id == project_id, tasks.c.state.in_(open_states))
        return self._connection.execute(query).scalar_one() or 0

    def claim(self, run_id: int, *, worker: str, lease: timedelta) -> Task | None:
        """Take the next waiting task of a run, or one whose lease ran out."""
        table, now = schema.tasks, datetime.now(UTC)
        query = select(table).where(table.c.run_id == run_id, _free(now)).order_by(table.c.id)
        query = query.limit(1).with_for_update(skip_locked=True)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        values = {
            "state": TaskState.RUNNING,
            "worker": worker,
            "lease_until": now + lease,
            "started_at": now,
        }
        self._connection.execute(update(table).where(table.c.id == row["id"]).values(**values))
        return _task({**row, **values})

    def renew(self, task: Task, *, lease: timedelta) -> bool:
        """More time for a task under way. False when it is no longer this worker's."""
        values = {"lease_until": datetime.now(UTC) + lease}
        statement = update(schema.tasks).where(_still_held(task)).values(**values)
        return self._connection.execute(statement).rowcount == 1

    def settle(self, task: Task, state: TaskState, *, error: str | None = None) -> bool:
        """A task is over. False, and nothing changes, when it is no longer this worker's."""
        values = {"state": state, "error": error, "finished_at": datetime.now(UTC)}
        statement = update(schema.tasks).where(_still_held(task))
        statement = statement.values(**values, lease_until=None)
        return self._connection.execute(statement).rowcount == 1

    def cancel(self, run_id: int) -> None:
        """Nothing more of this run is started; a request under way ends by itself."""
        table = schema.tasks
        waiting = (table.c.run_id == run_id) & (table.c.state == TaskState.QUEUED)
        values = {"state": TaskState.CANCELLED, "finished_at": datetime.now(UTC)}
        self._connection.execute(update(table).where(waiting).values(**values))

    def give_back(self, workers_gone: Sequence[str]) -> None:
        """Queue again what workers that no longer exist had taken, unless it was cancelled."""
        table = schema.tasks
        cancelled = select(table.c.run_id).where(table.c.state == TaskState.CANCELLED)
        left = (table.c.state == TaskState.RUNNING) & table.c.worker.in_(workers_gone)
        state = case((table.c.run_id.in_(cancelled), TaskState.CANCELLED), else_=TaskState.QUEUED)
        values = {"state": state, "worker": None, "lease_until": None}
        self._connection.execute(update(table).where(left).values(**values))

    def workers(self) -> list[str]:
        """Names of the workers that hold a task."""
        table = schema.tasks
        query = select(table.c.worker).where(table.c.state == TaskState.RUNNING)
        return [name for name in self._connection.execute(query.distinct()).scalars() if name]

    def _repeats(self, prompt_id: int) -> dict[int, int]:
        """The newest repeat of every image that was asked about with a prompt."""
        tasks, runs = schema.tasks, schema.runs
        query = select(tasks.c.image_id, func.max(tasks.c.repeat))
        query = query.join(runs, runs.c.id == tasks.c.run_id).where(runs.c.prompt_id == prompt_id)
        rows = self._connection.execute(query.group_by(tasks.c.image_id)).all()
        return {row[0]: row[1] for row in rows}

    def _region_of(self, run_id: int) -> int | None:
        query = select(schema.runs.c.belt_region_id).where(schema.runs.c.id == run_id)
        return self._connection.execute(query).scalar_one_or_none()

    def _prompt(self, prompt_id: int) -> Prompt:
        query = select(schema.prompts).where(schema.prompts.c.id == prompt_id)
        row = self._connection.execute(query).mappings().one()
        values = {name: row[name] for name in _PROMPT_FIELDS}
        sketch = lines_from(row["sketch"])
        return Prompt(**{**values, "tiling": Tiling(row["tiling"]), "sketch": sketch})

    def _prompt_id(self, prompt: Prompt) -> int:
        table, values = schema.prompts, {name: getattr(prompt, name) for name in _PROMPT_FIELDS}
        digest, values["sketch"] = _digest(values), prompt.sketch or None
        query = select(table.c.id).where(table.c.digest == digest)
        found = self._connection.execute(query).scalar_one_or_none()
        if found is not None:
            return int(found)
        statement = insert(table).values(digest=digest, **values).returning(table.c.id)
        try:
            with self._connection.begin_nested():
                return int(self._connection.execute(statement).scalar_one())
        except IntegrityError:  # somebody asked the same for the first time just now
            return int(self._connection.execute(query).scalar_one())


def _digest(values: Mapping[str, Any]) -> str:
    """Fields that came later count where they differ from what was done before them."""
    later: dict[str, Any] = {"tiling": Tiling.WHOLE, "sketch": ()}
    told = {name: value for name, value in values.items() if later.get(name) != value}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _free(now: datetime) -> ColumnElement[bool]:
    """Waiting, or taken by somebody whose lease ran out."""
    table = schema.tasks
    lapsed = and_(table.c.state == TaskState.RUNNING, table.c.lease_until < now)
    return or_(table.c.state == TaskState.QUEUED, lapsed)


def _still_held(task: Task) -> ColumnElement[bool]:
    """By the worker that took it when ``task`` was read."""
    table = schema.tasks
    mine = (table.c.id == task.id) & (table.c.started_at == task.started_at)
    return and_(mine, table.c.state == TaskState.RUNNING)


def _task(row: Mapping[Any, Any]) -> Task:
    plain = ("id", "run_id", "image_id", "repeat", "error", "started_at", "finished_at")
    return Task(**{name: row[name] for name in plain}, state=TaskState(row["state"]))
