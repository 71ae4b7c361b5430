"""The answers about an image, a line each: what was asked, what came of it, what it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, Subquery, case, func, select

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.model import Actor, Prompt, Task, TaskState
from beltmask.store import schema
from beltmask.store.prompts import Prompts
from beltmask.store.runs import task_of


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer as a list tells it. ``seconds`` and ``cost`` (USD) are of what was sent for it.

    ``model_version`` is the model as the service named it, None where none did; ``cost`` is None
    where nobody knows a price. ``from_cache``: nothing was sent.
    """

    task: Task
    prompt: Prompt
    actor: Actor
    model_version: str | None
    objects: int
    problems: int
    seconds: float
    cost: float | None
    from_cache: bool


class Answers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_image(self, image_id: int, *, limit: int, before: int | None = None) -> list[AnswerLine]:
        """Its answers, those that failed among them, newest first.

        Args:
            before: Only answers of tasks with a smaller id.
        """
        page = _page(image_id, before, limit)
        replies, found, runs = _replies(page), _predictions(page), schema.runs
        query = (
            select(page, replies, found.c.objects, runs.c.prompt_id, runs.c.actor)
            .join(runs, runs.c.id == page.c.run_id)
            .outerjoin(replies, replies.c.task_id == page.c.id)
            .outerjoin(found, found.c.task_id == page.c.id)
        )
        rows = self._connection.execute(query.order_by(page.c.id.desc())).mappings().all()
        prompts = Prompts(self._connection).by_ids(row["prompt_id"] for row in rows)
        return [_line(row, prompts[row["prompt_id"]]) for row in rows]

    def task(self, task_id: int) -> Task:
        """The task that was answered, or will be.

        Raises:
            NotFoundError: There is none of this id.
        """
        query = select(schema.tasks).where(schema.tasks.c.id == task_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError(Message("store.no_task", id=task_id))
        return task_of(row)


def _page(image_id: int, before: int | None, limit: int) -> Subquery:
    table = schema.tasks
    answered = table.c.state.in_((TaskState.DONE, TaskState.FAILED))
    query = select(table).where(table.c.image_id == image_id, answered)
    if before is not None:
        query = query.where(table.c.id < before)
    return query.order_by(table.c.id.desc()).limit(limit).subquery("page")


def _replies(page: Subquery) -> Subquery:
    """What the replies of each task took together."""
    table = schema.replies
    problems = func.json_array_length(table.c.problems, type_=Integer)
    query = select(
        table.c.task_id,
        func.max(table.c.model_version).label("model_version"),
        func.sum(table.c.latency).label("seconds"),
        func.sum(table.c.cost).label("cost"),
        func.sum(problems).label("problems"),
        func.sum(case((table.c.cached, 0), else_=1)).label("sent"),
    )
    mine = table.c.task_id.in_(select(page.c.id))
    return query.where(mine).group_by(table.c.task_id).subquery("replied")


def _predictions(page: Subquery) -> Subquery:
    table = schema.predictions
    query = select(table.c.task_id, func.count().label("objects"))
    mine = table.c.task_id.in_(select(page.c.id))
    return query.where(mine).group_by(table.c.task_id).subquery("found")


def _line(row: Mapping[Any, Any], prompt: Prompt) -> AnswerLine:
    return AnswerLine(
        task=task_of(row),
        prompt=prompt,
        actor=Actor(row["actor"]),
        model_version=row["model_version"],
        objects=row["objects"] or 0,
        problems=int(row["problems"] or 0),
        seconds=row["seconds"] or 0.0,
        cost=row["cost"],
        from_cache=row["sent"] == 0,
    )
