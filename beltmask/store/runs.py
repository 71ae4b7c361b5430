"""Runs and their tasks: who works on what, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from beltmask.errors import NotFoundError, ProcessDiedError
from beltmask.messages import Explanation, Message
from beltmask.model import Actor, Prompt, Run, Task, TaskState
from beltmask.store import schema
from beltmask.store.belt_regions import BeltRegions
from beltmask.store.clock import now_of
from beltmask.store.progress import Progress, progress_where
from beltmask.store.prompts import Prompts

MOST_DEATHS = 3
"""So many processes may end while they ask about a picture; then it is put aside."""


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
        trial: bool = False,
    ) -> Run:
        """A run with one queued task per image, named twice or not.

        It repeats the last asking of each image with this prompt; with ``again`` it is a new
        one. It heeds the project's belt region of now, or that of the run ``like``. Nothing
        that a ``trial`` finds is proposed.

        Raises:
            NotFoundError: There is no image of one of the ids in the project.
        """
        now = datetime.now(UTC)
        prompt_id = Prompts(self._connection).id_of(prompt)
        repeats = self._repeats(prompt_id)
        regions = BeltRegions(self._connection)
        region_id = regions.newest(project_id) if like is None else self._region_of(like)
        values = {
            "project_id": project_id,
            "prompt_id": prompt_id,
            "belt_region_id": region_id,
            "actor": actor.name,
            "created_at": now,
            "trial": trial,
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
            raise NotFoundError(Message("store.image_gone")) from error
        self._check_images(run_id, project_id)
        return Run(run_id, project_id, prompt, now, actor, regions.get(region_id))

    def get(self, run_id: int) -> Run:
        query = select(schema.runs).where(schema.runs.c.id == run_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(Message("store.no_run", id=run_id))
        prompt = Prompts(self._connection).get(row["prompt_id"])
        belt = BeltRegions(self._connection).get(row["belt_region_id"])
        actor = Actor(row["actor"])
        about = (row["created_at"], actor, belt, row["comparison_id"])
        return Run(row["id"], row["project_id"], prompt, *about)

    def is_measured(self, run_id: int) -> bool:
        """Whether a run is a trial or part of a comparison: nothing it finds is proposed."""
        query = select(schema.runs.c.id).where(schema.runs.c.id == run_id, _measured)
        return self._connection.execute(query).one_or_none() is not None

    def latest_task(
        self, image_id: int, *, states: Sequence[TaskState] = (TaskState.DONE, TaskState.FAILED)
    ) -> Task | None:
        """The newest task of an image that was answered; one under way has no answer yet.

        What a comparison or a trial asked does not count: nobody is to work on it.
        """
        table = schema.tasks
        wanted = (table.c.image_id == image_id) & table.c.state.in_(states)
        query = select(table).where(wanted, _to_work_on)
        row = self._connection.execute(query.order_by(table.c.id.desc()).limit(1)).mappings()
        found = row.one_or_none()
        return None if found is None else task_of(found)

    def newest_done(self, image_id: int, *, limit: int) -> list[int]:
        """Ids of the newest tasks of an image that were answered well, newest first."""
        table = schema.tasks
        done = (table.c.image_id == image_id) & (table.c.state == TaskState.DONE) & _to_work_on
        query = select(table.c.id).where(done).order_by(table.c.id.desc()).limit(limit)
        return list(self._connection.execute(query).scalars())

    def progress(self, run_id: int) -> Progress:
        return progress_where(self._connection, schema.tasks.c.run_id == run_id)

    def tasks(self, run_id: int, state: TaskState, *, limit: int | None = 100) -> list[Task]:
        table = schema.tasks
        query = select(table).where(table.c.run_id == run_id, table.c.state == state)
        rows = self._connection.execute(query.order_by(table.c.id).limit(limit)).mappings()
        return [task_of(row) for row in rows]

    def unfinished(self) -> list[int]:
        """Ids of runs that still have tasks to be taken."""
        table = schema.tasks
        query = select(table.c.run_id).where(table.c.state == TaskState.QUEUED).distinct()
        return list(self._connection.execute(query.order_by(table.c.run_id)).scalars())

    def open_to(self, worker: str, *, run_id: int | None = None) -> list[int]:
        """Ids of runs of which a worker may get a task, now or when another gives it back.

        With ``run_id`` it is about that run alone.
        """
        table = schema.tasks
        elsewhere = (table.c.state == TaskState.RUNNING) & (table.c.worker != worker)
        query = select(table.c.run_id).where(or_(table.c.state == TaskState.QUEUED, elsewhere))
        if run_id is not None:
            query = query.where(table.c.run_id == run_id)
        query = query.distinct().order_by(table.c.run_id)
        return list(self._connection.execute(query).scalars())

    def running(self, project_id: int) -> int:
        """Id of the project's newest run that is not over; 0 without one.

        Comparisons and trials aside.
        """
        tasks, runs = schema.tasks, schema.runs
        query = select(func.max(tasks.c.run_id)).join(runs, runs.c.id == tasks.c.run_id)
        open_states = (TaskState.QUEUED, TaskState.RUNNING)
        mine = (runs.c.project_id == project_id) & ~_measured
        query = query.where(mine, tasks.c.state.in_(open_states))
        return self._connection.execute(query).scalar_one() or 0

    def claim(self, run_id: int, *, worker: str, lease: timedelta) -> Task | None:
        """Take the next waiting task of a run; None when there is none for now.

        One that a process had when it ended comes last and is tried alone, so that it takes no
        others with it should that happen again.
        """
        table = schema.tasks
        waiting = (table.c.run_id == run_id) & (table.c.state == TaskState.QUEUED)
        held, most_deaths = self._held_by(worker)
        row = None if most_deaths else self._first(waiting & (table.c.deaths == 0))
        if row is None and not held:
            row = self._first(waiting & (table.c.deaths > 0))
        if row is None:
            return None
        now = now_of(self._connection)
        values = {
            "state": TaskState.RUNNING,
            "worker": worker,
            "lease_until": now + lease,
            "started_at": now,
        }
        self._connection.execute(update(table).where(table.c.id == row["id"]).values(**values))
        return task_of({**row, **values})

    def renew(self, task: Task, *, lease: timedelta) -> bool:
        """More time for a task under way. False when it is no longer this worker's."""
        values = {"lease_until": now_of(self._connection) + lease}
        statement = update(schema.tasks).where(_still_held(task)).values(**values)
        return self._connection.execute(statement).rowcount == 1

    def settle(self, task: Task, state: TaskState, *, error: Explanation | None = None) -> bool:
        """A task is over. False, and nothing changes, when it is no longer this worker's."""
        now = now_of(self._connection)
        values = {"state": state, "failure": _kept(error), "finished_at": now}
        statement = update(schema.tasks).where(_still_held(task))
        statement = statement.values(**values, lease_until=None)
        return self._connection.execute(statement).rowcount == 1

    def cancel(self, run_id: int) -> None:
        """Nothing more of this run is started; a request under way ends by itself."""
        tasks, runs, now = schema.tasks, schema.runs, now_of(self._connection)
        cancelled = update(runs).where(runs.c.id == run_id).values(cancelled_at=now)
        self._connection.execute(cancelled)
        waiting = (tasks.c.run_id == run_id) & (tasks.c.state == TaskState.QUEUED)
        values = {"state": TaskState.CANCELLED, "finished_at": now}
        self._connection.execute(update(tasks).where(waiting).values(**values))

    def give_back(self, workers_gone: Sequence[str], *, unsure: Sequence[str] = ()) -> list[int]:
        """Queue again what workers that no longer exist had taken, unless it was cancelled.

        Of workers that nobody can tell about from here, the ``unsure``, the lease does. Returns
        ids of images that were put aside, because process after process ended with them.
        """
        table, runs, now = schema.tasks, schema.runs, now_of(self._connection)
        lapsed = table.c.worker.in_(unsure) & (table.c.lease_until < now)
        gone = or_(table.c.worker.in_(workers_gone), lapsed)
        left = update(table).where((table.c.state == TaskState.RUNNING) & gone)
        left = left.values(worker=None, lease_until=None)
        cancelled = table.c.run_id.in_(select(runs.c.id).where(runs.c.cancelled_at.is_not(None)))
        values: dict[str, Any] = {"state": TaskState.CANCELLED, "finished_at": now}
        self._connection.execute(left.where(cancelled).values(**values))
        left = left.values(deaths=table.c.deaths + 1)
        why = ProcessDiedError().explained.to_json()
        values = {**values, "state": TaskState.FAILED, "failure": why}
        spent = left.where(table.c.deaths >= MOST_DEATHS - 1).values(**values)
        aside = list(self._connection.execute(spent.returning(table.c.image_id)).scalars())
        self._connection.execute(left.values(state=TaskState.QUEUED))
        return aside

    def workers(self) -> list[str]:
        """Names of the workers that hold a task."""
        table = schema.tasks
        query = select(table.c.worker).where(table.c.state == TaskState.RUNNING)
        return [name for name in self._connection.execute(query.distinct()).scalars() if name]

    def _held_by(self, worker: str) -> tuple[int, int]:
        """How many tasks a worker has, and the most processes that ended with one of them."""
        table = schema.tasks
        mine = (table.c.state == TaskState.RUNNING) & (table.c.worker == worker)
        query = select(func.count(), func.max(table.c.deaths)).where(mine)
        count, deaths = self._connection.execute(query).one()
        return count, deaths or 0

    def _first(self, condition: ColumnElement[bool]) -> RowMapping | None:
        """The first task that nobody is taking just now."""
        query = select(schema.tasks).where(condition).order_by(schema.tasks.c.id).limit(1)
        query = query.with_for_update(skip_locked=True)
        return self._connection.execute(query).mappings().one_or_none()

    def _check_images(self, run_id: int, project_id: int) -> None:
        tasks, images = schema.tasks, schema.images
        query = select(tasks.c.id).join(images, images.c.id == tasks.c.image_id).limit(1)
        query = query.where(tasks.c.run_id == run_id, images.c.project_id != project_id)
        if self._connection.execute(query).first() is not None:
            hint = Message("store.one_project_at_a_time")
            raise NotFoundError(Message("store.image_of_other_project"), hint=hint)

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


_measured = schema.runs.c.comparison_id.is_not(None) | schema.runs.c.trial
_to_work_on = schema.tasks.c.run_id.not_in(select(schema.runs.c.id).where(_measured))
"""A task that no comparison and no trial asked."""


def _still_held(task: Task) -> ColumnElement[bool]:
    """By the worker that took it when ``task`` was read."""
    table = schema.tasks
    mine = (table.c.id == task.id) & (table.c.started_at == task.started_at)
    return mine & (table.c.state == TaskState.RUNNING)


def task_of(row: Mapping[Any, Any]) -> Task:
    plain = ("id", "run_id", "image_id", "repeat", "started_at", "finished_at", "deaths")
    error = None if row["failure"] is None else Explanation.from_json(row["failure"])
    return Task(**{name: row[name] for name in plain}, state=TaskState(row["state"]), error=error)


def _kept(error: Explanation | None) -> dict[str, Any] | None:
    return None if error is None else error.to_json()
