"""Pictures into a project, through its gallery, into the trash and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from beltmask.archives import pictures_in_folder, pictures_in_zip
from beltmask.errors import ImageRefusedError, NotFoundError
from beltmask.images import DecodedImage, read_image
from beltmask.model import Image, Pixels, ReviewState
from beltmask.store.blobs import Shelf
from beltmask.store.images import ImageFilter
from beltmask.workflows.originals import original_of
from beltmask.workflows.permission import Action, require
from beltmask.workflows.previews import keep_previews
from beltmask.workflows.pyramids import keep_pyramid
from beltmask.workflows.services import Services

__all__ = ["Added", "GalleryPage", "ImageFilter", "Outcome"]


class Outcome(StrEnum):
    ADDED = "added"
    DUPLICATE = "already there"
    RESTORED = "taken out of the trash"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file; ``note`` says why when it was refused."""

    name: str
    outcome: Outcome
    image: Image | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """Some images of a filter. ``first`` counts the images before them."""

    images: Sequence[Image]
    first: int
    total: int
    by_review: dict[ReviewState, int]


def add_picture(name: str, data: bytes, *, project_id: int, services: Services) -> Added:
    """Add one picture; its folder is what stands before its name.

    A picture the project has already is not added again, whatever its name.
    """
    require(services.actor, Action.ADD_IMAGES, project_id)
    name = _storable(name)
    path = PurePosixPath(name.replace("\\", "/"))
    try:
        decoded = read_image(data, name=path.name, limits=services.limits)
    except ImageRefusedError as refused:
        return Added(name, Outcome.REFUSED, note=refused.explanation)
    _keep_bytes(data, decoded, services)
    folder = "" if str(path.parent) == "." else str(path.parent).strip("/")
    with services.store.write() as records:
        facts = replace(decoded.facts, folder=folder)
        records.projects.get(project_id, lock=True)
        known = records.images.by_hash(project_id, facts.sha256)
        if known is None:
            image = records.images.add(project_id, facts, actor=services.actor)
            return Added(name, Outcome.ADDED, image)
        if known.deleted_at is None:
            return Added(name, Outcome.DUPLICATE, known, f'the same picture as "{known.name}"')
        records.images.trash(project_id, [known.id], deleted_at=None)
        return Added(name, Outcome.RESTORED, replace(known, deleted_at=None))


def add_zip(file: BinaryIO, *, project_id: int, services: Services) -> Iterator[Added]:
    """Add the pictures of a ZIP one by one."""
    for name, content in pictures_in_zip(file, limits=services.limits):
        if isinstance(content, ImageRefusedError):
            yield Added(name, Outcome.REFUSED, note=content.explanation)
        else:
            yield add_picture(name, content, project_id=project_id, services=services)


def add_paths(paths: Iterable[Path], *, project_id: int, services: Services) -> Iterator[Added]:
    """Add files, folders and ZIPs of this machine, one picture at a time."""
    for path in paths:
        if path.is_dir():
            for file in pictures_in_folder(path):
                name = str(PurePosixPath(path.name) / file.relative_to(path).as_posix())
                yield _add_file(file, name, project_id=project_id, services=services)
        elif path.suffix.lower() == ".zip":
            yield from _add_zip_file(path, project_id=project_id, services=services)
        else:
            yield _add_file(path, path.name, project_id=project_id, services=services)


def gallery(where: ImageFilter, *, services: Services, after: int, limit: int) -> GalleryPage:
    """The images that follow the one with id ``after`` (0: from the start)."""
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
    with services.store.read() as records:
        images = records.images.page_before(where, before=before, limit=limit + 1)
    return images[0].id if len(images) > limit else 0


def count_images(where: ImageFilter, *, services: Services) -> int:
    with services.store.read() as records:
        by_review = records.images.count_by_review(where)
    return sum(by_review.get(review, 0) for review in where.reviews or tuple(ReviewState))


def image_ids(where: ImageFilter, *, services: Services) -> list[int]:
    """Ids of every image of the filter, in order."""
    with services.store.read() as records:
        return records.images.ids(where)


def find_image(image_id: int, *, services: Services) -> Image:
    with services.store.read() as records:
        return records.images.get(image_id)


def image_known_as(image_id: int, sha: str, *, services: Services) -> Image | None:
    """The image of this id, if its SHA-256 begins with ``sha``; None in another database."""
    try:
        image = find_image(image_id, services=services)
    except NotFoundError:
        return None
    return image if image.facts.sha256.startswith(sha) else None


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
    data = original_of(image, blobs=services.store.blobs)
    return read_image(data, name=image.name, limits=services.limits).pixels


def _storable(name: str) -> str:
    """A file name as text that every database takes; undecodable bytes become question marks."""
    return name.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")


def _keep_bytes(data: bytes, decoded: DecodedImage, services: Services) -> None:
    sha256 = decoded.facts.sha256
    services.store.blobs.put(Shelf.ORIGINALS, sha256, data)
    keep_previews(sha256, decoded.pixels, services=services)
    keep_pyramid(sha256, decoded.pixels, services=services)


def _add_file(path: Path, name: str, *, project_id: int, services: Services) -> Added:
    try:
        data = path.read_bytes()
    except OSError as error:
        return Added(name, Outcome.REFUSED, note=f"{path} cannot be read: {error.strerror}.")
    return add_picture(name, data, project_id=project_id, services=services)


def _add_zip_file(path: Path, *, project_id: int, services: Services) -> Iterator[Added]:
    try:
        with path.open("rb") as file:
            yield from add_zip(file, project_id=project_id, services=services)
    except OSError as error:
        yield Added(path.name, Outcome.REFUSED, note=f"{path} cannot be read: {error.strerror}.")
