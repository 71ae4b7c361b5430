"""The small copies of pictures that pages show, made when a picture is added.

One that was lost since, or is no whole file, is made again from the original.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from beltmask.errors import ImageRefusedError, NotFoundError
from beltmask.images import (
    PREVIEW_SIDE,
    THUMBNAIL_SIDE,
    opened_image,
    preview_jpeg,
    read_image,
    thumbnail_jpeg,
)
from beltmask.model import Image, Pixels
from beltmask.store.blobs import Shelf
from beltmask.workflows.originals import original_of
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

_MAKERS: dict[Shelf, Callable[[Pixels], bytes]] = {
    Shelf.PREVIEWS: preview_jpeg,
    Shelf.THUMBNAILS: thumbnail_jpeg,
}
_BEGIN, _END = b"\xff\xd8", b"\xff\xd9"
"""Of every JPEG."""
_ONE_AT_A_TIME = Lock()
"""Makes one again: that takes a picture at full size."""


def thumbnail(image: Image, *, services: Services) -> bytes:
    """JPEG, at most 256 px."""
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    return _copy(Shelf.THUMBNAILS, image, services)


def preview(image: Image, *, services: Services) -> bytes:
    """JPEG, at most 2048 px."""
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    return _copy(Shelf.PREVIEWS, image, services)


def keep_previews(sha256: str, pixels: Pixels, *, services: Services) -> None:
    """Make the small copies while a picture's pixels are at hand."""
    for shelf, make in _MAKERS.items():
        services.store.blobs.put(shelf, sha256, make(pixels))


def is_sound(shelf: Shelf, image: Image, *, services: Services) -> bool:
    """Whether a small copy is there, can be decoded and has the shape of its picture."""
    kept = _kept(shelf, image, services)
    if kept is None:
        return False
    try:
        found = read_image(kept, name=image.name).facts.size
    except ImageRefusedError:
        return False
    side = PREVIEW_SIDE if shelf is Shelf.PREVIEWS else THUMBNAIL_SIDE
    return max(found) == min(side, max(image.size))


def make_again(image: Image, *, services: Services) -> None:
    """Make both small copies from the original, whatever lies in their place."""
    data = original_of(image, blobs=services.store.blobs)
    with opened_image(data, name=image.name, limits=services.limits) as decoded:
        keep_previews(image.facts.sha256, decoded.pixels, services=services)


def is_whole_jpeg(data: bytes) -> bool:
    """Whether a file made here is there from its beginning to its end."""
    return data.startswith(_BEGIN) and data.endswith(_END)


def _copy(shelf: Shelf, image: Image, services: Services) -> bytes:
    kept = _kept(shelf, image, services)
    if kept is None:
        with _ONE_AT_A_TIME:
            kept = _kept(shelf, image, services) or _made_again(shelf, image, services)
    return kept


def _kept(shelf: Shelf, image: Image, services: Services) -> bytes | None:
    try:
        data = services.store.blobs.get(shelf, image.facts.sha256)
    except NotFoundError:
        return None
    return data if is_whole_jpeg(data) else None


def _made_again(shelf: Shelf, image: Image, services: Services) -> bytes:
    make_again(image, services=services)
    return services.store.blobs.get(shelf, image.facts.sha256)
