"""The pictures of a comparison: who did better on which, and answers drawn against the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from beltmask import masks
from beltmask.images import encode_jpeg, read_image
from beltmask.model import Box, Image, Mask, Prediction, TaskState
from beltmask.render import OverlayObject, display_overlay
from beltmask.scoring.error_kinds import ErrorKind
from beltmask.scoring.overlaps import ScoredObject
from beltmask.scoring.picture_counts import matched_objects, total
from beltmask.store.records import Records
from beltmask.workflows.answer_figures import AnswerFigures, found_objects, true_objects
from beltmask.workflows.comparison_scores import approved_truth, scored
from beltmask.workflows.permission import Action, require
from beltmask.workflows.previews import preview
from beltmask.workflows.services import Services

SIDE = 900
TRUTH = "#00c878"
MATCHED, MISSED, EXTRA, WRONG_CLASS, BOUNDARY = (
    "#9aa0a6",
    "#d93025",
    "#1a73e8",
    "#8e24aa",
    "#f9ab00",
)
"""How a difference is coloured; ``BOUNDARY`` are pixels of a pair that only one of the two has."""


@dataclass(frozen=True, slots=True)
class ComparedPicture:
    """A picture, and how a contender and the one it is held against fared on it.

    ``change`` is the contender's F1 less the other's; with nothing to find and nothing found an
    answer is perfect. ``errors`` are the contender's, by kind.
    """

    image: Image
    f1: float
    other_f1: float
    errors: Mapping[str, int] = field(default_factory=dict)
    other_errors: Mapping[str, int] = field(default_factory=dict)

    @property
    def change(self) -> float:
        return self.f1 - self.other_f1


def compared_pictures(
    comparison_id: int, name: str, other: str, *, services: Services
) -> list[ComparedPicture]:
    """The pictures both have answered, the biggest loss of ``name`` against ``other`` first."""
    scores = scored(comparison_id, services=services, names=(name, other))
    one, two = scores.answers[name], scores.answers[other]
    with services.store.read() as records:
        images = records.images.by_ids(scores.image_ids)
    pictures = [ComparedPicture(images[n], *_fared(one[n], two[n])) for n in scores.image_ids]
    return sorted(pictures, key=lambda each: (each.change, each.image.id))


def truth_jpeg(comparison_id: int, image_id: int, *, services: Services) -> bytes:
    """A picture with its truth drawn over it."""
    with services.store.read() as records:
        image = _seen(records, comparison_id, image_id, services)
        truth = approved_truth(records, [image]).get(image.id, [])
    return _drawn(image, [_shown(each.box, each.mask, TRUTH) for each in truth], services)


def answer_jpeg(comparison_id: int, image_id: int, name: str, *, services: Services) -> bytes:
    """A picture with a contender's first answer drawn over it."""
    with services.store.read() as records:
        image = _seen(records, comparison_id, image_id, services)
        found = _first_answer(records, comparison_id, image_id, name)
    shapes = [_shown(each.finding.box, each.finding.mask, EXTRA) for each in found]
    return _drawn(image, shapes, services)


def difference_jpeg(comparison_id: int, image_id: int, name: str, *, services: Services) -> bytes:
    """A picture with what a contender's first answer has matched, missed and made up."""
    with services.store.read() as records:
        image = _seen(records, comparison_id, image_id, services)
        classes = records.classes.of_project(image.project_id)
        truth = approved_truth(records, [image]).get(image.id, [])
        found = _first_answer(records, comparison_id, image_id, name)
    wanted, given = true_objects(truth, classes), found_objects(found, classes)
    return _drawn(image, list(difference_shapes(wanted, given)), services)


def _fared(
    one: Sequence[AnswerFigures], two: Sequence[AnswerFigures]
) -> tuple[float, float, Mapping[str, int], Mapping[str, int]]:
    mine, other = total(each.counts for each in one), total(each.counts for each in two)
    f1, other_f1 = mine.found.f1, other.found.f1
    perfect = (1.0 if f1 is None else f1, 1.0 if other_f1 is None else other_f1)
    return (*perfect, mine.errors, other.errors)


def difference_shapes(
    wanted: Sequence[ScoredObject], given: Sequence[ScoredObject]
) -> Iterator[OverlayObject]:
    """An answer and the truth as one drawing, each object coloured by what became of it."""
    objects = matched_objects(given, wanted)
    matches = objects.matches
    wrong = {fault.truth for fault in objects.faults if fault.kind is ErrorKind.WRONG_CLASS}
    for pair in matches.pairs:
        one, other = given[pair.prediction], wanted[pair.truth]
        yield _shown(other.box, other.mask, WRONG_CLASS if (pair.truth,) in wrong else MATCHED)
        yield from _apart(one.mask, other.mask)
    yield from (_shown(wanted[i].box, wanted[i].mask, MISSED) for i in matches.missed)
    yield from (_shown(given[i].box, given[i].mask, EXTRA) for i in matches.false)


def _apart(one: Mask | None, other: Mask | None) -> Iterator[OverlayObject]:
    """The pixels that only one of a pair has."""
    if one is None or other is None:
        return
    for rest in (masks.difference(one, other), masks.difference(other, one)):
        if rest is not None:
            yield _shown(rest.box, rest, BOUNDARY)


def _shown(box: Box, mask: Mask | None, color: str) -> OverlayObject:
    return OverlayObject(0, box, masks.mask_from_box(box) if mask is None else mask, color)


def _drawn(image: Image, shapes: Sequence[OverlayObject], services: Services) -> bytes:
    pixels = read_image(preview(image, services=services), name=image.name).pixels
    drawn = display_overlay(pixels, shapes, SIDE, size=image.size, boxes=False, chips=False)
    return encode_jpeg(drawn)


def _seen(records: Records, comparison_id: int, image_id: int, services: Services) -> Image:
    """The picture, if it belongs to the comparison's project and may be looked at."""
    project_id = records.comparisons.get(comparison_id).project_id
    image = records.images.get(image_id)
    for each in {project_id, image.project_id}:
        require(services.actor, Action.SEE_IMAGES, each)
    return image


def _first_answer(
    records: Records, comparison_id: int, image_id: int, name: str
) -> list[Prediction]:
    comparison = records.comparisons.get(comparison_id)
    [mine] = [each.id for each in comparison.contenders if each.name == name]
    tasks = [
        task.task_id
        for task in records.comparisons.tasks(comparison_id, image_id=image_id)
        if (task.contender_id, task.repeat, task.state) == (mine, 0, TaskState.DONE)
    ]
    return [each for task_id in tasks for each in records.predictions.of_task(task_id)]
