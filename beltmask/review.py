"""The rules of the review: edits of objects, states of images, proposals and undo.

Everything here is pure: annotations in, changes out. A change names the annotation as it was
and as it will be; who stores it checks that it still is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from beltmask.errors import OpenProposalsError, ReviewError, StaleRevisionError
from beltmask.masks import iou
from beltmask.model import (
    Annotation,
    AnnotationSource,
    AnnotationState,
    Box,
    Change,
    Class,
    Mask,
    Operation,
    Prediction,
    ReviewState,
)

SAME_OBJECT_IOU = 0.5
CHANGED = "somebody else changed this object"


class EditKind(StrEnum):
    ADD = "add"
    RESHAPE = "reshape"
    DELETE = "delete"
    RELABEL = "relabel"
    ACCEPT = "accept"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One gesture on one object, named where it was made.

    ``id`` is new for every gesture; ``base_revision`` is the revision the person saw (0 for
    a new object). ``mask`` belongs to ADD and RESHAPE, ``to_class`` to ADD and RELABEL.
    """

    id: str
    kind: EditKind
    annotation_id: str
    base_revision: int = 0
    mask: Mask | None = None
    to_class: Class | None = None


def edited(edit: Edit, current: Annotation | None, *, image_id: int) -> Change:
    """What ``edit`` does to the object as it is now.

    Raises:
        StaleRevisionError: The object is no longer at the revision the person saw.
        ReviewError: The edit lacks what its kind needs.
    """
    if edit.kind is EditKind.ADD:
        if current is not None:
            raise StaleRevisionError("this object is there already")
        return Change(before=None, after=_added(edit, image_id=image_id))
    if current is None:
        raise StaleRevisionError("somebody else deleted this object")
    if current.revision != edit.base_revision:
        raise StaleRevisionError(CHANGED)
    after = _AFTER[edit.kind](current, edit)
    return Change(current, after and replace(after, revision=current.revision + 1))


def kept_apart(edit: Edit, last: Annotation, *, annotation_id: str) -> Annotation:
    """The shape of a stale edit as an object of its own, for a person to choose between the two.

    ``last`` is the edit's object as it is now, or as it was before it was deleted.

    Raises:
        ReviewError: The edit has no shape.
    """
    mine = _reshaped(last, edit)
    human, waiting = AnnotationSource.HUMAN, AnnotationState.PROPOSED
    mine = replace(mine, id=annotation_id, source=human, state=waiting, prediction_id=None)
    return replace(mine, revision=1, position=0)


def proposed(
    existing: Sequence[Annotation],
    predictions: Sequence[Prediction],
    *,
    class_of: Callable[[str], Class | None],
    new_id: Callable[[], str],
) -> tuple[Change, ...]:
    """Replace untouched proposals by ``predictions``, human work left as it is.

    A prediction is proposed only where no accepted, edited or rejected annotation, nor a
    person's shape that was kept apart, overlaps it by an IoU of 0.5 or more.
    """
    untouched = [a for a in existing if a.state is AnnotationState.PROPOSED and not a.kept_apart]
    settled = [a for a in existing if a.state is not AnnotationState.PROPOSED or a.kept_apart]
    fresh = [p for p in predictions if not any(_same_object(p, a) for a in settled)]
    removed = tuple(Change(annotation, None) for annotation in untouched)
    return removed + tuple(Change(None, _proposal(p, class_of, new_id())) for p in fresh)


def undone(operation: Operation, current: Mapping[str, Annotation]) -> tuple[Change, ...]:
    """The changes that take ``operation`` back, newest first.

    Raises:
        StaleRevisionError: An object is no longer as the operation left it.
    """
    return tuple(_reversed(change, current) for change in reversed(operation.changes))


def after_proposals(state: ReviewState, changes: Sequence[Change]) -> ReviewState:
    """An image is seen to have been predicted; one that was settled is opened by new proposals."""
    if state is ReviewState.NEW:
        return ReviewState.PREDICTED
    settled = state in (ReviewState.APPROVED, ReviewState.REJECTED)
    opened = settled and any(change.after is not None for change in changes)
    return ReviewState.IN_REVIEW if opened else state


def check_approval(annotations: Sequence[Annotation]) -> None:
    """Approving needs every object settled and every kept object in a class.

    Raises:
        OpenProposalsError: Proposals are left.
        ReviewError: A kept object has no class.
    """
    waiting = sum(a.state is AnnotationState.PROPOSED for a in annotations)
    if waiting:
        raise OpenProposalsError(f"{waiting} proposed object{'s' * (waiting > 1)} left")
    kept = [a for a in annotations if a.state is not AnnotationState.REJECTED]
    without = sorted({a.label for a in kept if a.class_id is None})
    if without:
        names = ", ".join(f'"{label}"' for label in without)
        raise ReviewError(f"no class for {names}", hint="Give these objects a class first.")


def _added(edit: Edit, *, image_id: int) -> Annotation:
    if edit.mask is None or edit.to_class is None:
        raise ReviewError("a new object needs a shape and a class")
    return Annotation(
        id=edit.annotation_id,
        image_id=image_id,
        label=edit.to_class.name,
        box=edit.mask.box,
        mask=edit.mask,
        source=AnnotationSource.HUMAN,
        state=AnnotationState.EDITED,
        class_id=edit.to_class.id,
    )


def _reshaped(current: Annotation, edit: Edit) -> Annotation:
    if edit.mask is None:
        raise ReviewError("an object needs a shape", hint="Delete the object instead.")
    return _by_hand(replace(current, mask=edit.mask, box=edit.mask.box))


def _relabelled(current: Annotation, edit: Edit) -> Annotation:
    if edit.to_class is None:
        raise ReviewError("relabelling needs a class")
    return _by_hand(replace(current, class_id=edit.to_class.id, label=edit.to_class.name))


def _by_hand(annotation: Annotation) -> Annotation:
    human = annotation.source is AnnotationSource.HUMAN
    source = AnnotationSource.HUMAN if human else AnnotationSource.EDITED_MODEL
    return replace(annotation, source=source, state=AnnotationState.EDITED)


def _accepted(current: Annotation, _edit: Edit) -> Annotation:
    untouched = current.source is AnnotationSource.MODEL
    state = AnnotationState.ACCEPTED if untouched else AnnotationState.EDITED
    return replace(current, state=state)


def _rejected(current: Annotation, _edit: Edit) -> Annotation:
    return replace(current, state=AnnotationState.REJECTED)


def _deleted(_current: Annotation, _edit: Edit) -> None:
    return None


_AFTER: Mapping[EditKind, Callable[[Annotation, Edit], Annotation | None]] = {
    EditKind.RESHAPE: _reshaped,
    EditKind.RELABEL: _relabelled,
    EditKind.ACCEPT: _accepted,
    EditKind.REJECT: _rejected,
    EditKind.DELETE: _deleted,
}


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


def _reversed(change: Change, current: Mapping[str, Annotation]) -> Change:
    before, after = change.before, change.after
    key = (after or before).id  # type: ignore[union-attr]  # a change has at least one side
    now = current.get(key)
    if not _alike(now, after):
        raise StaleRevisionError("the object has been changed since, so this cannot be undone")
    revision = max(a.revision for a in (now, before) if a is not None) + 1
    return Change(before=now, after=before and replace(before, revision=revision))


def _alike(first: Annotation | None, second: Annotation | None) -> bool:
    """The same object with the same content; how often it was changed does not count."""
    if first is None or second is None:
        return first is second
    plain = ("id", "label", "box", "mask", "source", "state", "class_id")
    return all(getattr(first, name) == getattr(second, name) for name in plain)
