"""The history of an image without its shapes: who did what when, and what can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from beltmask.model import Actor, ReviewState
from beltmask.store import schema
from beltmask.store.class_changes import TOLD_TO_IMAGES

UNDO, REDO = "undo", "redo"
"""Kinds of operations that take another back; ``detail["undoes"]`` names that one."""
PROPOSE = "propose"
"""The kind of operation that puts a run's predictions before the reviewer."""
CONFLICT_COPY = "keep apart"
"""The kind of operation that keeps refused shapes as objects of their own: ``detail["apart"]``
holds their ids by those of the objects they were drawn for."""
REFUSED = "refused"
"""The kind of operation that keeps what was answered to a gesture that was not made."""
_NO_WORK = (UNDO, REDO, REFUSED, *TOLD_TO_IMAGES)
_FIRST_PAGE = 8


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One operation as history tells it. ``number`` counts from 1 within its image."""

    id: str
    image_id: int
    number: int
    kind: str
    actor: Actor
    at: datetime
    review_before: ReviewState
    review_after: ReviewState
    detail: Mapping[str, Any]

    @property
    def what(self) -> str:
        """The kind; of an undo or redo, the kind of what it took back or did again."""
        return str(self.detail.get("of", self.kind))


@dataclass(frozen=True, slots=True)
class UndoState:
    """What of an image's history can be taken back.

    ``last`` is the newest operation that stands, whoever made it; ``undoable`` the newest one of
    a person, and ``redoable`` the undo of theirs after which they have done nothing else.
    """

    last: LogEntry | None = None
    undoable: LogEntry | None = None
    redoable: LogEntry | None = None


class OperationLog:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(self, image_id: int, *, actor: Actor) -> UndoState:
        """Where undo and redo stand for ``actor``; read back as far as that takes."""
        reading = _LogReading(actor)
        number, limit = None, _FIRST_PAGE
        while reading.undoable is None:
            whose = None if reading.last is None else actor
            page = self.before(image_id, number, limit=limit, whose=whose)
            reading.take(page)
            if len(page) < limit:
                break
            number, limit = page[-1].number, limit * 4
        return UndoState(reading.last, reading.undoable, reading.redoable)

    def page(self, image_id: int, before: int | None, *, limit: int) -> list[LogEntry]:
        """Up to ``limit`` operations below number ``before`` (None: all), newest first.

        Gestures that were refused are left out.
        """
        table = schema.operations
        query = _headers().where(table.c.image_id == image_id, table.c.kind != REFUSED)
        query = query if before is None else query.where(table.c.number < before)
        rows = self._connection.execute(query.order_by(table.c.number.desc()).limit(limit))
        return [_entry(row) for row in rows.mappings()]

    def taken_back(self, image_id: int) -> set[str]:
        """Ids of the image's operations that were undone, and of the undos done again."""
        table = schema.operations
        taking = table.c.kind.in_((UNDO, REDO)) & (table.c.image_id == image_id)
        rows = self._connection.execute(_headers().where(taking)).mappings()
        entries = [_entry(row) for row in rows]
        again = {each.detail["undoes"] for each in entries if each.kind == REDO}
        return {each.detail["undoes"] for each in entries if each.id not in again}

    def conflict_copies(self, image_id: int) -> list[tuple[str, str]]:
        """Ids of the objects somebody changed meanwhile, each with its conflict copy's."""
        table = schema.operations
        query = select(table.c.detail).where(
            table.c.image_id == image_id, table.c.kind == CONFLICT_COPY
        )
        details = self._connection.execute(query).scalars()
        return [pair for detail in details for pair in detail.get("apart", {}).items()]

    def since(self, image_id: int, number: int) -> list[LogEntry]:
        """The operations of the image after ``number``, oldest first."""
        table = schema.operations
        query = _headers().where(table.c.image_id == image_id, table.c.number > number)
        rows = self._connection.execute(query.order_by(table.c.number)).mappings()
        return [_entry(row) for row in rows]

    def before(
        self, image_id: int, number: int | None, *, limit: int, whose: Actor | None = None
    ) -> list[LogEntry]:
        """Up to ``limit`` operations of the image below ``number`` (None: all), newest first.

        ``whose`` leaves out the work of others, but not what they took back.
        """
        table = schema.operations
        query = _headers().where(table.c.image_id == image_id)
        if number is not None:
            query = query.where(table.c.number < number)
        if whose is not None:
            query = query.where((table.c.actor == whose.name) | table.c.kind.in_((UNDO, REDO)))
        rows = self._connection.execute(query.order_by(table.c.number.desc()).limit(limit))
        return [_entry(row) for row in rows.mappings()]


class _LogReading:
    """A history read from its end: what was taken back is known before it is met."""

    def __init__(self, actor: Actor) -> None:
        self.last: LogEntry | None = None
        self.undoable: LogEntry | None = None
        self.redoable: LogEntry | None = None
        self._actor = actor
        self._worked = False
        self._done_again = set[str]()
        self._taken_back = set[str]()

    def take(self, entries: Iterable[LogEntry]) -> None:
        for entry in entries:
            if self.undoable is None:
                self._take(entry, mine=entry.actor == self._actor)

    def _take(self, entry: LogEntry, *, mine: bool) -> None:
        if entry.kind == REDO:
            self._done_again.add(entry.detail["undoes"])
        elif entry.kind == UNDO and entry.id not in self._done_again:
            self._taken_back.add(entry.detail["undoes"])
            if mine and not self._worked:
                self.redoable = self.redoable or entry
        elif entry.kind not in _NO_WORK:
            self._worked = self._worked or mine
            if entry.id not in self._taken_back:
                self.last = self.last or entry
                self.undoable = entry if mine else None


def _headers() -> Select[Any]:
    return select(*(column for column in schema.operations.c if column.name != "changes"))


def _entry(row: Mapping[Any, Any]) -> LogEntry:
    return LogEntry(
        id=row["id"],
        image_id=row["image_id"],
        number=row["number"],
        kind=row["kind"],
        actor=Actor(row["actor"]),
        at=row["at"],
        review_before=ReviewState(row["review_before"]),
        review_after=ReviewState(row["review_after"]),
        detail=row["detail"],
    )
