"""A gesture that cannot be made: the person is told why, and loses no shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from beltmask.errors import BeltMaskError, OpenProposalsError, ReviewError, StaleRevisionError
from beltmask.messages import Explanation, Message
from beltmask.model import Annotation, AnnotationState, Change, Image
from beltmask.review import CHANGED, Edit, EditKind, Gesture, GestureKind, conflict_copy
from beltmask.store.operation_log import CONFLICT_COPY, REFUSED
from beltmask.store.operations import StoredGesture
from beltmask.store.records import Records
from beltmask.workflows.history import new_id

_TAKING_BACK = frozenset({GestureKind.UNDO, GestureKind.REDO})
_AS_IT_IS = Message("review.do_it_again_if")
_GONE = Message("review.draw_again_if")
_ERRORS: Mapping[str, type[BeltMaskError]] = {
    each.__name__: each for each in (OpenProposalsError, ReviewError)
}


@dataclass(frozen=True, slots=True, eq=False)
class Late:
    """An edit that came too late, and its object as it is now (None: deleted)."""

    edit: Edit
    now: Annotation | None
    error: StaleRevisionError


def copies_of(
    records: Records, image: Image, gesture: Gesture, late: Mapping[str, Late]
) -> dict[str, Annotation]:
    """Objects that keep what was drawn in a gesture that came too late, by the drawn object's id.

    ``late`` holds the edits that came too late by the object they name in the gesture.
    """
    copies = dict[str, Annotation]()
    for edit in gesture.edits:
        name = edit.annotation_id
        if edit.kind is EditKind.ADD and name not in late:
            copies[name] = conflict_copy(edit, None, image_id=image.id, annotation_id=name)
        elif edit.kind is EditKind.RESHAPE and name in late:
            last = late[name].now or _before_it_went(records, image, late[name].edit)
            if last is not None:
                copy = conflict_copy(edit, last, image_id=image.id, annotation_id=new_id())
                copies[name] = copy
    return copies


def refusal_of(late: Mapping[str, Late]) -> StaleRevisionError:
    """What became of the objects that a gesture came too late for, and what to do next."""
    reasons = tuple(dict.fromkeys(each.error.message for each in late.values()))
    several = len(late) > 1 and reasons == (CHANGED,)
    if several:
        message = Message("review.objects_changed")
    else:
        message = reasons[0] if len(reasons) == 1 else Message("review.several", reasons=reasons)
    gone = all(each.now is None for each in late.values())
    return StaleRevisionError(message, hint=_GONE if gone else _AS_IT_IS, objects=late)


def where_kept(error: StaleRevisionError, count: int, *, before: int) -> StaleRevisionError:
    """The refusal with where the shapes are: ``count`` new objects after ``before`` others."""
    numbers = tuple(range(before + 1, before + count + 1))
    hint = Message("review.shape_is_kept", count=count, numbers=numbers)
    return StaleRevisionError(error.message, hint=hint, objects=error.objects)


def as_detail(error: BeltMaskError) -> dict[str, Any]:
    """A refusal as the history keeps it."""
    said = {"error": type(error).__name__, "refused": error.explained.to_json()}
    about = error.objects if isinstance(error, StaleRevisionError) else ()
    return {**said, "objects": list(about)} if about else said


def told_before(told: StoredGesture) -> BeltMaskError | None:
    """The refusal a gesture met when it came first; None when it was made."""
    if told.kind not in (CONFLICT_COPY, REFUSED):
        return None
    detail = told.detail
    kept = detail.get("refused")
    said = Explanation(CHANGED) if kept is None else Explanation.from_json(kept)
    kind = _ERRORS.get(detail.get("error", ""))
    if kind is not None:
        return kind(said.message, hint=said.hint)
    return StaleRevisionError(said.message, hint=said.hint, objects=detail.get("objects", ()))


def followed(edit: Edit, told: Mapping[str, StoredGesture]) -> Edit:
    """A new shape for an object whose last one became a conflict copy goes on with that one."""
    known = [told[name] for name in edit.after if name in told]
    kept = [each.detail["apart"] for each in known if "apart" in each.detail]
    names = [each[edit.annotation_id] for each in kept if edit.annotation_id in each]
    if edit.kind is not EditKind.RESHAPE or not names:
        return edit
    after = tuple(each.id for each in known if names[-1] in each.revisions)
    return replace(edit, annotation_id=names[-1], base_revision=0, after=after)


def revisions_after(edit: Edit, told: Mapping[str, StoredGesture]) -> dict[str, Mapping[str, int]]:
    """For the gestures an edit comes after, the revisions they left objects at.

    Those that were not made are missing; an undo or redo that was refused is no matter.
    """
    known = {name: told[name] for name in edit.after if name in told}
    return {
        name: each.revisions
        for name, each in known.items()
        if _was_made(each) and edit.annotation_id not in _copied(each)
    }


def _was_made(told: StoredGesture) -> bool:
    return told.kind != REFUSED or told.detail.get("gesture") in _TAKING_BACK


def _copied(told: StoredGesture) -> set[str]:
    """The objects whose new shape became another object."""
    copies: Mapping[str, str] = told.detail.get("apart", {})
    return {name for name, copy in copies.items() if copy != name}


def goes_on_with_copy(edit: Edit, told: Mapping[str, StoredGesture]) -> bool:
    """Whether an edit changes a shape of which the person cannot know yet that it is a copy."""
    known = (told[name] for name in edit.after if name in told)
    return any(
        each.kind == CONFLICT_COPY and edit.annotation_id in each.revisions for each in known
    )


def still_a_copy(change: Change) -> Change:
    """The change, with a person still to choose."""
    after = change.after and replace(change.after, state=AnnotationState.PROPOSED)
    return replace(change, after=after)


def _before_it_went(records: Records, image: Image, edit: Edit) -> Annotation | None:
    operation = records.operations.last_of(image.id, edit.annotation_id)
    changes = () if operation is None else operation.changes
    befores = (change.before for change in changes if change.before is not None)
    return next((each for each in befores if each.id == edit.annotation_id), None)
