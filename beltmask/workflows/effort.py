"""What it took to correct pictures: the figure that should go down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from beltmask.model import AnnotationSource
from beltmask.store.efforts import Settled, Work
from beltmask.store.operation_log import REFUSED
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

Row = TypeVar("Row", Work, Settled)


@dataclass(frozen=True, slots=True)
class Effort:
    """Work of people on an image, or on several.

    ``untouched`` counts a detector's objects that were accepted as they came, ``corrected``
    those that were changed first, ``drawn`` those that a person had to draw.
    """

    active_seconds: float = 0.0
    operations: Mapping[str, int] = field(default_factory=dict)
    untouched: int = 0
    corrected: int = 0
    drawn: int = 0

    @property
    def gestures(self) -> int:
        """Operations of every kind."""
        return sum(self.operations.values())

    @property
    def objects(self) -> int:
        """Objects that are kept and settled."""
        return self.untouched + self.corrected + self.drawn

    @property
    def untouched_share(self) -> float | None:
        """Of the accepted objects that a detector found, how many needed nothing (0..1)."""
        found = self.untouched + self.corrected
        return self.untouched / found if found else None


def effort_by_image(
    project_id: int, *, services: Services, image_ids: Sequence[int] | None = None
) -> dict[int, Effort]:
    """The work on each image; those nobody worked on are left out.

    ``image_ids`` None: all images that are not in the trash.
    """
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        work = _by_image(records.efforts.work(project_id, image_ids))
        settled = _by_image(records.efforts.settled(project_id, image_ids))
    return {
        image_id: _effort(work.get(image_id, []), settled.get(image_id, []))
        for image_id in sorted(work.keys() | settled.keys())
    }


def total_effort(efforts: Iterable[Effort]) -> Effort:
    """The work on several images together."""
    known = list(efforts)
    operations = Counter[str]()
    for each in known:
        operations.update(each.operations)
    return Effort(
        active_seconds=sum(each.active_seconds for each in known),
        operations=dict(operations),
        untouched=sum(each.untouched for each in known),
        corrected=sum(each.corrected for each in known),
        drawn=sum(each.drawn for each in known),
    )


def _by_image(rows: Iterable[Row]) -> dict[int, list[Row]]:
    by_image = defaultdict[int, list[Row]](list)
    for row in rows:
        by_image[row.image_id].append(row)
    return by_image


def _effort(work: Sequence[Work], settled: Sequence[Settled]) -> Effort:
    drawn = [each for each in settled if each.source is AnnotationSource.HUMAN]
    found = [each for each in settled if each.source is not AnnotationSource.HUMAN]
    return Effort(
        active_seconds=sum(each.active_ms for each in work) / 1000,
        operations={each.kind: each.count for each in work if each.kind != REFUSED},
        untouched=sum(each.count for each in found if not each.touched),
        corrected=sum(each.count for each in found if each.touched),
        drawn=sum(each.count for each in drawn),
    )
