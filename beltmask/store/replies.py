"""What detectors answered: replies, kept raw, and the predictions read from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from beltmask.messages import Message
from beltmask.model import (
    Box,
    Finding,
    MaskSource,
    Prediction,
    Problem,
    Prompt,
    Reply,
    TaskState,
    Usage,
)
from beltmask.store import schema
from beltmask.store.membership import among
from beltmask.store.prompts import Prompts
from beltmask.store.shapes import shape_columns, shape_of

_PLAIN = (
    "request",
    "dialect",
    "finish_reason",
    "model_version",
    "latency",
    "cost",
    "cached",
    "readable",
    "object_cap",
)
_TOKENS = ("prompt_tokens", "output_tokens", "thinking_tokens")
_WHOLE = ("STOP", "stop")
"""How Gemini and OpenAI-compatible servers say that an answer is complete."""
_RECENT = 100
"""Requests."""


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A reply as stored: its raw text lies in the blobs under ``raw_sha256``."""

    raw_sha256: str
    reply: Reply
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """What requests took: tokens, seconds, USD. ``unpriced`` of them have no known cost."""

    requests: int
    input_tokens: int
    output_tokens: int
    seconds: float
    cost: float
    unpriced: int


class Replies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, task_id: int, kept: KeptReply, *, number: int) -> None:
        reply = kept.reply
        values = {
            **{name: getattr(reply, name) for name in _PLAIN},
            **asdict(reply.usage),
            "task_id": task_id,
            "number": number,
            "raw_sha256": kept.raw_sha256,
            "region": None if reply.region is None else list(reply.region.corners),
            "problems": [_plain(problem) for problem in kept.problems],
        }
        self._connection.execute(insert(schema.replies).values(**values))

    def add_problems(self, task_id: int, problems: Sequence[Problem]) -> None:
        """Add problems to the task's last reply."""
        table = schema.replies
        last = select(func.max(table.c.id)).where(table.c.task_id == task_id).scalar_subquery()
        mine = self._connection.execute(select(table).where(table.c.id == last)).mappings()
        for row in mine.all() if problems else ():
            values = [*row["problems"], *map(_plain, problems)]
            statement = update(table).where(table.c.id == row["id"])
            self._connection.execute(statement.values(problems=values))

    def of_task(self, task_id: int) -> list[KeptReply]:
        """The task's replies in the order they came, without their raw text."""
        table = schema.replies
        query = select(table).where(table.c.task_id == task_id).order_by(table.c.number)
        return [_reply(row) for row in self._connection.execute(query).mappings()]

    def of_tasks(self, task_ids: Iterable[int]) -> dict[int, list[KeptReply]]:
        """The replies of some tasks in the order they came, without their raw text."""
        table = schema.replies
        query = select(table).where(among(table.c.task_id, task_ids))
        rows = self._connection.execute(query.order_by(table.c.number)).mappings()
        found: dict[int, list[KeptReply]] = {}
        for row in rows:
            found.setdefault(row["task_id"], []).append(_reply(row))
        return found

    def newest_to(self, prompt: Prompt, project_id: int) -> KeptReply | None:
        """The last reply to a prompt in a project, without its raw text."""
        table, tasks, runs = schema.replies, schema.tasks, schema.runs
        mine = (runs.c.project_id == project_id) & (
            runs.c.prompt_id == Prompts(self._connection).id_of(prompt)
        )
        query = select(table).join(tasks, tasks.c.id == table.c.task_id)
        query = query.join(runs, runs.c.id == tasks.c.run_id).where(mine)
        newest = query.order_by(table.c.id.desc()).limit(1)
        row = self._connection.execute(newest).mappings().one_or_none()
        return None if row is None else _reply(row)

    def paid(self, requests: Iterable[str]) -> dict[str, KeptReply]:
        """By request, the reply that was paid for: those kept from it cost nothing."""
        table = schema.replies
        query = select(table).where(among(table.c.request, requests), table.c.cached.is_(False))
        rows = self._connection.execute(query.order_by(table.c.id)).mappings()
        return {row["request"]: _reply(row) for row in rows}

    def spent_on(self, run_id: int) -> Spent:
        return self._spent(schema.tasks.c.run_id == run_id)

    def spent_since(self, start: datetime) -> Spent:
        """By tasks that were taken at ``start`` or later."""
        return self._spent(schema.tasks.c.started_at >= start)

    def mean_latency(self, detector: str, model: str) -> float | None:
        """Seconds of a request to a model, over its last ones; None before the first."""
        table, tasks, runs, prompts = schema.replies, schema.tasks, schema.runs, schema.prompts
        query = select(table.c.latency).join(tasks, tasks.c.id == table.c.task_id)
        query = query.join(runs, runs.c.id == tasks.c.run_id)
        query = query.join(prompts, prompts.c.id == runs.c.prompt_id)
        same = (prompts.c.detector == detector) & (prompts.c.model == model)
        newest = query.where(same, table.c.cached.is_(False)).order_by(table.c.id.desc())
        some = newest.limit(_RECENT).subquery()
        mean: float | None = self._connection.execute(select(func.avg(some.c.latency))).scalar_one()
        return mean

    def _spent(self, which: ColumnElement[bool]) -> Spent:
        """Answers from the cache are no requests."""
        table, tasks = schema.replies, schema.tasks
        out = func.coalesce(table.c.output_tokens, 0) + func.coalesce(table.c.thinking_tokens, 0)
        sums = (table.c.prompt_tokens, out, table.c.latency, table.c.cost)
        query = select(
            func.count(table.c.id),
            *(func.coalesce(func.sum(column), 0) for column in sums),
            func.count(table.c.id) - func.count(table.c.cost),
        ).join(tasks, tasks.c.id == table.c.task_id)
        row = self._connection.execute(query.where(which, table.c.cached.is_(False))).one()
        return Spent(int(row[0]), int(row[1]), int(row[2]), float(row[3]), float(row[4]), row[5])

    def answered(self, request: str, *, repeat: int) -> KeptReply | None:
        """The newest whole answer of the model to a request.

        One that nobody could read counts only when its task came to a good end without it.
        """
        table, tasks = schema.replies, schema.tasks
        query = select(table).join(tasks, tasks.c.id == table.c.task_id)
        whole = table.c.finish_reason.in_(_WHOLE) & table.c.cached.is_(False)
        mine = (table.c.request == request) & (tasks.c.repeat == repeat)
        useful = table.c.readable | (tasks.c.state == TaskState.DONE)
        query = query.where(mine, whole, useful)
        newest = query.order_by(table.c.id.desc()).limit(1)
        row = self._connection.execute(newest).mappings().one_or_none()
        return None if row is None else _reply(row)


