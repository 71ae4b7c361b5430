"""Images of projects: adding, paging, states, trash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    exists,
    func,
    insert,
    select,
    update,
)

from beltmask.errors import NotFoundError, StaleRevisionError
from beltmask.messages import Message
from beltmask.model import Actor, AnnotationState, Image, ImageFacts, ReviewState, Size
from beltmask.names import seen
from beltmask.store import schema
from beltmask.store.membership import among

_FACTS = (
    "name",
    "sha256",
    "width",
    "height",
    "file_format",
    "byte_count",
    "orientation",
    "bit_depth",
    "captured_at",
    "folder",
)


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """Which images of a project to look at."""

    project_id: int
    reviews: tuple[ReviewState, ...] = ()
    """Empty means every state."""
    name_contains: str = ""
    trash: bool = False
    class_id: int = 0
    """A kept object of this class is in them; 0 for any or none."""
    problem: str = ""
    """The newest answer about them met this kind of problem."""
    proposals: bool = False
    """An object in them waits to be settled."""
    open_comments: bool = False
    """A thread of comments about them is open."""

    def all_states(self) -> ImageFilter:
        """The same filter without its states."""
        return replace(self, reviews=())


class Images:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, project_id: int, facts: ImageFacts, *, actor: Actor) -> Image:
        """A new image of a project that does not have these bytes yet."""
        values = {
            **{name: getattr(facts, name) for name in _FACTS},
            "project_id": project_id,
            "window": facts.window,
            "review": ReviewState.NEW,
            "revision": 0,
            "object_count": 0,
            "added_at": datetime.now(UTC),
            "added_by": actor.name,
            "deleted_at": None,
        }
        statement = insert(schema.images).values(**values).returning(schema.images.c.id)
        return image_of({"id": self._connection.execute(statement).scalar_one(), **values})

    def get(self, image_id: int, *, lock: bool = False) -> Image:
        """One image. ``lock`` keeps others from changing it until the transaction ends."""
        query = select(schema.images).where(schema.images.c.id == image_id)
        row = self._first(query.with_for_update(key_share=True) if lock else query)
        if row is None:
            raise NotFoundError(Message("store.no_image", id=image_id))
        return row

    def by_ids(self, ids: Iterable[int]) -> dict[int, Image]:
        """The images of these ids, whatever their project."""
        query = select(schema.images).where(among(schema.images.c.id, ids))
        return {image.id: image for image in self._images(query)}

    def in_trash(self, ids: Iterable[int]) -> set[int]:
        """Those of the ids whose images are in the trash."""
        table = schema.images
        query = select(table.c.id).where(among(table.c.id, ids), table.c.deleted_at.is_not(None))
        return set(self._connection.execute(query).scalars())

    def names(self, project_id: int) -> set[str]:
        """What the project's images are called, those in the trash too."""
        table = schema.images
        query = select(table.c.name).where(table.c.project_id == project_id)
        return set(self._connection.execute(query).scalars())

    def by_hash(self, project_id: int, sha256: str) -> Image | None:
        """The project's image with these bytes, in the trash or not."""
        table = schema.images
        same = (table.c.project_id == project_id) & (table.c.sha256 == sha256)
        return self._first(select(table).where(same))

    def page(self, where: ImageFilter, *, after: int = 0, limit: int = 50) -> list[Image]:
        """Up to ``limit`` images with an id above ``after``, in order."""
        table = schema.images
        query = select(table).where(*conditions(where), table.c.id > after)
        return self._images(query.order_by(table.c.id).limit(limit))

    def page_before(self, where: ImageFilter, *, before: int, limit: int = 50) -> list[Image]:
        """The last ``limit`` images with an id below ``before``, in order."""
        table = schema.images
        query = select(table).where(*conditions(where), table.c.id < before)
        return self._images(query.order_by(table.c.id.desc()).limit(limit))[::-1]

    def ids(self, where: ImageFilter) -> list[int]:
        table = schema.images
        query = select(table.c.id).where(*conditions(where)).order_by(table.c.id)
        return list(self._connection.execute(query).scalars())

    def sizes(self, image_ids: Sequence[int]) -> list[Size]:
        """(width, height) of some images, upright."""
        table = schema.images
        query = select(table.c.width, table.c.height).where(among(table.c.id, image_ids))
        return [(row[0], row[1]) for row in self._connection.execute(query)]

    def count_by_review(self, where: ImageFilter) -> dict[ReviewState, int]:
        """How many images there are in each state, the filter's own states left aside."""
        table = schema.images
        query = select(table.c.review, func.count()).where(*conditions(where.all_states()))
        rows = self._connection.execute(query.group_by(table.c.review)).all()
        return {ReviewState(review): count for review, count in rows}

    def count_up_to(self, where: ImageFilter, image_id: int) -> int:
        """How many images of the filter have an id below ``image_id``."""
        table = schema.images
        query = select(func.count()).where(*conditions(where), table.c.id < image_id)
        return int(self._connection.execute(query).scalar_one())

    def move(self, image: Image, *, review: ReviewState, object_count: int) -> Image:
        """Write state and count on top of the revision that was read.

        Raises:
            StaleRevisionError: Somebody changed the image meanwhile.
        """
        table = schema.images
        unchanged = (table.c.id == image.id) & (table.c.revision == image.revision)
        moved = replace(
            image, review=review, object_count=object_count, revision=image.revision + 1
        )
        names = ("review", "object_count", "revision")
        values = {name: getattr(moved, name) for name in names}
        if self._connection.execute(update(table).where(unchanged).values(**values)).rowcount != 1:
            raise StaleRevisionError(Message("store.image_changed", name=image.name))
        return moved

    def trash(
        self, project_id: int, image_ids: Sequence[int], *, deleted_at: datetime | None
    ) -> None:
        """Put images of a project into the trash, or take them out again with None."""
        table = schema.images
        chosen = (table.c.project_id == project_id) & among(table.c.id, image_ids)
        self._hold(chosen)
        self._connection.execute(update(table).where(chosen).values(deleted_at=deleted_at))

    def hold(self, image_ids: Iterable[int]) -> None:
        """Keep others from changing these images until the transaction ends."""
        self._hold(among(schema.images.c.id, image_ids))

    def _hold(self, chosen: ColumnElement[bool]) -> None:
        """In one order, whoever asks: two that hold each other's next image would never end."""
        query = select(schema.images.c.id).where(chosen).order_by(schema.images.c.id)
        held = query.with_for_update(key_share=True).cte("held")
        self._connection.execute(select(func.count()).select_from(held))

    def _first(self, query: Select[Any]) -> Image | None:
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else image_of(row)

    def _images(self, query: Select[Any]) -> list[Image]:
        return [image_of(row) for row in self._connection.execute(query).mappings()]


