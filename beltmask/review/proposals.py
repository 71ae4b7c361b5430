"""What a run's predictions become among the objects that are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from beltmask.masks import iou
from beltmask.model import (
    Annotation,
    AnnotationSource,
    AnnotationState,
    Box,
    Change,
    Class,
    Prediction,
    ReviewState,
)

SAME_OBJECT_IOU = 0.5


def proposed(
    existing: Sequence[Annotation],
    predictions: Sequence[Prediction],
    *,
    class_of: Callable[[str], Class | None],
    new_id: Callable[[], str],
) -> tuple[Change, ...]:
    """Replace untouched proposals by ``predictions``, human work left as it is.

    A prediction is proposed only where no accepted, edited or rejected annotation, nor a
    conflict copy, overlaps it by an IoU of 0.5 or more.
    """
    untouched = [a for a in existing if a.state is AnnotationState.PROPOSED and not a.conflict_copy]
    settled = [a for a in existing if a.state is not AnnotationState.PROPOSED or a.conflict_copy]
    fresh = [p for p in predictions if not any(_same_object(p, a) for a in settled)]
    removed = tuple(Change(annotation, None) for annotation in untouched)
    return removed + tuple(Change(None, _proposal(p, class_of, new_id())) for p in fresh)


def after_proposals(state: ReviewState, changes: Sequence[Change]) -> ReviewState:
    """An image is seen to have been predicted; one that was settled is opened by new proposals."""
    if state is ReviewState.NEW:
        return ReviewState.PREDICTED
    settled = state in (ReviewState.APPROVED, ReviewState.REJECTED)
    opened = settled and any(change.after is not None for change in changes)
    return ReviewState.IN_REVIEW if opened else state


def _proposal(
    prediction: Prediction, class_of: Callable[[str], Class | None], annotation_id: str
) -> Annotation:
    finding = prediction.finding
    found = class_of(finding.label)
    return Annotation(
        id=annotation_id,
        image_id=prediction.image_id,
        label=finding.label,
        box=finding.box if finding.mask is None else finding.mask.box,
        mask=finding.mask,
        source=AnnotationSource.MODEL,
        state=AnnotationState.PROPOSED,
        class_id=None if found is None else found.id,
        prediction_id=prediction.id,
    )


def _same_object(prediction: Prediction, annotation: Annotation) -> bool:
    finding = prediction.finding
    if finding.mask is not None and annotation.mask is not None:
        return iou(finding.mask, annotation.mask) >= SAME_OBJECT_IOU
    return _box_iou(finding.box, annotation.box) >= SAME_OBJECT_IOU


def _box_iou(first: Box, second: Box) -> float:
    both = first.overlap(second)
    shared = 0 if both is None else both.area
    return shared / (first.area + second.area - shared)
