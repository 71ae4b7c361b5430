"""Gestures as the canvas sends them: each names what was seen last, and is answered before the
next one is made.
"""

from __future__ import annotations

from collections.abc import Sequence

from beltmask.model import AnnotationState
from beltmask.review import Edit, EditKind, Gesture, GestureKind
from beltmask.workflows.gestures import apply_gestures
from beltmask.workflows.history import new_id
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services


def send(image_id: int, gestures: Sequence[Gesture], *, services: Services) -> ReviewSheet:
    """The image after all that could be made.

    Raises:
        BeltMaskError: What the first one met that was refused.
    """
    refused = apply_gestures(image_id, gestures, services=services)
    if refused:
        raise next(iter(refused.values()))
    return open_sheet(image_id, services=services)


def apply_edits(image_id: int, edits: Sequence[Edit], *, services: Services) -> ReviewSheet:
    """Edits, each a gesture of its own."""
    gestures = [Gesture(edit.id, edit.kind, (edit,)) for edit in edits]
    return send(image_id, gestures, services=services)


def accept_all(image_id: int, *, services: Services) -> ReviewSheet:
    sheet = open_sheet(image_id, services=services)
    edits = _accepting(sheet)
    gestures = [Gesture(new_id(), GestureKind.ACCEPT_ALL, edits)] if edits else []
    return send(image_id, gestures, services=services)


def approve(image_id: int, *, services: Services, seen: int | None = None) -> ReviewSheet:
    """Approve with all that is proposed. ``seen`` is the revision the person was told last."""
    sheet = open_sheet(image_id, services=services)
    base = sheet.image.revision if seen is None else seen
    gesture = Gesture(new_id(), GestureKind.APPROVE, _accepting(sheet), base)
    return send(image_id, [gesture], services=services)


def undo(image_id: int, *, services: Services) -> ReviewSheet:
    return send(image_id, [Gesture(new_id(), GestureKind.UNDO)], services=services)


def _accepting(sheet: ReviewSheet) -> tuple[Edit, ...]:
    return tuple(
        Edit(new_id(), EditKind.ACCEPT, each.id, each.revision)
        for each in sheet.annotations
        if each.state is AnnotationState.PROPOSED and not each.conflict_copy
    )
