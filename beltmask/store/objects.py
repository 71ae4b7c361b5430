"""Objects across pictures: those of one class, paged by key."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, tuple_

from beltmask.model import Annotation, AnnotationState
from beltmask.store import schema
from beltmask.store.shapes import annotation_of

Key = tuple[int, int, str]
"""Image id, position and id of an object: its place among all."""
START: Key = (0, 0, "")


@dataclass(frozen=True, slots=True)
class ObjectFilter:
    """Which objects of a project to look at, those of pictures in the trash left out."""

    project_id: int
    class_id: int | None = None
    """None: those no class stands for."""
    states: tuple[AnnotationState, ...] = ()
    """Empty means every state."""


class Objects:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, where: ObjectFilter, *, after: Key = START, limit: int) -> list[Annotation]:
        """Up to ``limit`` objects that come after a place, in order."""
        query = select(_TABLE).where(*_conditions(where), tuple_(*_PLACE) > _values(after))
        return self._found(query.order_by(*_PLACE).limit(limit))

    def page_before(self, where: ObjectFilter, *, before: Key, limit: int) -> list[Annotation]:
        """The last ``limit`` objects that come before a place, in order."""
        query = select(_TABLE).where(*_conditions(where), tuple_(*_PLACE) < _values(before))
        backwards = [column.desc() for column in _PLACE]
        return self._found(query.order_by(*backwards).limit(limit))[::-1]

    def counted(self, where: ObjectFilter, *, before: Key) -> tuple[int, int]:
        """How many objects come before a place, and how many there are."""
        earlier = tuple_(*_PLACE) < _values(before)
        query = select(func.count().filter(earlier), func.count()).select_from(_TABLE)
        row = self._connection.execute(query.where(*_conditions(where))).one()
        return int(row[0]), int(row[1])

    def _found(self, query: Select[tuple[object, ...]]) -> list[Annotation]:
        return [annotation_of(row) for row in self._connection.execute(query).mappings()]


_TABLE = schema.annotations
_PLACE = (_TABLE.c.image_id, _TABLE.c.position, _TABLE.c.id)


def _values(key: Key) -> ColumnElement[tuple[object, ...]]:
    return tuple_(*(literal(value, column.type) for value, column in zip(key, _PLACE, strict=True)))


def _conditions(where: ObjectFilter) -> list[ColumnElement[bool]]:
    images = schema.images
    shown = select(images.c.id).where(
        images.c.id == _TABLE.c.image_id,
        images.c.project_id == where.project_id,
        images.c.deleted_at.is_(None),
    )
    class_id = _TABLE.c.class_id
    of_class = class_id.is_(None) if where.class_id is None else class_id == where.class_id
    conditions: list[ColumnElement[bool]] = [of_class, shown.exists()]
    if where.states:
        conditions.append(_TABLE.c.state.in_(where.states))
    return conditions
