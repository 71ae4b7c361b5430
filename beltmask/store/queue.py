"""The order in which images come to be reviewed, walked by key and never by counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from beltmask.model import Image
from beltmask.store import schema
from beltmask.store.images import ImageFilter, conditions, image_of

Rank = float | datetime | None
"""What an order goes by, of one image; images without one come last."""


class Order(StrEnum):
    """What comes first: the image added first, the oldest, the least sure, the most disputed."""

    ADDED = "added"
    CAPTURED = "captured"
    LOWEST_SCORE = "lowest score"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place between the images of a queue, kept by an image that need not be in it any more."""

    image_id: int
    rank: Rank = None


_NEAR = 200
_ID = schema.images.c.id
_RANKS: dict[Order, Column[Any]] = {
    Order.CAPTURED: schema.images.c.captured_at,
    Order.LOWEST_SCORE: schema.images.c.lowest_score,
    Order.DISAGREEMENT: schema.images.c.disagreement,
}


class Queue:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def spot(self, image_id: int, order: Order) -> Spot:
        """Where an image stands in an order."""
        column = _RANKS.get(order)
        if column is None:
            return Spot(image_id)
        query = select(column).where(schema.images.c.id == image_id)
        return Spot(image_id, self._connection.execute(query).scalar_one())

    def after(self, spot: Spot, where: ImageFilter, order: Order) -> Image | None:
        """The image that comes next."""
        return self._first(where, _after(spot, order))

    def before(self, spot: Spot, where: ImageFilter, order: Order) -> Image | None:
        """The image that came last."""
        return self._first(where, _before(spot, order))

    def first(self, where: ImageFilter, order: Order) -> Image | None:
        return self._first(where, _whole(order))

    def holds(self, image_id: int, where: ImageFilter) -> bool:
        """Whether an image fits a filter."""
        query = select(_ID).where(*conditions(where), _ID.in_([image_id]))
        return self._connection.execute(query).first() is not None

    def counted(self, spot: Spot, where: ImageFilter, order: Order) -> tuple[int, int]:
        """How many images of the filter come before a spot, and how many there are."""
        earlier = or_(*(stretch.beyond for stretch in _before(spot, order)))
        query = select(func.count().filter(earlier), func.count()).select_from(schema.images)
        row = self._connection.execute(query.where(*conditions(where))).one()
        return int(row[0]), int(row[1])

    def set_ranks(
        self, image_id: int, *, lowest_score: float | None, disagreement: float | None
    ) -> None:
        table = schema.images
        values = {"lowest_score": lowest_score, "disagreement": disagreement}
        self._connection.execute(update(table).where(table.c.id == image_id).values(**values))

    def set_problems(self, image_id: int, kinds: Sequence[str]) -> None:
        """The kinds of problems that the newest answer about an image met."""
        table = schema.image_problems
        self._connection.execute(delete(table).where(table.c.image_id == image_id))
        rows = [{"image_id": image_id, "kind": kind} for kind in sorted(set(kinds))]
        if rows:
            self._connection.execute(insert(table), rows)

    def problem_kinds(self, project_id: int) -> list[str]:
        """Every kind of problem met in the newest answers about a project's images."""
        table, images = schema.image_problems, schema.images
        query = select(table.c.kind).join(images, images.c.id == table.c.image_id)
        query = query.where(images.c.project_id == project_id).distinct().order_by(table.c.kind)
        return list(self._connection.execute(query).scalars())

    def _first(self, where: ImageFilter, stretches: Sequence[_Stretch]) -> Image | None:
        """What a filter keeps of the first stretch that has any.

        Mostly that is near. So the index is walked a little before the database is asked in
        general, which then may as well begin with the few images that the filter keeps.
        """
        for stretch in stretches:
            found = self._near(where, stretch) or self._anywhere(where, stretch)
            if found is not None:
                return found
        return None

    def _near(self, where: ImageFilter, stretch: _Stretch) -> Image | None:
        table = schema.images
        in_use = (table.c.project_id == where.project_id) & table.c.deleted_at.is_(None)
        walked = select(*stretch.columns).where(in_use, stretch.beyond)
        near = walked.order_by(*stretch.way(table.c)).limit(_NEAR).subquery()
        query = select(table).join(near, near.c.id == _ID).where(*conditions(where))
        return self._only(query.order_by(*stretch.way(near.c)))

    def _anywhere(self, where: ImageFilter, stretch: _Stretch) -> Image | None:
        query = select(schema.images).where(*conditions(where), stretch.beyond)
        return self._only(query.order_by(*stretch.way(schema.images.c)))

    def _only(self, query: Select[Any]) -> Image | None:
        row = self._connection.execute(query.limit(1)).mappings().one_or_none()
        return None if row is None else image_of(row)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the order that lies in one piece in one index, walked up or down."""

    beyond: ColumnElement[bool]
    columns: Sequence[Column[Any]]
    rising: bool = True

    def way(self, columns: ReadOnlyColumnCollection[str, Any]) -> list[ColumnElement[Any]]:
        """What to sort by: the images' columns, or the same of a subquery."""
        ranked = [columns[column.key] for column in self.columns]
        return [each.asc() if self.rising else each.desc() for each in ranked]


def _whole(order: Order) -> list[_Stretch]:
    if order is Order.ADDED:
        return [_Stretch(true(), [_ID])]
    rank = _RANKS[order]
    ranked = _Stretch(rank.is_not(None), [rank, _ID], _rising(order))
    return [ranked, _Stretch(rank.is_(None), [rank, _ID])]


def _after(spot: Spot, order: Order) -> list[_Stretch]:
    if order is Order.ADDED:
        return [_Stretch(spot.image_id < _ID, [_ID])]
    rank = _RANKS[order]
    if spot.rank is None:
        return [_Stretch(rank.is_(None) & (spot.image_id < _ID), [rank, _ID])]
    unranked = _Stretch(rank.is_(None), [rank, _ID])
    return [_beyond(spot, rank, rising=_rising(order)), unranked]


def _before(spot: Spot, order: Order) -> list[_Stretch]:
    if order is Order.ADDED:
        return [_Stretch(spot.image_id > _ID, [_ID], rising=False)]
    rank, rising = _RANKS[order], not _rising(order)
    if spot.rank is not None:
        return [_beyond(spot, rank, rising=rising)]
    earlier = rank.is_(None) & (spot.image_id > _ID)
    unranked = _Stretch(earlier, [rank, _ID], rising=False)
    return [unranked, _Stretch(rank.is_not(None), [rank, _ID], rising)]


def _beyond(spot: Spot, rank: Column[Any], *, rising: bool) -> _Stretch:
    here = tuple_(literal(spot.rank, rank.type), literal(spot.image_id, _ID.type))
    there = tuple_(rank, _ID)
    return _Stretch(there > here if rising else there < here, [rank, _ID], rising)


def _rising(order: Order) -> bool:
    """Whether ranks grow from the first image on: the most disputed one comes first."""
    return order is not Order.DISAGREEMENT
