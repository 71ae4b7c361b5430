"""Two answers about one image against each other: what both found, and what only one did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.model import Image, Prediction
from beltmask.render import OverlayObject
from beltmask.scoring import ScoredObject, match
from beltmask.store.records import Records
from beltmask.workflows.permission import Action, require
from beltmask.workflows.pictures import Look, drawn_jpeg
from beltmask.workflows.services import Services

SAME_IOU = 0.5
"""Objects of two answers are one from this IoU of their masks on."""
IN_BOTH, ONLY_A, ONLY_B = "#c8c8c8", "#e69f00", "#56b4e9"
"""How they are drawn; the two that matter stay apart for people with any colour vision."""


@dataclass(frozen=True, slots=True)
class SharedObject:
    """What A and B both found."""

    a: Prediction
    b: Prediction
    iou: float


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """The objects of answers A and B about ``image``, each once; labels play no part."""

    image: Image
    both: Sequence[SharedObject]
    only_a: Sequence[Prediction]
    only_b: Sequence[Prediction]


def answer_difference(task_id: int, other_id: int, *, services: Services) -> AnswerDifference:
    """What the answers of two tasks, A and B, have in common and what not.

    Raises:
        NotFoundError: There is no such task, or they are about two images.
    """
    with services.store.read() as records:
        task, other = records.answers.task(task_id), records.answers.task(other_id)
        image = records.images.get(task.image_id)
        require(services.actor, Action.SEE_IMAGES, image.project_id)
        if other.image_id != image.id:
            raise NotFoundError(Message("runs.two_images"), hint=Message("runs.choose_of_one"))
        return _difference(records, image, task_id, other_id)


def difference_jpeg(task_id: int, other_id: int, look: Look, *, services: Services) -> bytes:
    """The difference over the image's preview, at most 1600 px.

    What both found is grey, in the shapes of both; numbers are A's and, of what only B found, B's.
    """
    told = answer_difference(task_id, other_id, services=services)
    below = [_shown(each.b, IN_BOTH) for each in told.both]
    shown = [_shown(each.a, IN_BOTH) for each in told.both]
    shown += [_shown(each, ONLY_A, "A") for each in told.only_a]
    shown += [_shown(each, ONLY_B, "B") for each in told.only_b]
    return drawn_jpeg(told.image, shown, look, below=below, labels=True, services=services)


def _difference(records: Records, image: Image, task_id: int, other_id: int) -> AnswerDifference:
    a, b = (records.predictions.of_task(each) for each in (task_id, other_id))
    matches = match(_regions(a), _regions(b), iou=SAME_IOU)
    both = [SharedObject(a[p.prediction], b[p.truth], p.iou) for p in matches.pairs]
    only_a, only_b = [a[i] for i in matches.false], [b[i] for i in matches.missed]
    return AnswerDifference(image, both, only_a, only_b)


def _regions(predictions: Sequence[Prediction]) -> list[ScoredObject]:
    return [ScoredObject(p.finding.box, p.finding.mask) for p in predictions]


def _shown(prediction: Prediction, color: str, of: str = "") -> OverlayObject:
    finding = prediction.finding
    return OverlayObject(prediction.number, finding.box, finding.mask, color, of)
