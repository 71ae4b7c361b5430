"""The queue a reviewer works through: which images, in which order, and where one was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from beltmask.model import Image, ReviewState
from beltmask.store.images import ImageFilter
from beltmask.store.queue import Order, Spot
from beltmask.store.queue_positions import QueuePosition
from beltmask.store.records import Records
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

__all__ = ["ImageFilter", "Order", "Spot"]


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The images of a filter in an order."""

    where: ImageFilter
    order: Order = Order.ADDED

    @property
    def narrowed(self) -> bool:
        """Whether it leaves any image of the project out."""
        return self.where != ImageFilter(self.where.project_id)


@dataclass(frozen=True, slots=True)
class QueueStanding:
    """Where a person stands in a queue.

    ``member`` is False once the image no longer fits the filter, such as after it was approved;
    the way on starts from its spot all the same.
    """

    spot: Spot
    member: bool
    previous: Image | None
    next: Image | None


@dataclass(frozen=True, slots=True)
class Left:
    """Where a person left off."""

    image: Image
    queue: ReviewQueue


def stand_at(image: Image, queue: ReviewQueue, *, services: Services) -> QueueStanding:
    """Where an image stands in a queue, and its neighbours.

    The person's kept spot counts while they are at this image in this queue: an answer that
    comes meanwhile may change what the image is ordered by, and must not move the person.
    """
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    with services.store.read() as records:
        spot = _spot(records, image, queue, services)
        return QueueStanding(
            spot=spot,
            member=records.queue.holds(image.id, queue.where),
            previous=records.queue.before(spot, queue.where, queue.order),
            next=records.queue.after(spot, queue.where, queue.order),
        )


def count_queue(queue: ReviewQueue, spot: Spot, *, services: Services) -> tuple[int, int]:
    """How many images come before a spot, and how many there are: every row is looked at."""
    require(services.actor, Action.SEE_IMAGES, queue.where.project_id)
    with services.store.read() as records:
        return records.queue.counted(spot, queue.where, queue.order)


def first_of(queue: ReviewQueue, *, services: Services) -> Image | None:
    """Where the queue begins; None when it is empty."""
    require(services.actor, Action.SEE_IMAGES, queue.where.project_id)
    with services.store.read() as records:
        return records.queue.first(queue.where, queue.order)


def remember(image: Image, queue: ReviewQueue, *, services: Services) -> None:
    """Keep where the person is; the same picture in the same queue again writes nothing."""
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    with services.store.read() as records:
        place = records.queue_positions.of(image.project_id, services.actor)
        if place is not None and _is_at(place, image, queue):
            return
        spot = records.queue.spot(image.id, queue.order)
    with services.store.write() as records:
        position = QueuePosition(spot, _plain(queue))
        records.queue_positions.keep(image.project_id, services.actor, position)


def left_off(project_id: int, *, services: Services) -> Left | None:
    """Where the person was last; None when that picture is in the trash."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        place = records.queue_positions.of(project_id, services.actor)
        if place is None:
            return None
        image = records.images.get(place.spot.image_id)
    return None if image.deleted_at is not None else Left(image, _queue(project_id, place.queue))


def problem_kinds(project_id: int, *, services: Services) -> list[str]:
    """Every kind of problem met in the newest answers about a project's images."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.queue.problem_kinds(project_id)


def _spot(records: Records, image: Image, queue: ReviewQueue, services: Services) -> Spot:
    place = records.queue_positions.of(image.project_id, services.actor)
    if place is not None and _is_at(place, image, queue):
        return place.spot
    return records.queue.spot(image.id, queue.order)


def _is_at(place: QueuePosition, image: Image, queue: ReviewQueue) -> bool:
    return place.spot.image_id == image.id and place.queue == _plain(queue)


def _plain(queue: ReviewQueue) -> dict[str, Any]:
    """A queue for JSON."""
    where = queue.where
    return {
        "reviews": sorted(where.reviews),
        "class": where.class_id,
        "problem": where.problem,
        "proposals": where.proposals,
        "comments": where.open_comments,
        "order": queue.order.value,
    }


def _queue(project_id: int, plain: Mapping[str, Any]) -> ReviewQueue:
    where = ImageFilter(
        project_id,
        tuple(map(ReviewState, plain["reviews"])),
        class_id=plain["class"],
        problem=plain["problem"],
        proposals=plain["proposals"],
        open_comments=plain.get("comments", False),  # older places do not say
    )
    return ReviewQueue(where, Order(plain["order"]))
