"""Pictures into a project, through its gallery, into the trash and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from beltmask.archives import pictures_in_zip
from beltmask.errors import ImageRefusedError, NotAPictureError, NotFoundError, StoreError
from beltmask.file_checks import HEAD, refuse_by_head
from beltmask.folders import FoundFile, files_of, open_file, picture_bytes
from beltmask.images import DecodedImage, opened_image, read_image
from beltmask.messages import Message
from beltmask.model import Image, ImageFacts, Pixels, ReviewState
from beltmask.names import seen
from beltmask.store.blobs import Shelf
from beltmask.store.images import ImageFilter
from beltmask.workflows.originals import original_of
from beltmask.workflows.permission import Action, require
from beltmask.workflows.previews import keep_previews
from beltmask.workflows.pyramids import keep_pyramid
from beltmask.workflows.services import Services

__all__ = ["AddOutcome", "Added", "GalleryPage", "ImageFilter"]

FIRST_OF_MANY = "It has several pages or frames: the first was taken."


class AddOutcome(StrEnum):
    ADDED = "added"
    DUPLICATE = "already there"
    RESTORED = "taken out of the trash"
    REFUSED = "refused"
    PASSED_OVER = "passed over"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file; ``note`` says why it, or a part of it, was not taken."""

    name: str
    outcome: AddOutcome
    image: Image | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """Some images of a filter. ``first`` counts the images before them."""

    images: Sequence[Image]
    first: int
    total: int
    by_review: dict[ReviewState, int]


