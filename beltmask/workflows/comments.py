"""Comments on an image, an object or a spot; threads that are resolved and reopened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from beltmask.errors import NotAllowedError, NotFoundError, ReviewError
from beltmask.messages import Message
from beltmask.model import Box, Image
from beltmask.names import several_lines
from beltmask.store.comments import Comment, CommentKind, Thread
from beltmask.store.records import Records
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

__all__ = ["Comment", "CommentKind", "Thread"]

_LONGEST = 5000
Spot = tuple[float, float]
"""A place (x, y) in pixels of the image."""


@dataclass(frozen=True, slots=True)
class Pin:
    """Where a thread stands on the picture: (x, y) in pixels of the image."""

    number: int
    x: float
    y: float
    resolved: bool
    text: str


def comment_on(
    image_id: int,
    text: str,
    *,
    services: Services,
    annotation_id: str | None = None,
    spot: Spot | None = None,
) -> Thread:
    """Begin a thread about an image, one of its objects, or a spot (x, y) in its pixels.

    Raises:
        ReviewError: Nothing is said, or the spot lies outside the picture.
        NotFoundError: The object is not in the image.
    """
    said = _words(text)
    with services.store.write() as records:
        image = _taken(records, image_id, services)
        if annotation_id is not None:
            spot = spot or _middle(_box_of(records, image, annotation_id))
        _check_spot(spot, image)
        thread_id = records.comments.begin(image_id, annotation_id=annotation_id, spot=spot)
        records.comments.add(thread_id, CommentKind.SAID, actor=services.actor, text=said)
        return records.comments.thread(thread_id)


def reply(thread_id: int, text: str, *, services: Services) -> Thread:
    """Say one thing more in a thread; whether it is resolved stays.

    Raises:
        ReviewError: Nothing is said.
    """
    said = _words(text)

    def answer(records: Records, thread: Thread) -> None:
        records.comments.add(thread.id, CommentKind.SAID, actor=services.actor, text=said)

    return _changed(thread_id, answer, services)


def resolve(thread_id: int, *, services: Services) -> Thread:
    """Nothing is left to do about it. A thread that is resolved already stays as it was."""
    return _changed(thread_id, lambda r, t: _settle(r, t, services, resolved=True), services)


def reopen(thread_id: int, *, services: Services) -> Thread:
    """There is something left to do about it."""
    return _changed(thread_id, lambda r, t: _settle(r, t, services, resolved=False), services)


def take_back(comment: Comment, *, services: Services) -> Thread:
    """Withdraw what one said oneself; a thread in which nothing is left said is resolved.

    Raises:
        NotAllowedError: Somebody else said it.
        NotFoundError: It is not there, or no words.
    """

    def withdraw(records: Records, thread: Thread) -> None:
        mine = next((each for each in thread.said if each.id == comment.id), None)
        if mine is None:
            raise NotFoundError(Message("comments.gone"))
        if mine.actor != services.actor:
            raise NotAllowedError(Message("comments.only_its_author", name=mine.actor.name))
        records.comments.take_back(mine.id, actor=services.actor)
        if len(thread.said) == 1:
            _settle(records, thread, services, resolved=True)

    return _changed(comment.thread_id, withdraw, services)


def threads_of(image_id: int, *, services: Services) -> list[Thread]:
    """The threads about an image, by their number."""
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, records.images.get(image_id).project_id)
        return records.comments.of_image(image_id)


def pins_of(image_id: int, *, services: Services) -> list[Pin]:
    """The threads about spots and objects; where an object is now, or was when it went."""
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, records.images.get(image_id).project_id)
        threads = [each for each in records.comments.of_image(image_id) if each.spot is not None]
        ids = [each.annotation_id for each in threads if each.annotation_id is not None]
        objects = records.annotations.by_ids(ids)
    boxes = {name: each.box for name, each in objects.items()}
    return [_pin(each, boxes.get(each.annotation_id or "")) for each in threads]


def open_counts(image_ids: Sequence[int], *, services: Services) -> dict[int, int]:
    """How many threads are open, of those images that have any."""
    with services.store.read() as records:
        for project_id in {each.project_id for each in records.images.by_ids(image_ids).values()}:
            require(services.actor, Action.SEE_IMAGES, project_id)
        return records.comments.open_counts(image_ids)


def _changed(
    thread_id: int, change: Callable[[Records, Thread], None], services: Services
) -> Thread:
    """The thread after a change that nobody else comes in between."""
    with services.store.write() as records:
        _taken(records, records.comments.thread(thread_id).image_id, services)
        change(records, records.comments.thread(thread_id))
        return records.comments.thread(thread_id)


def _taken(records: Records, image_id: int, services: Services) -> Image:
    image = records.images.get(image_id, lock=True)
    require(services.actor, Action.COMMENT, image.project_id)
    return image


def _settle(records: Records, thread: Thread, services: Services, *, resolved: bool) -> None:
    if thread.resolved is resolved:
        return
    kind = CommentKind.RESOLVED if resolved else CommentKind.REOPENED
    records.comments.add(thread.id, kind, actor=services.actor)
    records.comments.settle(thread.id, resolved_by=services.actor if resolved else None)


def _words(text: str) -> str:
    said = several_lines(text)
    if not said:
        raise ReviewError(Message("comments.words_needed"), hint=Message("comments.type_words"))
    if len(said) > _LONGEST:
        message = Message("comments.too_long", most=_LONGEST, length=len(said))
        raise ReviewError(message, hint=Message("comments.shorten"))
    return said


def _box_of(records: Records, image: Image, annotation_id: str) -> Box:
    found = records.annotations.by_ids([annotation_id]).get(annotation_id)
    if found is None or found.image_id != image.id:
        raise NotFoundError(Message("comments.object_elsewhere", name=image.name))
    return found.box


def _check_spot(spot: Spot | None, image: Image) -> None:
    width, height = image.size
    if spot is not None and not (0 <= spot[0] <= width and 0 <= spot[1] <= height):
        raise ReviewError(
            Message("comments.spot_outside"), hint=Message("comments.choose_another_spot")
        )


def _middle(box: Box) -> Spot:
    return ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)


def _pin(thread: Thread, box: Box | None) -> Pin:
    x, y = _middle(box) if box is not None else thread.spot or (0.0, 0.0)
    text = thread.said[0].text if thread.said else ""
    return Pin(thread.number, x, y, thread.resolved, text)
