"""Squares of large pictures, and pictures of more than 8 bits through a window of one's own.

Made once for the bytes of a picture: of large ones when they come in, of those that are
there already when they are first asked for.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import chain
from threading import Lock

import numpy as np
from zlib_ng import zlib_ng

from beltmask.errors import ImageError, NotFoundError
from beltmask.images import (
    PREVIEW_SIDE,
    encode_jpeg,
    opened_image,
    opened_samples,
    shrunk,
)
from beltmask.messages import Message
from beltmask.model import Image, Pixels, Size
from beltmask.pyramids import (
    SQUARE_SIDE,
    Pyramid,
    levels_of,
    packed,
    part_of,
    pyramid_of,
    span_of_part,
    span_of_places,
    squares_of,
)
from beltmask.samples import Samples, shown_through
from beltmask.store.blobs import Shelf
from beltmask.workflows.originals import original_of
from beltmask.workflows.permission import Action, require
from beltmask.workflows.previews import is_whole_jpeg
from beltmask.workflows.services import Services

__all__ = ["SQUARE_SIDE", "Pyramid"]

Window = tuple[float, float]
"""The samples that are shown as black and as white."""

_QUICKLY = 1
_LARGEST_PART = 1 << 27
"""Bytes: a preview of 2048 x 2048 samples of three doubles, not pressed at all, and some more."""
_ONE_AT_A_TIME = Lock()
"""Makes a pyramid: each needs a few copies of a picture at full size."""


def pyramid(size: Size) -> Pyramid:
    """The squares of pictures of that size; none while the preview shows every pixel."""
    return pyramid_of(size, longest=PREVIEW_SIDE)


def keep_pyramid(sha256: str, pixels: Pixels, *, services: Services) -> None:
    """Make the squares of a large picture while its pixels are at hand."""
    levels = pyramid((pixels.shape[1], pixels.shape[0])).levels
    if levels:
        services.store.blobs.put(Shelf.PYRAMIDS, sha256, _squares(pixels, levels))


def window_of(text: str) -> Window:
    """What ``"100,4000.5"`` says.

    Raises:
        ImageError: It is not two numbers, the first one lower.
    """
    low, _, high = text.partition(",")
    try:
        window = (float(low), float(high))
    except ValueError:
        window = (math.nan, math.nan)
    if not (all(map(math.isfinite, window)) and window[0] < window[1]):
        hint = Message("images.write_two_numbers")
        raise ImageError(Message("images.window_unusable"), hint=hint)
    return window


def square_jpeg(
    image: Image,
    place: tuple[int, int, int],
    *,
    services: Services,
    window: Window | None = None,
) -> bytes:
    """The square at ``place`` (level, column, row) of ``pyramid(image.size)``.

    Raises:
        NotFoundError: The pyramid has no such square.
        ImageError: There is nothing a window could choose from.
    """
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    number = pyramid(image.size).number(*place)
    if window is None:
        return _part(Shelf.PYRAMIDS, image, number, services=services)
    return _windowed(image, number, window, services=services)


def preview_through(image: Image, window: Window, *, services: Services) -> bytes:
    """The picture through a window: JPEG, at most 2048 px.

    Raises:
        ImageError: There is nothing a window could choose from.
    """
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    return _windowed(image, pyramid(image.size).count, window, services=services)


def _windowed(image: Image, number: int, window: Window, *, services: Services) -> bytes:
    if image.facts.window is None:
        hint = Message("images.ask_without_window")
        raise ImageError(Message("images.no_window", name=image.name), hint=hint)
    part = _part(Shelf.SAMPLE_PYRAMIDS, image, number, services=services)
    return encode_jpeg(shown_through(_unpressed(part), window))


def _part(shelf: Shelf, image: Image, number: int, *, services: Services) -> bytes:
    """One part of a pyramid, which is made where it is missing or no whole file."""
    part = _kept_part(shelf, image, number, services)
    if part is None:
        with _ONE_AT_A_TIME:
            part = _kept_part(shelf, image, number, services)
            if part is None:
                made = make_again(shelf, image, services=services)
                part = part_of(made, number)
    return part


def _kept_part(shelf: Shelf, image: Image, number: int, services: Services) -> bytes | None:
    blobs, sha256 = services.store.blobs, image.facts.sha256
    try:
        places = blobs.get_part(shelf, sha256, span_of_places(number))
        start, end = span_of_part(places)
        if not start < end <= start + _LARGEST_PART:
            return None
        part = blobs.get_part(shelf, sha256, (start, end))
    except (NotFoundError, struct.error):
        return None
    return part if len(part) == end - start else None


def make_again(shelf: Shelf, image: Image, *, services: Services) -> bytes:
    """Make and keep a picture's pyramid from its original, whatever lies in its place."""
    data = original_of(image, blobs=services.store.blobs)
    made = _MAKERS[shelf](data, image, services)
    services.store.blobs.put(shelf, image.facts.sha256, made)
    return made


def is_sound(shelf: Shelf, image: Image, *, services: Services) -> bool:
    """Whether a pyramid is there with all its parts, and each of them is whole."""
    count = pyramid(image.size).count + (shelf is Shelf.SAMPLE_PYRAMIDS)
    try:
        data = services.store.blobs.get(shelf, image.facts.sha256)
        return all(_is_whole(shelf, part_of(data, number)) for number in range(count))
    except (NotFoundError, struct.error):
        return False


def _is_whole(shelf: Shelf, part: bytes) -> bool:
    if shelf is Shelf.PYRAMIDS:
        return is_whole_jpeg(part)
    try:
        return bool(_unpressed(part).size)
    except zlib_ng.error:  # type: ignore[misc]  # a class, which its stub calls an instance
        return False
    except (ValueError, EOFError):
        return False


def _of_pixels(data: bytes, image: Image, services: Services) -> bytes:
    with opened_image(data, name=image.name, limits=services.limits) as decoded:
        return _squares(decoded.pixels, pyramid(image.size).levels)


def _of_samples(data: bytes, image: Image, services: Services) -> bytes:
    """Every square, and the preview last."""
    with opened_samples(data, name=image.name, limits=services.limits) as samples:
        return packed(map(_pressed, _parts(_averageable(samples), image)))


def _parts(samples: Samples, image: Image) -> Iterator[Samples]:
    level = samples
    for level in levels_of(samples, pyramid(image.size).levels):
        yield from squares_of(level)
    yield shrunk(level, PREVIEW_SIDE)


def _squares(pixels: Pixels, levels: int) -> bytes:
    squares = chain.from_iterable(map(squares_of, levels_of(pixels, levels)))
    return packed(map(encode_jpeg, squares))


_MAKERS: dict[Shelf, Callable[[bytes, Image, Services], bytes]] = {
    Shelf.PYRAMIDS: _of_pixels,
    Shelf.SAMPLE_PYRAMIDS: _of_samples,
}


def _averageable(samples: Samples) -> Samples:
    """In a number type OpenCV can average; 32-bit integers lose what no screen could show."""
    wide = samples.dtype in (np.int32, np.uint32)
    return np.ascontiguousarray(samples.astype(np.float32) if wide else samples)


def _pressed(samples: Samples) -> bytes:
    file = BytesIO()
    np.save(file, samples, allow_pickle=False)
    return zlib_ng.compress(file.getvalue(), _QUICKLY)


def _unpressed(data: bytes) -> Samples:
    samples: Samples = np.load(BytesIO(zlib_ng.decompress(data)), allow_pickle=False)
    return samples
