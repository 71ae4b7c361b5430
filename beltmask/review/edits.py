"""What a person does to one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from beltmask.errors import ReviewError, StaleRevisionError
from beltmask.messages import Message
from beltmask.model import Annotation, AnnotationSource, AnnotationState, Box, Change, Class, Mask

CHANGED = Message("review.object_changed")


class EditKind(StrEnum):
    ADD = "add"
    RESHAPE = "reshape"
    DELETE = "delete"
    RELABEL = "relabel"
    ACCEPT = "accept"
    REJECT = "reject"
    REORDER = "reorder"


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """What one gesture does to one object, named where it was made.

    ``id`` is the gesture's; ``base_revision`` is the revision of the object that the person was
    told last (0 for a new object), and ``after`` names the person's own earlier gestures that
    changed it since. ``mask`` belongs to ADD and RESHAPE, ``to_class`` to ADD and RELABEL,
    ``layer`` to REORDER and, where it is not 0, to ADD; an ADD with a ``box`` and no mask asks
    for the object in that box, and ``found_by`` then names what found its mask.
    """

    id: str
    kind: EditKind
    annotation_id: str
    base_revision: int = 0
    mask: Mask | None = None
    to_class: Class | None = None
    after: tuple[str, ...] = ()
    box: Box | None = None
    layer: int | None = None
    found_by: str | None = None


def edited(edit: Edit, current: Annotation | None, *, image_id: int) -> Change:
    """What ``edit`` does to the object as it is now.

    Raises:
        StaleRevisionError: The object is no longer at the revision the person saw.
        ReviewError: The edit lacks what its kind needs.
    """
    if edit.kind is EditKind.ADD:
        if current is not None:
            raise StaleRevisionError(Message("review.object_there_already"))
        return Change(before=None, after=_added(edit, image_id=image_id))
    if current is None:
        raise StaleRevisionError(Message("review.object_deleted"))
    if current.revision != edit.base_revision:
        raise StaleRevisionError(CHANGED)
    after = _AFTER[edit.kind](current, edit)
    return Change(current, after and replace(after, revision=current.revision + 1))


def conflict_copy(
    edit: Edit, last: Annotation | None, *, image_id: int, annotation_id: str
) -> Annotation:
    """The shape of a refused edit as an object of its own, for a person to choose.

    ``last`` is the edit's object as it is now, or as it was before it was deleted; None for
    an ADD.

    Raises:
        ReviewError: The edit has no shape.
    """
    mine = _added(edit, image_id=image_id) if last is None else _reshaped(last, edit)
    human, waiting = AnnotationSource.HUMAN, AnnotationState.PROPOSED
    mine = replace(mine, id=annotation_id, source=human, state=waiting, prediction_id=None)
    return replace(mine, revision=1, position=0)


def _added(edit: Edit, *, image_id: int) -> Annotation:
    if edit.mask is None or edit.to_class is None:
        raise ReviewError(Message("review.new_object_incomplete"))
    return Annotation(
        id=edit.annotation_id,
        image_id=image_id,
        label=edit.to_class.name,
        box=edit.mask.box,
        mask=edit.mask,
        source=AnnotationSource.HUMAN,
        state=AnnotationState.EDITED,
        class_id=edit.to_class.id,
        layer=edit.layer or 0,
    )


def _reshaped(current: Annotation, edit: Edit) -> Annotation:
    if edit.mask is None:
        hint = Message("review.delete_instead")
        raise ReviewError(Message("review.no_shape"), hint=hint)
    return _by_hand(replace(current, mask=edit.mask, box=edit.mask.box))


def _relabelled(current: Annotation, edit: Edit) -> Annotation:
    if edit.to_class is None:
        raise ReviewError(Message("review.relabelling_without_class"))
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


def _reordered(current: Annotation, edit: Edit) -> Annotation:
    """What lies on top says nothing about who settled it."""
    if edit.layer is None:
        raise ReviewError(Message("review.reordering_without_layer"))
    return replace(current, layer=edit.layer)


def _deleted(_current: Annotation, _edit: Edit) -> None:
    return None


_AFTER: Mapping[EditKind, Callable[[Annotation, Edit], Annotation | None]] = {
    EditKind.RESHAPE: _reshaped,
    EditKind.RELABEL: _relabelled,
    EditKind.ACCEPT: _accepted,
    EditKind.REJECT: _rejected,
    EditKind.DELETE: _deleted,
    EditKind.REORDER: _reordered,
}
