"""Many objects into another class at once, and what their images are told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    String,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from beltmask.model import Actor, AnnotationState, ReviewState
from beltmask.store import schema
from beltmask.store.class_changes import ClassChangeKind
from beltmask.store.columns import UtcDateTime
from beltmask.store.membership import among

Objects = ColumnElement[bool]
"""Which objects are meant, as a condition on the table of annotations."""
_UNDER_REVIEW = (ReviewState.PREDICTED, ReviewState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Touched:
    """How many objects a change is about, in how many images, and how many are approved."""

    objects: int = 0
    images: int = 0
    approved: int = 0


@dataclass(frozen=True, slots=True)
class MoveNote:
    """What the images of a change are told: the operation each of them gets."""

    change_id: int
    kind: ClassChangeKind
    actor: Actor
    detail: Mapping[str, Any]


def of_class(class_id: int) -> Objects:
    return schema.annotations.c.class_id == class_id


def moved_by(change_id: int, *, now_of: int) -> Objects:
    """The objects a change moved that are where it moved them."""
    moves, table = schema.class_moves, schema.annotations
    moved = select(moves.c.annotation_id).where(moves.c.change_id == change_id)
    return (table.c.class_id == now_of) & table.c.id.in_(moved)


def without_class(project_id: int, labels: Sequence[str]) -> Objects:
    """Objects of these labels that no class stands for, in images nobody settled yet."""
    table, images = schema.annotations, schema.images
    waiting = select(images.c.id).where(
        images.c.project_id == project_id, images.c.review.in_(_UNDER_REVIEW)
    )
    return table.c.class_id.is_(None) & among(table.c.label, labels) & table.c.image_id.in_(waiting)


class ClassMoves:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold_images(self) -> None:
        """Let nobody else change an object until the transaction ends; reading goes on.

        Whoever changes objects locks their image first, which waits for this. SQLite has one
        writer at a time anyway.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE images IN EXCLUSIVE MODE"))

    def touched(self, objects: Objects) -> Touched:
        table, images = schema.annotations, schema.images
        per_image = select(table.c.image_id, func.count().label("objects")).where(objects)
        found = per_image.group_by(table.c.image_id).subquery()
        approved = func.count().filter(images.c.review == ReviewState.APPROVED)
        total = func.coalesce(func.sum(found.c.objects), 0)
        query = select(total, func.count(), approved).join_from(
            found, images, images.c.id == found.c.image_id
        )
        row = self._connection.execute(query).one()
        return Touched(*map(int, row))

    def labels_without_class(self, project_id: int) -> list[tuple[str, Touched]]:
        """Labels of kept objects no class stands for, in images nobody settled yet; most first."""
        table, images = schema.annotations, schema.images
        query = (
            select(table.c.label, func.count(), func.count(table.c.image_id.distinct()))
            .join(images, images.c.id == table.c.image_id)
            .where(images.c.project_id == project_id, images.c.review.in_(_UNDER_REVIEW))
            .where(table.c.class_id.is_(None), table.c.state != AnnotationState.REJECTED)
            .group_by(table.c.label)
            .order_by(func.count().desc(), table.c.label)
        )
        rows = self._connection.execute(query).all()
        return [(label, Touched(objects, images)) for label, objects, images in rows]

    def tell(self, objects: Objects, note: MoveNote) -> None:
        """Every image of these objects gets an operation that tells of it, and moves on by one."""
        images, operations = schema.images, schema.operations
        concerned = select(schema.annotations.c.image_id).where(objects)
        last = select(func.coalesce(func.max(operations.c.number), 0))
        last = last.where(operations.c.image_id == images.c.id).correlate(images)
        told = {
            "id": literal(f"class/{note.change_id}/") + cast(images.c.id, String),
            "image_id": images.c.id,
            "number": last.scalar_subquery() + 1,
            "kind": literal(note.kind.value),
            "actor": literal(note.actor.name),
            "at": literal(datetime.now(UTC), UtcDateTime),
            "changes": literal([], JSON),
            "review_before": images.c.review,
            "review_after": images.c.review,
            "detail": literal({"class_change": note.change_id, **note.detail}, JSON),
        }
        rows = select(*told.values()).where(images.c.id.in_(concerned))
        self._connection.execute(insert(operations).from_select(list(told), rows))
        moved = update(images).where(images.c.id.in_(concerned))
        self._connection.execute(moved.values(revision=images.c.revision + 1))

    def move(self, objects: Objects, class_id: int | None, note: MoveNote) -> None:
        """Give objects a class, or none; each is one revision further, and their images know."""
        self.tell(objects, note)
        table, moves = schema.annotations, schema.class_moves
        chosen = select(literal(note.change_id), table.c.id).where(objects)
        kept = insert(moves).from_select(["change_id", "annotation_id"], chosen)
        self._connection.execute(kept)
        statement = update(table).where(objects)
        values = {"class_id": class_id, "revision": table.c.revision + 1}
        self._connection.execute(statement.values(values))