def add_picture(
    name: str, data: bytes, *, project_id: int, services: Services, chosen: bool = True
) -> Added:
    """Add one picture; its folder is what stands before its name.

    A picture the project has already is not added again, whatever its name. One that was not
    ``chosen``, but lay in a folder, is passed over when nothing makes it a picture.

    Raises:
        StoreError: Bytes or records cannot be written; the message begins with the name.
    """
    require(services.actor, Action.ADD_IMAGES, project_id)
    name = _storable(name)
    path = PurePosixPath(name.replace("\\", "/"))
    try:
        if not chosen:
            refuse_by_head(path.name, data[:HEAD])
        with opened_image(data, name=path.name, limits=services.limits) as decoded, _named(name):
            _keep_bytes(data, decoded, services)
            facts, first_of_many = decoded.facts, decoded.first_of_many
    except ImageRefusedError as refused:
        return not_added(name, refused)
    with _named(name):
        added = _kept(name, path, facts, project_id=project_id, services=services)
    told = first_of_many and added.outcome is AddOutcome.ADDED
    return replace(added, note=FIRST_OF_MANY) if told else added


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Say which picture could not be written."""
    try:
        yield
    except NotFoundError:
        raise
    except StoreError as error:
        raise error.at(name) from error.__cause__


def _kept(
    name: str, path: PurePosixPath, facts: ImageFacts, *, project_id: int, services: Services
) -> Added:
    folder = "" if str(path.parent) == "." else str(path.parent).strip("/")
    with services.store.write() as records:
        facts = replace(facts, folder=folder)
        records.projects.get(project_id, lock=True)
        known = records.images.by_hash(project_id, facts.sha256)
        if known is None:
            image = records.images.add(project_id, facts, actor=services.actor)
            return Added(name, AddOutcome.ADDED, image)
        if known.deleted_at is None:
            return Added(name, AddOutcome.DUPLICATE, known, f'the same picture as "{known.name}"')
        records.images.trash(project_id, [known.id], deleted_at=None)
        return Added(name, AddOutcome.RESTORED, replace(known, deleted_at=None))


def add_zip(file: BinaryIO, *, project_id: int, services: Services) -> Iterator[Added]:
    """Add the pictures of a ZIP one by one."""
    for name, content in pictures_in_zip(file, limits=services.limits):
        if isinstance(content, ImageRefusedError):
            yield not_added(_storable(name), content)
        else:
            yield add_picture(name, content, project_id=project_id, services=services)


def add_paths(paths: Iterable[Path], *, project_id: int, services: Services) -> Iterator[Added]:
    """Add files, folders and ZIPs of this machine, one picture at a time."""
    for found in files_of(paths):
        if isinstance(found, ImageRefusedError):
            yield not_added("", found)
        elif found.chosen and found.path.suffix.lower() == ".zip":
            yield from _add_zip_file(found, project_id=project_id, services=services)
        else:
            yield _add_file(found, project_id=project_id, services=services)


def told_where_it_stopped(arriving: Iterable[Added], *, services: Services) -> Iterator[Added]:
    """What arrives, as it is; when it stops, also how much went in before and where to look.

    Raises:
        StoreError: As what arrives does; it names the picture it stopped at.
    """
    went_in = 0
    try:
        for added in arriving:
            went_in += added.outcome in (AddOutcome.ADDED, AddOutcome.RESTORED)
            yield added
    except StoreError as error:
        error.say(Message("images.stopped", said=error.message, count=went_in))
        error.advice = Message("images.add_all_again", places=services.settings.places)
        raise


def not_added(name: str, refused: ImageRefusedError) -> Added:
    passed_over = isinstance(refused, NotAPictureError)
    outcome = AddOutcome.PASSED_OVER if passed_over else AddOutcome.REFUSED
    return Added(name, outcome, note=refused.explanation)


def gallery(where: ImageFilter, *, services: Services, after: int, limit: int) -> GalleryPage:
    """The images that follow the one with id ``after`` (0: from the start)."""
    require(services.actor, Action.SEE_IMAGES, where.project_id)
    with services.store.read() as records:
        images = records.images.page(where, after=after, limit=limit)
        # A search by name reads every row: whoever has them all need not count them too.
        complete = not after and len(images) < limit and not where.reviews
        by_review = (
            dict(Counter(image.review for image in images))
            if complete
            else records.images.count_by_review(where)
        )
        first = records.images.count_up_to(where, images[0].id) if images and after else 0
    chosen = where.reviews or tuple(ReviewState)
    total = sum(by_review.get(review, 0) for review in chosen)
    return GalleryPage(images, first, total, by_review)


def page_before(where: ImageFilter, *, services: Services, before: int, limit: int) -> int:
    """What ``gallery`` wants as ``after`` to show the page before image ``before``."""
    require(services.actor, Action.SEE_IMAGES, where.project_id)
    with services.store.read() as records:
        images = records.images.page_before(where, before=before, limit=limit + 1)
    return images[0].id if len(images) > limit else 0


def count_images(where: ImageFilter, *, services: Services) -> int:
    require(services.actor, Action.SEE_IMAGES, where.project_id)
    with services.store.read() as records:
        by_review = records.images.count_by_review(where)
    return sum(by_review.get(review, 0) for review in where.reviews or tuple(ReviewState))


def image_ids(where: ImageFilter, *, services: Services) -> list[int]:
    """Ids of every image of the filter, in order."""
    require(services.actor, Action.SEE_IMAGES, where.project_id)
    with services.store.read() as records:
        return records.images.ids(where)


def find_image(image_id: int, *, services: Services) -> Image:
    with services.store.read() as records:
        image = records.images.get(image_id)
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    return image


def move_to_trash(image_ids: Sequence[int], *, project_id: int, services: Services) -> None:
    require(services.actor, Action.DELETE_IMAGES, project_id)
    with services.store.write() as records:
        records.images.trash(project_id, image_ids, deleted_at=datetime.now(UTC))


def restore(image_ids: Sequence[int], *, project_id: int, services: Services) -> None:
    require(services.actor, Action.DELETE_IMAGES, project_id)
    with services.store.write() as records:
        records.images.trash(project_id, image_ids, deleted_at=None)


def original_pixels(image: Image, *, services: Services) -> Pixels:
    """The upright picture at full size."""
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    data = original_of(image, blobs=services.store.blobs)
    return read_image(data, name=image.name, limits=services.limits).pixels


def _storable(name: str) -> str:
    """A file name as text that every database takes; undecodable bytes become question marks."""
    return seen(name.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")) or "unnamed"


def _keep_bytes(data: bytes, decoded: DecodedImage, services: Services) -> None:
    sha256 = decoded.facts.sha256
    services.store.blobs.put(Shelf.ORIGINALS, sha256, data)
    keep_previews(sha256, decoded.pixels, services=services)
    keep_pyramid(sha256, decoded.pixels, services=services)


def _add_file(found: FoundFile, *, project_id: int, services: Services) -> Added:
    try:
        data = picture_bytes(found, limits=services.limits)
    except ImageRefusedError as refused:
        return not_added(_storable(found.name), refused)
    return add_picture(found.name, data, project_id=project_id, services=services)


def _add_zip_file(found: FoundFile, *, project_id: int, services: Services) -> Iterator[Added]:
    try:
        file = open_file(found)
    except ImageRefusedError as refused:
        yield not_added(_storable(found.name), refused)
        return
    with file:
        yield from add_zip(file, project_id=project_id, services=services)
