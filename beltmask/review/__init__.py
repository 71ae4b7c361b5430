"""The rules of the review: edits of objects, states of images, proposals and undo.

Everything here is pure: annotations in, changes out. A change names the annotation as it was
and as it will be; who stores it checks that it still is as it was.
"""

from beltmask.review.approval import check_approval
from beltmask.review.edits import CHANGED, Edit, EditKind, conflict_copy, edited
from beltmask.review.gestures import (
    Gesture,
    GestureKind,
    check_gesture,
    rebased,
    revision_reached,
    well_named,
)
from beltmask.review.proposals import SAME_OBJECT_IOU, after_proposals, proposed
from beltmask.review.undo import rolled_back, undone

__all__ = [
    "CHANGED",
    "SAME_OBJECT_IOU",
    "Edit",
    "EditKind",
    "Gesture",
    "GestureKind",
    "after_proposals",
    "check_approval",
    "check_gesture",
    "conflict_copy",
    "edited",
    "proposed",
    "rebased",
    "revision_reached",
    "rolled_back",
    "undone",
    "well_named",
]
