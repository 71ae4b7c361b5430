"""The working truth of an image: its annotations as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from beltmask.errors import StaleRevisionError
from beltmask.messages import Message
from beltmask.model import Annotation, AnnotationState, Change
from beltmask.store import schema
from beltmask.store.membership import among
from beltmask.store.shapes import annotation_columns, annotation_of


class Annotations:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_image(self, image_id: int) -> list[Annotation]:
        """The image's annotations in their order: new ones come last."""
        table = schema.annotations
        query = select(table).where(table.c.image_id == image_id)
        rows = self._connection.execute(query.order_by(table.c.position, table.c.id)).mappings()
        return [annotation_of(row) for row in rows]

    def by_ids(self, ids: Iterable[str]) -> dict[str, Annotation]:
        """The annotations of these ids, of whatever image."""
        table = schema.annotations
        rows = self._connection.execute(select(table).where(among(table.c.id, ids))).mappings()
        return {row["id"]: annotation_of(row) for row in rows}

    def of_images(self, image_ids: Iterable[int]) -> dict[int, list[Annotation]]:
        """The annotations of some images in their order, by image; empty where there are none."""
        table, wanted = schema.annotations, list(image_ids)
        query = select(table).where(among(table.c.image_id, wanted))
        found: dict[int, list[Annotation]] = {image_id: [] for image_id in wanted}
        rows = self._connection.execute(query.order_by(table.c.position, table.c.id)).mappings()
        for row in rows:
            found[row["image_id"]].append(annotation_of(row))
        return found

    def count_kept(self, image_id: int) -> int:
        """Objects of an image, rejected ones left out."""
        table = schema.annotations
        kept = (table.c.image_id == image_id) & (table.c.state != AnnotationState.REJECTED)
        return int(self._connection.execute(select(func.count()).where(kept)).scalar_one())

    def rejected_labels(self, image_ids: Iterable[int], *, limit: int) -> list[str]:
        """What people rejected most often on some images."""
        table = schema.annotations
        mine = among(table.c.image_id, image_ids) & (table.c.state == AnnotationState.REJECTED)
        query = select(table.c.label).where(mine, table.c.label != "").group_by(table.c.label)
        often = query.order_by(func.count().desc(), table.c.label).limit(limit)
        return list(self._connection.execute(often).scalars())

    def apply(self, changes: Sequence[Change]) -> None:
        """Carry out changes, each on top of the revision it was made from.

        Raises:
            StaleRevisionError: One of the objects was changed meanwhile.
        """
        for change in changes:
            if change.before is not None:
                self._replace(change.before, change.after)
        self._insert(c.after for c in changes if c.before is None and c.after is not None)

    def _replace(self, before: Annotation, after: Annotation | None) -> None:
        table = schema.annotations
        unchanged = (table.c.id == before.id) & (table.c.revision == before.revision)
        statement = (
            delete(table).where(unchanged)
            if after is None
            else update(table).where(unchanged).values(**_without_place(after))
        )
        if self._connection.execute(statement).rowcount != 1:
            raise StaleRevisionError(Message("review.object_changed"))

    def _insert(self, added: Iterable[Annotation]) -> None:
        table = schema.annotations
        rows = [annotation_columns(annotation) for annotation in added]
        if not rows:
            return
        last = select(func.coalesce(func.max(table.c.position), 0))
        last = last.where(table.c.image_id == rows[0]["image_id"])
        free = count(self._connection.execute(last).scalar_one() + 1)
        values = [{**row, "position": row["position"] or next(free)} for row in rows]
        self._connection.execute(insert(table), values)


def _without_place(annotation: Annotation) -> dict[str, Any]:
    """The columns a change may write: nothing moves an object that is there."""
    columns = annotation_columns(annotation)
    del columns["position"]
    return columns
