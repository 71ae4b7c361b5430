"""Whether everything that is kept fits together: pictures, replies, shapes, tables, left-overs.

It reads in small steps and takes no lock, so that people can go on working meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial

from beltmask.errors import BeltMaskError, DamagedError, NotFoundError, StoreError
from beltmask.masks import from_coco_rle
from beltmask.model import Image, Size
from beltmask.store.blobs import BlobState, Shelf
from beltmask.store.inspection import KeptShape, KeptWords
from beltmask.workflows import previews, pyramids
from beltmask.workflows.originals import original_of
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

_PAGE = 200
_UNDER_WAY = timedelta(hours=1)
"""Bytes are stored before the record that names them; younger ones may still get theirs."""
_SCREEN_COPIES = {Shelf.PREVIEWS: "preview", Shelf.THUMBNAILS: "thumbnail"}


class Fate(StrEnum):
    """What became of something that was not as it should be."""

    LEFT = "left"
    MENDED = "mended"
    HARMLESS = "harmless"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not as it should be, and ``where``: a project and picture, or a place."""

    where: str
    what: str
    fate: Fate = Fate.LEFT

    @property
    def sentence(self) -> str:
        return f"{self.where}: {self.what}" + (" (mended)" if self.fate is Fate.MENDED else "")


def check_everything(*, services: Services, repair: bool = False) -> Iterator[Flaw]:
    """All that is wrong, one after the other; with ``repair`` what can be mended is mended.

    Work of people is never changed. Originals and replies that no record names are not thrown
    away but set aside: the records may be those of another installation.
    """
    require(services.actor, Action.CHECK)
    yield from _explained("the database", lambda: _tables(services))
    yield from _explained("the pictures", lambda: _pictures(services, repair))
    yield from _explained("the replies", lambda: _replies(services, repair))
    yield from _explained("the store", lambda: _left_overs(services, repair))


def _explained(where: str, look: Callable[[], Iterator[Flaw]]) -> Iterator[Flaw]:
    """What a look finds; what it cannot get through is damage too, and the next look is taken.

    So it is with all of a kind, and with each single thing: a disk may be full for one only.
    """
    try:
        yield from look()
    except StoreError as error:
        yield Flaw(where, str(error))


def _tables(services: Services) -> Iterator[Flaw]:
    with services.store.read() as records:
        faults = list(records.inspection.faults())
    yield from (Flaw("the database", each) for each in faults)


def _pictures(services: Services, repair: bool) -> Iterator[Flaw]:
    after = 0
    while True:
        with services.store.read() as records:
            images = records.inspection.images(after=after, limit=_PAGE)
            if not images:
                return
            shapes = records.inspection.shapes([image.id for image in images])
            projects = {each.id: each.name for each in records.projects.all()}
        by_image: dict[int, list[KeptShape]] = {}
        for shape in shapes:
            by_image.setdefault(shape.image_id, []).append(shape)
        for image in images:
            where = f"{projects.get(image.project_id, 'no project')}, {image.name}"
            yield from _explained(where, partial(_picture, where, image, services, repair))
            yield from _shapes(where, image, by_image.get(image.id, ()))
        after = images[-1].id


def _picture(where: str, image: Image, services: Services, repair: bool) -> Iterator[Flaw]:
    try:
        original_of(image, blobs=services.store.blobs)
    except (NotFoundError, DamagedError) as error:
        found = repair and _back(Shelf.ORIGINALS, image.facts.sha256, services)
        yield Flaw(where, str(error), Fate.MENDED if found else Fate.LEFT)
    except StoreError as error:  # its copies may be sound all the same
        yield Flaw(where, str(error))
    broken = [
        name
        for shelf, name in _SCREEN_COPIES.items()
        if not previews.is_sound(shelf, image, services=services)
    ]
    if broken:
        make = previews.make_again
        yield _made(where, " and ".join(broken), repair, lambda: make(image, services=services))
    for shelf in _broken_pyramids(image, services):
        yield _made(where, "squares for zooming", repair, _maker(shelf, image, services))


def _broken_pyramids(image: Image, services: Services) -> Iterator[Shelf]:
    """Those that were made; of 16 bits they are made when somebody first asks for them."""
    if pyramids.pyramid(image.size).levels:
        yield from _unsound(Shelf.PYRAMIDS, image, services)
    if services.store.blobs.has(Shelf.SAMPLE_PYRAMIDS, image.facts.sha256):
        yield from _unsound(Shelf.SAMPLE_PYRAMIDS, image, services)


def _unsound(shelf: Shelf, image: Image, services: Services) -> Iterator[Shelf]:
    if not pyramids.is_sound(shelf, image, services=services):
        yield shelf


def _maker(shelf: Shelf, image: Image, services: Services) -> Callable[[], object]:
    return lambda: pyramids.make_again(shelf, image, services=services)


