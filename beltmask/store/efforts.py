"""How much work images took, counted from their operations and objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from beltmask.model import THE_APP, AnnotationSource, AnnotationState
from beltmask.store import schema
from beltmask.store.class_changes import TOLD_TO_IMAGES
from beltmask.store.membership import among

_SETTLED = (AnnotationState.ACCEPTED, AnnotationState.EDITED)


@dataclass(frozen=True, slots=True)
class Work:
    """Operations of one kind on one image, and the milliseconds people were at them."""

    image_id: int
    kind: str
    count: int
    active_ms: int


@dataclass(frozen=True, slots=True)
class Settled:
    """Objects of one origin that are kept and settled; ``touched``: somebody changed them."""

    image_id: int
    source: AnnotationSource
    touched: bool
    count: int


class Efforts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def work(self, project_id: int, image_ids: Sequence[int] | None = None) -> list[Work]:
        """What people did, by image and kind; None asks for all images outside the trash."""
        table = schema.operations
        active = func.coalesce(func.sum(table.c.detail["active_ms"].as_integer()), 0)
        query = select(table.c.image_id, table.c.kind, func.count(), active)
        query = query.join(schema.images, schema.images.c.id == table.c.image_id)
        query = query.where(
            *_among(project_id, image_ids),
            table.c.actor != THE_APP.name,
            table.c.kind.not_in(TOLD_TO_IMAGES),
        )
        rows = self._connection.execute(query.group_by(table.c.image_id, table.c.kind))
        return [Work(row[0], row[1], row[2], int(row[3])) for row in rows]

    def settled(self, project_id: int, image_ids: Sequence[int] | None = None) -> list[Settled]:
        """Objects that are accepted or edited, by image and origin."""
        table = schema.annotations
        columns = (table.c.image_id, table.c.source, table.c.state)
        query = select(*columns, func.count())
        query = query.join(schema.images, schema.images.c.id == table.c.image_id)
        query = query.where(*_among(project_id, image_ids), table.c.state.in_(_SETTLED))
        rows = self._connection.execute(query.group_by(*columns))
        return [
            Settled(row[0], AnnotationSource(row[1]), row[2] == AnnotationState.EDITED, row[3])
            for row in rows
        ]


def _among(project_id: int, image_ids: Sequence[int] | None) -> list[ColumnElement[bool]]:
    images = schema.images
    conditions = [images.c.project_id == project_id, images.c.deleted_at.is_(None)]
    return conditions if image_ids is None else [*conditions, among(images.c.id, image_ids)]