def conditions(where: ImageFilter) -> list[ColumnElement[bool]]:
    """What is true of every image of a filter."""
    table = schema.images
    deleted = table.c.deleted_at
    wanted: list[ColumnElement[bool]] = [
        table.c.project_id == where.project_id,
        deleted.is_not(None) if where.trash else deleted.is_(None),
    ]
    if where.reviews:
        wanted.append(table.c.review.in_(where.reviews))
    if name := seen(where.name_contains):
        wanted.append(table.c.name.icontains(name, autoescape=True))
    return [*wanted, *_content(where)]


def _content(where: ImageFilter) -> Iterator[ColumnElement[bool]]:
    """What is true of the objects and answers of every image of a filter."""
    objects, problems = schema.annotations, schema.image_problems
    if where.class_id:
        kept = objects.c.state != AnnotationState.REJECTED
        yield _has(objects, objects.c.class_id == where.class_id, kept)
    if where.proposals:
        yield _has(objects, objects.c.state == AnnotationState.PROPOSED)
    if where.problem:
        yield _has(problems, problems.c.kind == where.problem)
    if where.open_comments:
        threads = schema.threads
        opened = select(threads.c.image_id).where(threads.c.resolved_at.is_(None))
        yield schema.images.c.id.in_(opened)


def _has(table: Table, *wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Rows of another table that belong to the image."""
    return exists().where(table.c.image_id == schema.images.c.id, *wanted)


def image_of(row: Mapping[Any, Any]) -> Image:
    """The image a row of the table holds."""
    window = row["window"]
    facts = ImageFacts(
        **{name: row[name] for name in _FACTS},
        window=None if window is None else (window[0], window[1]),
    )
    return Image(
        id=row["id"],
        project_id=row["project_id"],
        facts=facts,
        review=ReviewState(row["review"]),
        revision=row["revision"],
        object_count=row["object_count"],
        added_at=row["added_at"],
        deleted_at=row["deleted_at"],
    )
