"""What people say about images, in threads that are open or resolved. Nothing is ever deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.model import Actor
from beltmask.store import schema
from beltmask.store.membership import among


class CommentKind(StrEnum):
    SAID = "said"
    RESOLVED = "resolved"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Comment:
    """Something said, or that the thread was resolved or reopened then.

    ``taken_back`` is when its author withdrew it; the words are kept.
    """

    id: int
    thread_id: int
    kind: CommentKind
    actor: Actor
    at: datetime
    text: str
    taken_back: datetime | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """Comments that answer one another, the oldest first.

    ``number`` counts from 1 within the image. ``annotation_id`` is the object they are about,
    which may be gone by now; ``spot`` is the place (x, y) in pixels of the image they are about,
    where the object was if there is one. Without either they are about the whole image.
    """

    id: int
    image_id: int
    number: int
    annotation_id: str | None
    spot: tuple[float, float] | None
    resolved_at: datetime | None
    resolved_by: str | None
    comments: tuple[Comment, ...]

    @property
    def resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def said(self) -> tuple[Comment, ...]:
        """What was said and not taken back."""
        kind = CommentKind.SAID
        return tuple(c for c in self.comments if c.kind is kind and c.taken_back is None)


class Comments:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(
        self, image_id: int, *, annotation_id: str | None, spot: tuple[float, float] | None
    ) -> int:
        """A new thread without comments; returns its id. The image must be held."""
        table = schema.threads
        last = select(func.coalesce(func.max(table.c.number), 0)).where(
            table.c.image_id == image_id
        )
        values = {
            "image_id": image_id,
            "number": self._connection.execute(last).scalar_one() + 1,
            "annotation_id": annotation_id,
            "x": None if spot is None else spot[0],
            "y": None if spot is None else spot[1],
        }
        statement = insert(table).values(**values).returning(table.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def add(self, thread_id: int, kind: CommentKind, *, actor: Actor, text: str = "") -> None:
        values = {"thread_id": thread_id, "kind": kind, "actor": actor.name, "text": text}
        statement = insert(schema.comments).values(**values, at=datetime.now(UTC))
        self._connection.execute(statement)

    def settle(self, thread_id: int, *, resolved_by: Actor | None) -> None:
        """Resolve a thread, or open it again with None."""
        table = schema.threads
        values = {
            "resolved_at": None if resolved_by is None else datetime.now(UTC),
            "resolved_by": None if resolved_by is None else resolved_by.name,
        }
        self._connection.execute(update(table).where(table.c.id == thread_id).values(**values))

    def take_back(self, comment_id: int, *, actor: Actor) -> None:
        table = schema.comments
        values = {"deleted_at": datetime.now(UTC), "deleted_by": actor.name}
        self._connection.execute(update(table).where(table.c.id == comment_id).values(**values))

    def thread(self, thread_id: int) -> Thread:
        found = self._threads(schema.threads.c.id == thread_id)
        if not found:
            raise NotFoundError(Message("store.no_thread", id=thread_id))
        return found[0]

    def of_image(self, image_id: int) -> list[Thread]:
        """The threads about an image, by their number."""
        return self._threads(schema.threads.c.image_id == image_id)

    def open_counts(self, image_ids: Sequence[int]) -> dict[int, int]:
        """How many threads are open, of those images that have any."""
        table = schema.threads
        query = select(table.c.image_id, func.count()).group_by(table.c.image_id)
        query = query.where(table.c.resolved_at.is_(None), among(table.c.image_id, image_ids))
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def _threads(self, wanted: ColumnElement[bool]) -> list[Thread]:
        table, comments = schema.threads, schema.comments
        chosen = select(table).where(wanted).order_by(table.c.image_id, table.c.number)
        rows = self._connection.execute(chosen).mappings().all()
        said = select(comments).join(table, table.c.id == comments.c.thread_id).where(wanted)
        by_thread = _by_thread(self._connection.execute(said.order_by(comments.c.id)).mappings())
        return [_thread(row, by_thread[row["id"]]) for row in rows]


def _by_thread(rows: Iterable[Mapping[Any, Any]]) -> Mapping[int, list[Comment]]:
    found = defaultdict[int, list[Comment]](list)
    for row in rows:
        plain = {name: row[name] for name in ("id", "thread_id", "at", "text")}
        kind, actor = CommentKind(row["kind"]), Actor(row["actor"])
        comment = Comment(**plain, kind=kind, actor=actor, taken_back=row["deleted_at"])
        found[comment.thread_id].append(comment)
    return found


def _thread(row: Mapping[Any, Any], comments: Sequence[Comment]) -> Thread:
    plain = ("id", "image_id", "number", "annotation_id", "resolved_at", "resolved_by")
    return Thread(
        **{name: row[name] for name in plain},
        spot=None if row["x"] is None else (row["x"], row["y"]),
        comments=tuple(comments),
    )
