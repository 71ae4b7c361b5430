"""The operations of an image with all they changed, able to be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, insert, select

from beltmask.model import (
    Actor,
    Annotation,
    AnnotationState,
    Change,
    Operation,
    ReviewState,
)
from beltmask.store import schema
from beltmask.store.class_resolution import classes_today
from beltmask.store.membership import among
from beltmask.store.operation_log import PROPOSE
from beltmask.store.shapes import annotation_columns, annotation_of


@dataclass(frozen=True, slots=True)
class StoredGesture:
    """What is known of a gesture: its answer, and the revisions it left objects at.

    A deleted object counts as one revision further, so that one brought back goes on counting.
    """

    id: str
    image_id: int
    kind: str
    detail: Mapping[str, Any]
    revisions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Touch:
    """What an operation did to one object, without its shapes; None: it was not there."""

    annotation_id: str
    label: str
    before: AnnotationState | None
    after: AnnotationState | None


class Operations:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, operation_id: str) -> Operation | None:
        """The operation of this id, if it has been applied already."""
        found = self._newest(schema.operations.c.id == operation_id, limit=1)
        return found[0] if found else None

    def add(self, operation: Operation) -> None:
        table = schema.operations
        last = select(func.coalesce(func.max(table.c.number), 0))
        number = last.where(table.c.image_id == operation.image_id).scalar_subquery() + 1
        values = {
            "id": operation.id,
            "image_id": operation.image_id,
            "number": number,
            "kind": operation.kind,
            "actor": operation.actor.name,
            "at": operation.at,
            "changes": [_change_to_json(change) for change in operation.changes],
            "review_before": operation.review_before,
            "review_after": operation.review_after,
            "detail": operation.detail,
        }
        self._connection.execute(insert(table).values(**values))

    def of_image(
        self, image_id: int, *, after: int = 0, limit: int | None = None
    ) -> list[Operation]:
        """The image's operations above number ``after``, newest first."""
        table = schema.operations
        return self._newest(table.c.image_id == image_id, table.c.number > after, limit=limit)

    def touches(self, ids: Iterable[str]) -> dict[str, list[Touch]]:
        """What the operations of these ids did to objects, by the operation's id."""
        table = schema.operations
        query = select(table.c.id, table.c.changes).where(among(table.c.id, ids))
        rows = self._connection.execute(query)
        return {row.id: [_touch(change) for change in row.changes] for row in rows}

    def told(self, ids: Iterable[str]) -> dict[str, StoredGesture]:
        """What is known of the gestures of these ids, no shape decoded."""
        table = schema.operations
        columns = (table.c.id, table.c.image_id, table.c.kind, table.c.detail, table.c.changes)
        query = select(*columns).where(among(table.c.id, ids))
        return {row.id: _told(row._mapping) for row in self._connection.execute(query)}

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that operations have, on whatever image."""
        table, wanted = schema.operations, list(ids)
        if not wanted:
            return frozenset()
        query = select(table.c.id).where(among(table.c.id, wanted))
        return frozenset(self._connection.execute(query).scalars())

    def last_of(self, image_id: int, annotation_id: str) -> Operation | None:
        """The newest operation of an image that changed this object."""
        table = schema.operations
        changed = cast(table.c.changes, Text).contains(annotation_id, autoescape=True)
        found = self._newest(table.c.image_id == image_id, changed, limit=1)
        return found[0] if found else None

    def deleted_predictions(self, image_id: int) -> set[int]:
        """Ids of the predictions whose objects people deleted, ever since."""
        table = schema.operations
        of_image = (table.c.image_id == image_id) & (table.c.kind != PROPOSE)
        rows = self._connection.execute(select(table.c.changes).where(of_image)).scalars()
        gone = (each["before"] for changes in rows for each in changes if not each["after"])
        return {each["prediction_id"] for each in gone if each["prediction_id"] is not None}

    def _newest(self, *conditions: ColumnElement[bool], limit: int | None) -> list[Operation]:
        table = schema.operations
        query = select(table).where(*conditions).order_by(table.c.number.desc()).limit(limit)
        found = [_operation(row) for row in self._connection.execute(query).mappings()]
        today = classes_today(self._connection, [c for each in found for c in each.changes])
        return [replace(each, changes=today.told(each.changes)) for each in found]


def revisions_left(changes: Sequence[Change]) -> dict[str, int]:
    """The revisions of objects after changes, as ``StoredGesture`` counts them."""
    left = {change.after.id: change.after.revision for change in changes if change.after}
    gone = [change.before for change in changes if change.before and not change.after]
    return left | {each.id: each.revision + 1 for each in gone}


def _touch(change: dict[str, Any]) -> Touch:
    before, after = change["before"] or {}, change["after"] or {}
    states = [each and AnnotationState(each["state"]) for each in (before, after)]
    return Touch(
        annotation_id=(after or before)["id"],
        label=(after or before)["label"],
        before=states[0] or None,
        after=states[1] or None,
    )


def _told(row: Mapping[Any, Any]) -> StoredGesture:
    revisions = {}
    for change in row["changes"]:
        before, after = change["before"], change["after"]
        end = before if after is None else after
        revisions[end["id"]] = end["revision"] + (after is None)
    return StoredGesture(row["id"], row["image_id"], row["kind"], row["detail"], revisions)


def _operation(row: Mapping[Any, Any]) -> Operation:
    return Operation(
        id=row["id"],
        image_id=row["image_id"],
        kind=row["kind"],
        actor=Actor(row["actor"]),
        at=row["at"],
        changes=tuple(_change_from_json(change) for change in row["changes"]),
        review_before=ReviewState(row["review_before"]),
        review_after=ReviewState(row["review_after"]),
        detail=row["detail"],
    )


def _change_to_json(change: Change) -> dict[str, Any]:
    return {"before": _to_json(change.before), "after": _to_json(change.after)}


def _change_from_json(change: dict[str, Any]) -> Change:
    return Change(before=_from_json(change["before"]), after=_from_json(change["after"]))


def _to_json(annotation: Annotation | None) -> dict[str, Any] | None:
    if annotation is None:
        return None
    columns = annotation_columns(annotation)
    counts = columns["counts"]
    return {**columns, "counts": None if counts is None else counts.decode("ascii")}


def _from_json(value: dict[str, Any] | None) -> Annotation | None:
    if value is None:
        return None
    counts = value["counts"]
    row = {**value, "counts": None if counts is None else counts.encode("ascii")}
    return annotation_of({"position": 0, "layer": 0, **row})  # older operations kept neither
