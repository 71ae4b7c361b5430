"""Gestures of a person on one image, in the order they were made.

A gesture is carried out once, however often it is told, and is answered each time as it was
answered first. What is refused is kept in the history too, for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from beltmask.classes import class_for
from beltmask.errors import BeltMaskError, ReviewError, StaleRevisionError
from beltmask.masks import clipped
from beltmask.messages import Message
from beltmask.model import Actor, Annotation, Change, Class, Image, ReviewState
from beltmask.review import (
    Edit,
    EditKind,
    Gesture,
    GestureKind,
    check_approval,
    check_gesture,
    edited,
    rebased,
    revision_reached,
    well_named,
)
from beltmask.store.operation_log import CONFLICT_COPY, LogEntry, UndoState
from beltmask.store.operations import StoredGesture, revisions_left
from beltmask.store.records import Records
from beltmask.workflows.conflicts import (
    Late,
    as_detail,
    copies_of,
    followed,
    goes_on_with_copy,
    refusal_of,
    revisions_after,
    still_a_copy,
    told_before,
    where_kept,
)
from beltmask.workflows.history import Kept, keep_operation, keep_refusal
from beltmask.workflows.magic import with_masks_found
from beltmask.workflows.review_state import check_in_use, taken
from beltmask.workflows.services import Services
from beltmask.workflows.undo import take_back

__all__ = ["Edit", "EditKind", "Gesture", "GestureKind"]

_LONGEST_MS = 3_600_000
_RELOAD = Message("review.start_again")
_LOOK = Message("review.look_again")


def apply_gestures(
    image_id: int, gestures: Sequence[Gesture], *, services: Services
) -> dict[str, BeltMaskError]:
    """Carry out gestures in order; one that is refused leaves the others alone.

    Returns:
        Why some of them were refused, by their ids.

    Raises:
        NotFoundError: There is no such image.
        NotAllowedError: This person may not review.
    """
    gestures = with_masks_found(image_id, gestures, services=services)
    with services.store.write() as records:
        image = taken(records, image_id, services)
        return carry_out(gestures, image, records=records, actor=services.actor)


def carry_out(
    gestures: Sequence[Gesture], image: Image, *, records: Records, actor: Actor
) -> dict[str, BeltMaskError]:
    """Carry out gestures on an image that is held; why some are refused, by their ids."""
    sitting = _Sitting(records, image, actor, gestures)
    answers = {gesture.id: sitting.answer(gesture) for gesture in gestures}
    return {name: why for name, why in answers.items() if why is not None}


class _Sitting:
    """One person at one image, for as long as a transaction lasts."""

    def __init__(
        self, records: Records, image: Image, actor: Actor, gestures: Sequence[Gesture]
    ) -> None:
        self._records = records
        self._image = image
        self._actor = actor
        self._told = records.operations.told(_names_in(gestures))

    def answer(self, gesture: Gesture) -> BeltMaskError | None:
        """Why the gesture is not made; None once it is."""
        known = self._told.get(gesture.id)
        if known is not None and known.image_id != self._image.id:
            return ReviewError(Message("review.gesture_of_other_picture"), hint=_RELOAD)
        if known is not None:
            return told_before(known)
        if not well_named(gesture.id):
            return ReviewError(Message("review.gesture_without_name"), hint=_RELOAD)
        try:
            self._carry_out(gesture)
        except (ReviewError, StaleRevisionError) as error:
            if gesture.id not in self._told:
                self._keep_refusal(gesture, error)
            return error
        return None

    def _carry_out(self, gesture: Gesture) -> None:
        check_gesture(gesture)
        if gesture.kind == GestureKind.UNDO:
            self._take_back(gesture, self._standing().undoable)
        elif gesture.kind == GestureKind.REDO:
            self._take_back(gesture, self._standing().redoable)
        elif gesture.kind == GestureKind.APPROVE:
            check_in_use(self._image)
            self._check_seen(gesture)
            changes = self._changes(gesture)
            self._check_approval(changes)
            self._keep(gesture, gesture.kind, changes, review=ReviewState.APPROVED)
        else:
            self._keep(gesture, gesture.kind, self._changes(gesture))

    def _changes(self, gesture: Gesture) -> list[Change]:
        """What all the edits do.

        Raises:
            StaleRevisionError: One of them comes too late. What was drawn is kept as a copy.
        """
        gesture = replace(gesture, edits=tuple(map(self._prepared, gesture.edits)))
        aims = {edit.annotation_id: followed(edit, self._told) for edit in gesture.edits}
        current = self._current([edit.annotation_id for edit in aims.values()])
        changes, late = list[Change](), dict[str, Late]()
        for name, edit in aims.items():
            now = current.get(edit.annotation_id)
            try:
                changes.append(self._change(edit, now))
            except StaleRevisionError as error:
                late[name] = Late(edit, now, error)
        if late:
            raise self._with_copies(gesture, late)
        return changes

    def _change(self, edit: Edit, now: Annotation | None) -> Change:
        left = revisions_after(edit, self._told)
        change = edited(rebased(edit, left), now, image_id=self._image.id)
        return still_a_copy(change) if goes_on_with_copy(edit, self._told) else change

    def _with_copies(self, gesture: Gesture, late: Mapping[str, Late]) -> StaleRevisionError:
        """The refusal to give, once what was drawn is kept."""
        error = refusal_of(late)
        copies = copies_of(self._records, self._image, gesture, late)
        if not copies:
            return error
        error = where_kept(error, len(copies), before=self._count())
        names = {name: each.id for name, each in copies.items()}
        said = {**as_detail(error), "gesture": gesture.kind, "apart": names}
        changes = [Change(None, each) for each in copies.values()]
        self._keep(gesture, CONFLICT_COPY, changes, detail=said)
        return error

    def _prepared(self, edit: Edit) -> Edit:
        """The edit with its shape inside the picture and its class as it is now."""
        if edit.mask is None and edit.box is not None:
            hint = Message("review.drag_closer")
            raise ReviewError(Message("review.nothing_stands_out"), hint=hint)
        if edit.mask is not None:
            inside = clipped(edit.mask, self._image.size)
            if inside is None:
                raise ReviewError(
                    Message("review.shape_outside"), hint=Message("review.draw_again")
                )
            edit = replace(edit, mask=inside)
        if edit.to_class is not None:
            edit = replace(edit, to_class=self._class_now(edit.to_class))
        return edit

    def _class_now(self, meant: Class) -> Class:
        class_id = self._records.classes.survivors().get(meant.id, meant.id)
        now = next((each for each in self._classes if each.id == class_id), None)
        found = now or class_for(meant.name, self._classes)
        if found is None:
            raise ReviewError(
                Message("classes.no_class", name=meant.name), hint=Message("classes.choose_another")
            )
        return found

    @cached_property
    def _classes(self) -> Sequence[Class]:
        return self._records.classes.of_project(self._image.project_id)

    def _current(self, names: Sequence[str]) -> dict[str, Annotation]:
        found = self._records.annotations.by_ids(names)
        if any(each.image_id != self._image.id for each in found.values()):
            raise ReviewError(Message("review.object_of_other_picture"), hint=_RELOAD)
        return found

    def _count(self) -> int:
        return len(self._records.annotations.of_image(self._image.id))

    def _check_seen(self, gesture: Gesture) -> None:
        """Whether the person has seen the image as it is."""
        known = [self._told[name] for name in gesture.after if name in self._told]
        made = [told for told in known if told_before(told) is None]
        if len(made) < len(gesture.after):
            raise StaleRevisionError(Message("review.earlier_one_refused"), hint=_LOOK)
        own = (told.detail.get("revision", 0) for told in made)
        if revision_reached(gesture.base, own) != self._image.revision:
            raise StaleRevisionError(
                Message("store.image_changed", name=self._image.name), hint=_LOOK
            )

    def _check_approval(self, changes: Sequence[Change]) -> None:
        changed = {each.after.id: each.after for each in changes if each.after is not None}
        now = self._records.annotations.of_image(self._image.id)
        check_approval([changed.get(each.id, each) for each in now])

    def _standing(self) -> UndoState:
        return self._records.operation_log.standing(self._image.id, actor=self._actor)

    def _take_back(self, gesture: Gesture, entry: LogEntry | None) -> None:
        if entry is None:
            no_undo, no_redo = Message("review.nothing_to_undo"), Message("review.nothing_to_redo")
            nothing = no_undo if gesture.kind == GestureKind.UNDO else no_redo
            raise ReviewError(nothing, hint=Message("review.go_on"))
        took = partial(take_back, actor=self._actor, detail=self._facts(gesture))
        self._note(took(self._records, self._image, entry, operation_id=gesture.id))

    def _keep(
        self,
        gesture: Gesture,
        kind: str,
        changes: Sequence[Change] = (),
        *,
        review: ReviewState = ReviewState.IN_REVIEW,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        keep = partial(keep_operation, actor=self._actor, review=review, operation_id=gesture.id)
        said = {**self._facts(gesture), **(detail or {})}
        self._note(keep(self._records, self._image, kind, changes, detail=said))

    def _facts(self, gesture: Gesture) -> dict[str, Any]:
        """What every gesture that is made tells of itself: the image's revision after it, too."""
        return {**_effort(gesture), **_finder(gesture), "revision": self._image.revision + 1}

    def _keep_refusal(self, gesture: Gesture, error: BeltMaskError) -> None:
        said = {**_effort(gesture), **as_detail(error), "gesture": gesture.kind[:40]}
        keep = partial(keep_refusal, actor=self._actor, detail=said, operation_id=gesture.id)
        self._note(keep(self._records, self._image))

    def _note(self, kept: Kept) -> None:
        """Remember what was done: later gestures name it."""
        done = kept.operation
        self._image = kept.image
        left = revisions_left(done.changes)
        self._told[done.id] = StoredGesture(done.id, done.image_id, done.kind, done.detail, left)


def _names_in(gestures: Sequence[Gesture]) -> set[str]:
    """Ids of the gestures, and of those they name."""
    names = {name for gesture in gestures for name in (gesture.id, *gesture.after)}
    edits = [edit for gesture in gestures for edit in gesture.edits]
    return names | {name for edit in edits for name in edit.after}


def _effort(gesture: Gesture) -> dict[str, int]:
    milliseconds = min(max(gesture.active_ms, 0), _LONGEST_MS)
    return {"active_ms": milliseconds} if milliseconds else {}


def _finder(gesture: Gesture) -> dict[str, str]:
    """What found the masks that were asked for: those of a network are told from others."""
    names = dict.fromkeys(edit.found_by for edit in gesture.edits if edit.found_by)
    return {"found_by": ", ".join(names)} if names else {}