def _made(where: str, what: str, repair: bool, make: Callable[[], object]) -> Flaw:
    """The flaw of something made from an original, which is made again where that can be done."""
    said = f"its {what} cannot be shown"
    if not repair:
        return Flaw(where, said)
    try:
        make()
    except BeltMaskError as error:
        return Flaw(where, f"{said}, nor made again: {error}")
    return Flaw(where, said, Fate.MENDED)


def _shapes(where: str, image: Image, shapes: Sequence[KeptShape]) -> Iterator[Flaw]:
    for shape in shapes:
        x0, y0, x1, y1 = shape.corners
        if not (0 <= x0 < x1 <= image.size[0] and 0 <= y0 < y1 <= image.size[1]):
            yield Flaw(where, f"{shape.kind} {shape.name} does not lie in the picture")
        elif shape.counts is not None and not _is_mask(shape.counts, (x1 - x0, y1 - y0)):
            yield Flaw(where, f"the mask of {shape.kind} {shape.name} cannot be read")


def _is_mask(counts: bytes, size: Size) -> bool:
    try:
        return from_coco_rle(counts, size) is not None
    except ValueError:
        return False


def _replies(services: Services, repair: bool) -> Iterator[Flaw]:
    after = 0
    while True:
        with services.store.read() as records:
            kept = records.inspection.replies(after=after, limit=_PAGE)
            if not kept:
                return
            images = records.images.by_ids({each.image_id for each in kept})
            projects = {each.id: each.name for each in records.projects.all()}
        for each in kept:
            image = images.get(each.image_id)
            if image is None:  # which the tables have told
                continue
            where = f"{projects.get(image.project_id, 'no project')}, {image.name}"
            yield from _explained(where, partial(_words, where, each, services, repair))
        after = kept[-1].id


def _words(where: str, kept: KeptWords, services: Services, repair: bool) -> Iterator[Flaw]:
    try:
        services.store.blobs.get(Shelf.REPLIES, kept.raw_sha256)
    except NotFoundError:
        yield _reply_flaw(where, "are missing", kept, services, repair)
    except DamagedError:
        yield _reply_flaw(where, "were changed since they came", kept, services, repair)


def _reply_flaw(where: str, what: str, kept: KeptWords, services: Services, repair: bool) -> Flaw:
    found = repair and _back(Shelf.REPLIES, kept.raw_sha256, services)
    said = f"the words of reply {kept.id} about it {what}"
    return Flaw(where, said, Fate.MENDED if found else Fate.LEFT)


def _back(shelf: Shelf, sha256: str, services: Services) -> bool:
    """Bring back what an earlier check has set aside."""
    blobs = services.store.blobs
    try:
        blobs.put(shelf, sha256, blobs.get(Shelf.LEFT_OVERS, sha256))
    except (NotFoundError, DamagedError):
        return False
    return True


def _left_overs(services: Services, repair: bool) -> Iterator[Flaw]:
    """What no record names. The records are read after the shelf: bytes always come first."""
    for shelf in Shelf:
        if shelf is not Shelf.LEFT_OVERS:
            for prefix in services.store.blobs.prefixes(shelf):
                yield from _nobodys(shelf, prefix, services, repair)


def _nobodys(shelf: Shelf, prefix: str, services: Services, repair: bool) -> Iterator[Flaw]:
    held = services.store.blobs.held(shelf, prefix)
    with services.store.read() as records:
        table = "replies" if shelf is Shelf.REPLIES else "images"
        named = records.inspection.hashes(table, prefix)
    for each in held:
        if each.sha256 not in named and _is_old(each):
            where = f"{shelf} {each.path.rsplit('/', 2)[-2]}{each.path.rsplit('/', 1)[-1]}"
            yield from _explained(where, partial(_left_over, where, shelf, each, services, repair))


def _is_old(held: BlobState) -> bool:
    """What nobody knows the age of counts as young."""
    return held.changed is not None and datetime.now(UTC) - held.changed > _UNDER_WAY


def _left_over(
    where: str, shelf: Shelf, held: BlobState, services: Services, repair: bool
) -> Iterator[Flaw]:
    what = "a file that was never finished" if held.sha256 is None else "no record names this"
    if not repair:
        yield Flaw(where, what, Fate.HARMLESS)
        return
    if held.sha256 is not None and shelf.irreplaceable:
        _set_aside(shelf, held.sha256, services)
    services.store.blobs.remove(held)
    yield Flaw(where, what, Fate.MENDED)


def _set_aside(shelf: Shelf, sha256: str, services: Services) -> None:
    """Of other bytes than its name promises nobody could ever make use."""
    blobs = services.store.blobs
    try:
        blobs.put(Shelf.LEFT_OVERS, sha256, blobs.get(shelf, sha256))
    except DamagedError:
        return
