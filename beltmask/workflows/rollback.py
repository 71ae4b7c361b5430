"""The history of an image, to be read, and any point of it to come back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beltmask.errors import NotFoundError, ReviewError
from beltmask.messages import Message
from beltmask.model import ReviewState
from beltmask.review import rolled_back
from beltmask.store.operation_log import LogEntry
from beltmask.store.operations import Touch
from beltmask.workflows.history import keep_operation
from beltmask.workflows.image_access import check_access
from beltmask.workflows.review_state import ReviewSheet, sheet_of, taken
from beltmask.workflows.services import Services

__all__ = ["LogEntry", "Step", "Touch"]

RESTORE = "restore"
"""The kind of operation that brings a past state back; ``detail["to"]`` is its number."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation, and what it did to which objects. ``stands``: it has not been undone."""

    entry: LogEntry
    touches: Sequence[Touch]
    stands: bool


def history_of(
    image_id: int, *, services: Services, before: int | None = None, limit: int = 50
) -> list[Step]:
    """Up to ``limit`` operations below number ``before`` (None: from the newest), newest first.

    Raises:
        NotFoundError: There is no such image.
        NotAllowedError: This person may not see it.
    """
    with services.store.read() as records:
        check_access(records.images.get(image_id), services=services)
        entries = records.operation_log.page(image_id, before, limit=limit)
        touches = records.operations.touches(each.id for each in entries)
        taken_back = records.operation_log.taken_back(image_id)
    return [Step(each, touches[each.id], each.id not in taken_back) for each in entries]


def restore(image_id: int, number: int, *, seen: int, services: Services) -> ReviewSheet:
    """Bring all objects back to how operation ``number`` left them; 0 is the beginning.

    It is one operation, which can be undone, and leaves the image in review. ``seen`` is the
    revision of the image the person looked at.

    Raises:
        NotFoundError: There is no such operation.
        ReviewError: The objects are like that already.
        StaleRevisionError: The image was changed since.
    """
    with services.store.write() as records:
        image = taken(records, image_id, services, seen=seen)
        newest = records.operation_log.page(image_id, None, limit=1)
        if not 0 <= number <= (newest[0].number if newest else 0):
            raise NotFoundError(Message("review.no_operation", name=image.name, number=number))
        current = {each.id: each for each in records.annotations.of_image(image_id)}
        since = records.operations.of_image(image_id, after=number)
        changes = rolled_back(since, current)
        if not changes:
            raise ReviewError(
                Message("review.like_that_already"), hint=Message("review.choose_earlier")
            )
        keep_operation(
            records,
            image,
            RESTORE,
            changes,
            actor=services.actor,
            review=ReviewState.IN_REVIEW,
            detail={"to": number},
        )
        return sheet_of(records, image_id, actor=services.actor)
