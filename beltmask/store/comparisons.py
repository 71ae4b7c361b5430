"""Comparisons: what is asked for them, how far they are, and what was made of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.model import Actor, Comparison, Contender, Prompt, TaskState
from beltmask.store import schema
from beltmask.store.clock import now_of
from beltmask.store.membership import among
from beltmask.store.progress import Progress, progress_where
from beltmask.store.prompts import Prompts

_OPEN = (TaskState.QUEUED, TaskState.RUNNING)


@dataclass(frozen=True, slots=True)
class JudgedTask:
    """A task a contender is judged by."""

    contender_id: int
    task_id: int
    image_id: int
    repeat: int
    state: TaskState


@dataclass(frozen=True, slots=True)
class Standard:
    """What answers are held against: by image the revision and the digest of its truth, and a
    digest of the ``rules``. ``groups``: by image, the like of which it is; None until known.
    """

    rules: str = ""
    truths: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    groups: Mapping[int, str] | None = None


class Comparisons:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, asked: Comparison) -> Comparison:
        """Keep a comparison; its id and those of its contenders are given here."""
        names = [each.name for each in asked.contenders]
        values = {
            "project_id": asked.project_id,
            "name": asked.name,
            "image_ids": list(asked.image_ids),
            "seed": asked.seed,
            "repeats": asked.repeats,
            "baseline": names.index(asked.baseline),
            "iou": asked.iou,
            "budget": asked.budget,
            "actor": asked.actor.name,
            "created_at": datetime.now(UTC),
            "rules": "",
            "truths": {},
        }
        statement = insert(schema.comparisons).values(**values)
        statement = statement.returning(schema.comparisons.c.id)
        comparison_id = int(self._connection.execute(statement).scalar_one())
        for position, contender in enumerate(asked.contenders):
            row = {"comparison_id": comparison_id, "position": position, "name": contender.name}
            row["prompt_id"] = Prompts(self._connection).id_of(contender.prompt)
            self._connection.execute(insert(schema.contenders).values(**row))
        return self.get(comparison_id)

    def get(self, comparison_id: int) -> Comparison:
        """Raises:
        NotFoundError: There is none.
        """
        query = select(schema.comparisons).where(schema.comparisons.c.id == comparison_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(Message("comparisons.none", id=comparison_id))
        return self._comparison(row)

    def of_project(self, project_id: int, *, limit: int = 50) -> list[Comparison]:
        """The project's comparisons, the newest first."""
        table = schema.comparisons
        query = select(table).where(table.c.project_id == project_id)
        rows = self._connection.execute(query.order_by(table.c.id.desc()).limit(limit)).mappings()
        return [self._comparison(row) for row in rows.all()]

    def asked_prompts(self, project_id: int, *, limit: int = 20) -> list[Prompt]:
        """The prompts of the project's runs, the one asked last first."""
        runs = schema.runs
        newest = func.max(runs.c.id)
        query = select(runs.c.prompt_id).where(runs.c.project_id == project_id)
        query = query.group_by(runs.c.prompt_id).order_by(newest.desc()).limit(limit)
        ids = self._connection.execute(query).scalars().all()
        return [Prompts(self._connection).get(prompt_id) for prompt_id in ids]

    def answered(
        self, asked: Comparison, contender: Contender, *, region_id: int | None
    ) -> dict[tuple[int, int], int]:
        """Tasks by image and repeat that answer a contender's question already, the newest."""
        tasks, runs = schema.tasks, schema.runs
        query = select(tasks.c.image_id, tasks.c.repeat, tasks.c.id)
        query = query.join(runs, runs.c.id == tasks.c.run_id)
        same = (runs.c.project_id == asked.project_id) & (
            runs.c.prompt_id == Prompts(self._connection).id_of(contender.prompt)
        )
        region = runs.c.belt_region_id
        same &= region.is_(None) if region_id is None else region == region_id
        wanted = among(tasks.c.image_id, asked.image_ids) & (tasks.c.repeat < asked.repeats)
        query = query.where(same, wanted, _settled_with_a_reply()).order_by(tasks.c.id)
        return {(row[0], row[1]): row[2] for row in self._connection.execute(query)}

    def judge_by(self, contender: Contender, task_ids: Sequence[int]) -> None:
        rows = [{"contender_id": contender.id, "task_id": task_id} for task_id in task_ids]
        if rows:
            self._connection.execute(insert(schema.comparison_tasks), rows)

    def ask(
        self,
        asked: Comparison,
        contender: Contender,
        cells: Sequence[tuple[int, int]],
        *,
        region_id: int | None,
        state: TaskState = TaskState.QUEUED,
    ) -> int:
        """A run that asks a contender's question about (image, repeat) cells; returns its id."""
        now = datetime.now(UTC)
        values = {
            "project_id": asked.project_id,
            "prompt_id": Prompts(self._connection).id_of(contender.prompt),
            "belt_region_id": region_id,
            "actor": asked.actor.name,
            "created_at": now,
            "comparison_id": asked.id,
        }
        statement = insert(schema.runs).values(**values).returning(schema.runs.c.id)
        run_id = int(self._connection.execute(statement).scalar_one())
        rows = [
            {"run_id": run_id, "image_id": image_id, "repeat": repeat, "state": state}
            for image_id, repeat in cells
        ]
        if rows:
            self._connection.execute(insert(schema.tasks), rows)
        table, linked = schema.tasks, schema.comparison_tasks
        mine = select(literal(contender.id), table.c.id).where(table.c.run_id == run_id)
        names = ["contender_id", "task_id"]
        self._connection.execute(insert(linked).from_select(names, mine))
        return run_id

    def tasks(self, comparison_id: int, *, image_id: int | None = None) -> list[JudgedTask]:
        """What its contenders are judged by, of one image or of all, in the order of the tasks."""
        tasks, linked, contenders = schema.tasks, schema.comparison_tasks, schema.contenders
        about = (linked.c.contender_id, tasks.c.id, tasks.c.image_id, tasks.c.repeat)
        query = select(*about, tasks.c.state).join(linked, linked.c.task_id == tasks.c.id)
        query = query.join(contenders, contenders.c.id == linked.c.contender_id)
        query = query.where(contenders.c.comparison_id == comparison_id).order_by(tasks.c.id)
        if image_id is not None:
            query = query.where(tasks.c.image_id == image_id)
        rows = self._connection.execute(query)
        return [JudgedTask(row[0], row[1], row[2], row[3], TaskState(row[4])) for row in rows]

    def progress(self, comparison_id: int) -> Progress:
        """Of everything its contenders are judged by; what was answered before is done."""
        linked, contenders = schema.comparison_tasks, schema.contenders
        query = select(linked.c.task_id).join(contenders, contenders.c.id == linked.c.contender_id)
        mine = query.where(contenders.c.comparison_id == comparison_id)
        return progress_where(self._connection, schema.tasks.c.id.in_(mine))

    def open_runs(self, comparison_id: int) -> list[int]:
        """Ids of its runs with tasks that wait for somebody to take them."""
        tasks = schema.tasks
        waiting = _of(comparison_id) & (tasks.c.state == TaskState.QUEUED)
        query = select(tasks.c.run_id).where(waiting).distinct().order_by(tasks.c.run_id)
        return list(self._connection.execute(query).scalars())

    def pause(self, comparison_id: int) -> None:
        """Start nothing more for now; a request under way ends by itself."""
        self._move(comparison_id, TaskState.QUEUED, to=TaskState.PAUSED)

    def resume(self, comparison_id: int) -> None:
        self._move(comparison_id, TaskState.PAUSED, to=TaskState.QUEUED)

    def cancel(self, comparison_id: int) -> None:
        """Start nothing more, ever; a request under way ends by itself."""
        now = now_of(self._connection)
        mine = schema.runs.c.comparison_id == comparison_id
        self._connection.execute(update(schema.runs).where(mine).values(cancelled_at=now))
        for state in (TaskState.QUEUED, TaskState.PAUSED):
            self._move(comparison_id, state, to=TaskState.CANCELLED, finished_at=now)

    def pause_spent(self, run_id: int) -> bool:
        """Pause the comparison a run belongs to, if it has spent its budget; says whether."""
        runs, comparisons = schema.runs, schema.comparisons
        query = select(comparisons.c.id, comparisons.c.budget)
        query = query.join(runs, runs.c.comparison_id == comparisons.c.id)
        limited = (runs.c.id == run_id) & comparisons.c.budget.is_not(None)
        found = self._connection.execute(query.where(limited)).one_or_none()
        if found is None or self.spent(found[0]) < found[1]:
            return False
        self.pause(found[0])
        return True

    def spent(self, comparison_id: int) -> float:
        """USD its own requests cost."""
        replies, tasks = schema.replies, schema.tasks
        query = select(func.coalesce(func.sum(replies.c.cost), 0.0))
        query = query.join(tasks, tasks.c.id == replies.c.task_id)
        paid = _of(comparison_id) & replies.c.cached.is_(False)
        return float(self._connection.execute(query.where(paid)).scalar_one())

    def keep_budget(self, comparison_id: int, budget: float) -> None:
        self._keep(comparison_id, budget=budget)

    def standard(self, comparison_id: int) -> Standard:
        """What its answers were held against when they were scored last."""
        table = schema.comparisons
        query = select(table.c.rules, table.c.truths, table.c.groups)
        row = self._connection.execute(query.where(table.c.id == comparison_id)).one()
        truths = {int(n): (each[0], each[1]) for n, each in row[1].items()}
        groups = None if row[2] is None else {int(n): group for n, group in row[2].items()}
        return Standard(row[0], truths, groups)

    def keep_standard(self, comparison_id: int, standard: Standard) -> None:
        """What was made of answers by another standard is forgotten."""
        truths = {str(n): list(each) for n, each in standard.truths.items()}
        known, rules = standard.groups, standard.rules
        groups = None if known is None else {str(n): group for n, group in known.items()}
        self._keep(comparison_id, rules=rules, truths=truths, groups=groups, summary=None)

    def summary(self, comparison_id: int) -> dict[str, Any] | None:
        """What was made of all its answers, if they are all there and nothing changed since."""
        query = select(schema.comparisons.c.summary)
        query = query.where(schema.comparisons.c.id == comparison_id)
        kept: dict[str, Any] | None = self._connection.execute(query).scalar_one()
        return kept

    def keep_summary(self, comparison_id: int, summary: Mapping[str, Any]) -> None:
        self._keep(comparison_id, summary=dict(summary))

    def _keep(self, comparison_id: int, **values: object) -> None:
        mine = schema.comparisons.c.id == comparison_id
        self._connection.execute(update(schema.comparisons).where(mine).values(**values))

    def _move(self, comparison_id: int, state: TaskState, *, to: TaskState, **more: object) -> None:
        waiting = _of(comparison_id) & (schema.tasks.c.state == state)
        statement = update(schema.tasks).where(waiting).values(state=to, **more)
        self._connection.execute(statement)

    def _comparison(self, row: RowMapping) -> Comparison:
        table = schema.contenders
        query = select(table).where(table.c.comparison_id == row["id"]).order_by(table.c.position)
        prompts = Prompts(self._connection)
        contenders = tuple(
            Contender(each["name"], prompts.get(each["prompt_id"]), each["id"])
            for each in self._connection.execute(query).mappings().all()
        )
        plain = ("id", "project_id", "name", "created_at", "repeats", "iou", "budget", "seed")
        return Comparison(
            **{name: row[name] for name in plain},
            image_ids=tuple(row["image_ids"]),
            contenders=contenders,
            baseline=contenders[row["baseline"]].name,
            actor=Actor(row["actor"]),
        )


def _of(comparison_id: int) -> ColumnElement[bool]:
    """A task that a comparison asked."""
    runs = schema.runs
    mine = select(runs.c.id).where(runs.c.comparison_id == comparison_id)
    return schema.tasks.c.run_id.in_(mine)


def _settled_with_a_reply() -> ColumnElement[bool]:
    """Answered, be it by words nobody could read: a model that gives these is not asked again."""
    tasks, replies = schema.tasks, schema.replies
    unread = select(replies.c.task_id).where(
        replies.c.readable.is_(False), replies.c.finish_reason.is_not(None)
    )
    failed = (tasks.c.state == TaskState.FAILED) & tasks.c.id.in_(unread)
    return or_(tasks.c.state == TaskState.DONE, failed)
