"""The settled images of a project as they were at one moment, to be written out at leisure.

What belongs together is read in one transaction, and that must be short: PostgreSQL keeps old
rows for it, SQLite its log. So rows go to a file without a name first, and pictures are read when
the transaction is over. They never change.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from beltmask.model import Annotation, AnnotationState, Class, Image, ReviewState
from beltmask.store.images import ImageFilter
from beltmask.store.records import Records
from beltmask.store.shapes import annotation_columns, annotation_of
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

_PAGE = 200
_SETTLED = (AnnotationState.ACCEPTED, AnnotationState.EDITED)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Classes, and images one after the other; of a million objects, one image's are in memory."""

    classes: Sequence[Class]
    _rows: IO[bytes]
    _count: int

    def images(self) -> Iterator[tuple[Image, list[Annotation]]]:
        """Every image with its settled objects, by id."""
        self._rows.seek(0)
        for _ in range(self._count):
            image, rows = pickle.load(self._rows)  # noqa: S301  # written below, seen by nobody
            yield image, [annotation_of(row) for row in rows]


@contextmanager
def snapshot_of(
    project_id: int, reviews: Sequence[ReviewState], *, services: Services
) -> Iterator[Snapshot]:
    """The project's images in one of these states that are not in the trash.

    Those in review are left out while anything in them is proposed: half a review would look
    like misses.
    """
    require(services.actor, Action.SEE_IMAGES, project_id)
    with tempfile.TemporaryFile() as file:
        with services.store.read() as records:
            classes, count = records.classes.of_project(project_id), 0
            for image, settled in _settled(records, ImageFilter(project_id, tuple(reviews))):
                pickle.dump((image, [annotation_columns(each) for each in settled]), file)
                count += 1
        yield Snapshot(classes, file, count)


def _settled(records: Records, where: ImageFilter) -> Iterator[tuple[Image, list[Annotation]]]:
    after = 0
    while page := records.images.page(where, after=after, limit=_PAGE):
        found = records.annotations.of_images(image.id for image in page)
        for image in page:
            states = {each.state for each in found[image.id]}
            if image.review is ReviewState.APPROVED or AnnotationState.PROPOSED not in states:
                yield image, [each for each in found[image.id] if each.state in _SETTLED]
        after = page[-1].id
