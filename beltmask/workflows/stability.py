"""How stable a prompt is: what its repeats agree on, picture by picture and pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np

from beltmask.images import encode_jpeg, read_image, shrunk
from beltmask.model import Class, Comparison, Image, Pixels, Size, TaskState
from beltmask.scoring import match
from beltmask.scoring.agreement import (
    ReliabilityPoint,
    SeenObject,
    reliability,
    seen_objects,
)
from beltmask.scoring.overlaps import ScoredObject
from beltmask.store.comparisons import JudgedTask
from beltmask.store.records import Records
from beltmask.workflows.answer_figures import found_objects, true_objects
from beltmask.workflows.comparison_scores import approved_truth
from beltmask.workflows.permission import Action, require
from beltmask.workflows.previews import preview
from beltmask.workflows.services import Services

SIDE = 900
"""Longest side of a map in px."""
_AT_ONCE = 100
"""Pictures whose objects are in memory."""
_HEAT = 0.75


@dataclass(frozen=True, slots=True)
class PictureStability:
    """``seen`` are the sightings of each object, the most first; ``counts`` the objects of each
    repeat, None where nobody could read one.
    """

    image: Image
    seen: tuple[int, ...]
    counts: tuple[int | None, ...]

    @property
    def disagreement(self) -> float:
        """From 0, every repeat saw the same objects, to almost 1."""
        repeats = len(self.counts)
        if not self.seen or not repeats:
            return float(None in self.counts)
        return 1 - sum(self.seen) / (repeats * len(self.seen))


@dataclass(frozen=True, slots=True)
class Stability:
    """The pictures all repeats are settled on, those that disagree most first.

    ``reliability``: of objects seen by so many repeats, the share that lies on truth.
    ``unreadable`` is the share of answers that did not come or could not be read.
    """

    repeats: int
    pictures: tuple[PictureStability, ...]
    reliability: tuple[ReliabilityPoint, ...]
    unreadable: float


def stability_of(comparison_id: int, name: str, *, services: Services) -> Stability:
    """What the repeats of the prompt of that name agree on.

    Raises:
        NotFoundError: There is no such comparison.
        KeyError: It compares no prompt of that name.
    """
    with services.store.read() as records:
        comparison = records.comparisons.get(comparison_id)
        require(services.actor, Action.SEE_IMAGES, comparison.project_id)
        asked = _settled(records, comparison, name)
    pictures, scores, right = [], list[float](), list[bool]()
    for found in _looked_at(asked, comparison, services):
        pictures.append(found.told)
        hits = _hits(found.seen, found.truth)
        scores += [each.agreement for each in found.seen]
        right += hits
    answers = [count for picture in pictures for count in picture.counts]
    return Stability(
        repeats=comparison.repeats,
        pictures=tuple(sorted(pictures, key=lambda each: (-each.disagreement, each.image.id))),
        reliability=tuple(reliability(scores, right)),
        unreadable=answers.count(None) / len(answers) if answers else 0.0,
    )


def agreement_jpeg(comparison_id: int, image_id: int, name: str, *, services: Services) -> bytes:
    """A picture with the share of repeats that saw something at each pixel, from blue to red."""
    with services.store.read() as records:
        comparison = records.comparisons.get(comparison_id)
        image = records.images.get(image_id)
        for project_id in {comparison.project_id, image.project_id}:
            require(services.actor, Action.SEE_IMAGES, project_id)
        tasks = _settled(records, comparison, name).get(image_id, [])
        classes = records.classes.of_project(comparison.project_id)
        seen = seen_objects(list(_answers(records, tasks, classes)))
    pixels = read_image(preview(image, services=services), name=image.name).pixels
    return encode_jpeg(heated(shrunk(pixels, SIDE), seen, size=image.size))


def heated(pixels: Pixels, seen: Sequence[SeenObject], *, size: Size) -> Pixels:
    """A copy of a picture, shape (rows, columns, 3), with agreement over it where there is any.

    ``size`` is that of the image the objects are in, of which ``pixels`` is a copy.
    """
    height, width = pixels.shape[:2]
    share = np.zeros((height, width), dtype=np.float32)
    for each in seen:
        box, mine = each.agreement_map()
        x0, x1 = _span(box.x0, box.x1, width / size[0], width)
        y0, y1 = _span(box.y0, box.y1, height / size[1], height)
        small = cv2.resize(mine, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
        np.maximum(share[y0:y1, x0:x1], small, out=share[y0:y1, x0:x1], casting="same_kind")
    levels = np.clip(share * 255, 0, 255).astype(np.uint8)
    colors = cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_JET), cv2.COLOR_BGR2RGB)
    mixed = cv2.addWeighted(pixels, 1 - _HEAT, colors.astype(np.uint8), _HEAT, 0)
    heat: Pixels = np.where((levels > 0)[..., None], mixed, pixels).astype(np.uint8)
    return heat


def _span(start: int, end: int, scale: float, length: int) -> tuple[int, int]:
    """At least one pixel of the copy, and inside it."""
    low = min(int(start * scale), length - 1)
    return low, max(low + 1, min(ceil(end * scale), length))


@dataclass(frozen=True, slots=True, eq=False)
class _LookedAt:
    told: PictureStability
    seen: Sequence[SeenObject]
    truth: Sequence[ScoredObject]


def _settled(records: Records, comparison: Comparison, name: str) -> dict[int, list[JudgedTask]]:
    """By picture, the tasks of a contender in the order of its repeats; only where all are over."""
    ids = {each.name: each.id for each in comparison.contenders}
    mine = ids[name]
    tasks: dict[int, list[JudgedTask]] = {}
    for task in records.comparisons.tasks(comparison.id):
        if task.contender_id == mine and task.state in (TaskState.DONE, TaskState.FAILED):
            tasks.setdefault(task.image_id, []).append(task)
    return {
        image_id: sorted(each, key=lambda task: task.repeat)
        for image_id, each in tasks.items()
        if len(each) == comparison.repeats
    }


def _looked_at(
    asked: Mapping[int, Sequence[JudgedTask]], comparison: Comparison, services: Services
) -> Iterator[_LookedAt]:
    ids = sorted(asked)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        with services.store.read() as records:
            classes = records.classes.of_project(comparison.project_id)
            images = records.images.by_ids(some)
            truth = approved_truth(records, list(images.values()))
            for image_id in some:
                answers = list(_answers(records, asked[image_id], classes))
                seen = seen_objects(answers)
                counts = tuple(
                    len(answer) if task.state is TaskState.DONE else None
                    for task, answer in zip(asked[image_id], answers, strict=True)
                )
                sightings = tuple(len(each.sightings) for each in seen)
                told = PictureStability(images[image_id], sightings, counts)
                yield _LookedAt(told, seen, true_objects(truth.get(image_id, []), classes))


def _answers(
    records: Records, tasks: Sequence[JudgedTask], classes: Sequence[Class]
) -> Iterator[list[ScoredObject]]:
    for task in tasks:
        yield found_objects(records.predictions.of_task(task.task_id), classes)


def _hits(seen: Sequence[SeenObject], truth: Sequence[ScoredObject]) -> list[bool]:
    """Whether each object, merged, is one of the truth."""
    pairs = match([each.merged() for each in seen], truth).pairs
    hit = {pair.prediction for pair in pairs}
    return [i in hit for i in range(len(seen))]