class Predictions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, task_id: int, image_id: int, findings: Sequence[Finding]) -> list[Prediction]:
        """Keep findings for ever, numbered from 1 in the order given."""
        rows = [
            {
                "task_id": task_id,
                "image_id": image_id,
                "number": number,
                "label": finding.label,
                **shape_columns(finding.box, finding.mask),
                "mask_source": finding.mask_source,
                "score": finding.score,
            }
            for number, finding in enumerate(findings, start=1)
        ]
        if rows:
            self._connection.execute(insert(schema.predictions), rows)
        return self.of_task(task_id)

    def of_task(self, task_id: int) -> list[Prediction]:
        table = schema.predictions
        query = select(table).where(table.c.task_id == task_id).order_by(table.c.number)
        return [_prediction(row) for row in self._connection.execute(query).mappings()]

    def of_tasks(self, task_ids: Iterable[int]) -> dict[int, list[Prediction]]:
        """The predictions of some tasks, by task; tasks that found nothing are left out."""
        table = schema.predictions
        query = select(table).where(among(table.c.task_id, task_ids)).order_by(table.c.number)
        found: dict[int, list[Prediction]] = {}
        for row in self._connection.execute(query).mappings():
            found.setdefault(row["task_id"], []).append(_prediction(row))
        return found

    def by_ids(self, ids: Iterable[int]) -> list[Prediction]:
        """The predictions of these ids in the order they were kept."""
        table = schema.predictions
        query = select(table).where(among(table.c.id, ids)).order_by(table.c.id)
        return [_prediction(row) for row in self._connection.execute(query).mappings()]


def _reply(row: Mapping[Any, Any]) -> KeptReply:
    usage = Usage(**{name: row[name] for name in _TOKENS})
    region = None if row["region"] is None else Box(*row["region"])
    reply = Reply(raw="", usage=usage, region=region, **{name: row[name] for name in _PLAIN})
    problems = tuple(_problem(problem) for problem in row["problems"])
    return KeptReply(row["raw_sha256"], reply, problems)


def _problem(value: dict[str, Any]) -> Problem:
    span = None if value["span"] is None else (value["span"][0], value["span"][1])
    return Problem(value["kind"], Message.from_json(value), value["object"], span)


def _plain(problem: Problem) -> dict[str, Any]:
    about = {"kind": problem.kind, "object": problem.object, "span": problem.span}
    return {**about, **problem.said.to_json()}


def _prediction(row: Mapping[Any, Any]) -> Prediction:
    box, mask = shape_of(row)
    source = MaskSource(row["mask_source"])
    finding = Finding(row["label"], box, mask, source, row["score"])
    return Prediction(row["id"], row["task_id"], row["image_id"], row["number"], finding)
