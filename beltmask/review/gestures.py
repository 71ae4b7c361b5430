"""A gesture: what a person does in one go, and whether it still fits what is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from beltmask.errors import ReviewError, StaleRevisionError
from beltmask.messages import Message
from beltmask.review.edits import CHANGED, Edit

EARLIER_REFUSED = Message("review.earlier_refused")
_ID = re.compile(r"[0-9A-Za-z_-]{1,36}")
_START_AGAIN = Message("review.start_again")


class GestureKind(StrEnum):
    ADD = "add"
    RESHAPE = "reshape"
    MOVE = "move"
    ADD_TO = "add to"
    TAKE_FROM = "take from"
    DELETE = "delete"
    RELABEL = "relabel"
    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    SPLIT = "split"
    CARVE = "carve"
    FILL_HOLES = "fill holes"
    REMOVE_SPECKS = "remove specks"
    ACCEPT_ALL = "accept all"
    APPROVE = "approve"
    UNDO = "undo"
    REDO = "redo"
    MAGIC = "magic"
    REORDER = "reorder"


_WITHOUT_EDITS = frozenset({GestureKind.APPROVE, GestureKind.UNDO, GestureKind.REDO})


@dataclass(frozen=True, slots=True, eq=False)
class Gesture:
    """Edits that are made together or not at all: one operation, one step to undo.

    ``id`` is made where the gesture was. ``base`` is the revision of the image the person was
    told last and ``after`` their own gestures since; both matter to APPROVE only.
    ``active_ms`` is how long the person was at work on it, in milliseconds.
    """

    id: str
    kind: str
    edits: tuple[Edit, ...] = ()
    base: int = 0
    after: tuple[str, ...] = ()
    active_ms: int = 0


def check_gesture(gesture: Gesture) -> None:
    """Whether a gesture can be understood at all.

    Raises:
        ReviewError: It cannot.
    """
    if gesture.kind not in set(GestureKind):
        message = Message("review.unknown_gesture", kind=gesture.kind[:40])
        raise ReviewError(message, hint=_START_AGAIN)
    if not gesture.edits and gesture.kind not in _WITHOUT_EDITS:
        raise ReviewError(Message("review.changes_nothing"), hint=Message("review.go_on"))
    objects = [edit.annotation_id for edit in gesture.edits]
    if len(set(objects)) < len(objects):
        raise ReviewError(Message("review.object_twice"), hint=_START_AGAIN)
    if not all(map(well_named, objects)):
        raise ReviewError(Message("review.object_without_name"), hint=_START_AGAIN)


def well_named(name: str) -> bool:
    """Whether this can be an id: at most 36 letters, digits, hyphens or underscores."""
    return _ID.fullmatch(name) is not None


def rebased(edit: Edit, left: Mapping[str, Mapping[str, int]]) -> Edit:
    """The edit as if made on the revision that the person's own earlier gestures left.

    ``left`` holds, for each gesture that was made, the revisions it left objects at.

    Raises:
        StaleRevisionError: One of the earlier gestures was not made, or somebody else changed
            the object between them.
    """
    if not all(name in left for name in edit.after):
        raise StaleRevisionError(EARLIER_REFUSED)
    own = (left[name].get(edit.annotation_id, 0) for name in edit.after)
    last = revision_reached(edit.base_revision, own)
    if last is None:
        raise StaleRevisionError(CHANGED)
    return replace(edit, base_revision=last, after=())


def revision_reached(base: int, own: Iterable[int]) -> int | None:
    """The revision that one's own changes, each by its revision, have led to from ``base``.

    Those up to ``base`` are in it already. None when somebody else's change lies between them.
    """
    later = {revision for revision in own if revision > base}
    last = base + len(later)
    return last if max(later, default=base) == last else None
