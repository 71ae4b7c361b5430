"""What the classes in older operations are today: some were merged, some labels mapped since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from beltmask.model import Annotation, Change
from beltmask.store import schema
from beltmask.store.class_changes import ClassChangeKind
from beltmask.store.classes import Classes
from beltmask.store.membership import among


@dataclass(frozen=True, slots=True)
class ClassResolution:
    """``survivors`` stand for merged classes; ``given`` is the class an object got by its label."""

    survivors: Mapping[int, int]
    given: Mapping[str, int]

    def told(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """The changes as if the classes of today had been there then."""
        if not self.survivors and not self.given:
            return tuple(changes)
        return tuple(Change(self._now(each.before), self._now(each.after)) for each in changes)

    def _now(self, annotation: Annotation | None) -> Annotation | None:
        if annotation is None:
            return None
        then = annotation.class_id
        now = self.given.get(annotation.id) if then is None else then
        return replace(annotation, class_id=None if now is None else self.survivors.get(now, now))


def classes_today(connection: Connection, changes: Sequence[Change]) -> ClassResolution:
    """What is to be known to read these changes today."""
    ends = [end for each in changes for end in (each.before, each.after) if end is not None]
    nameless = {end.id for end in ends if end.class_id is None}
    survivors = Classes(connection).survivors() if ends else {}
    return ClassResolution(survivors, _given(connection, nameless) if nameless else {})


def _given(connection: Connection, annotation_ids: set[str]) -> dict[str, int]:
    """The classes objects were given when their label was mapped, unless that was undone."""
    moves, done = schema.class_moves, schema.class_changes
    undone = select(done.c.undoes).where(done.c.undoes.is_not(None))
    query = (
        select(moves.c.annotation_id, done.c.after)
        .join(done, done.c.id == moves.c.change_id)
        .where(done.c.kind == ClassChangeKind.LABEL, done.c.id.not_in(undone))
        .where(among(moves.c.annotation_id, annotation_ids))
    )
    rows = connection.execute(query.order_by(done.c.id))
    return {row.annotation_id: row.after[0]["id"] for row in rows}
