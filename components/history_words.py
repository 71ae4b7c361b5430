"""Operations of an image in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from beltmask.counts import counted
from beltmask.workflows.rollback import RESTORE, LogEntry, Touch

BEGINNING = "the beginning, before anything was found or drawn"
_MOST_NAMED = 3
_DONE = {
    "propose": "found",
    "add": "drew",
    "magic": "selected by magic",
    "reshape": "reshaped",
    "move": "moved",
    "add to": "added pixels",
    "take from": "took pixels away",
    "delete": "deleted",
    "relabel": "relabelled",
    "accept": "accepted",
    "reject": "rejected",
    "merge": "merged",
    "split": "split",
    "reorder": "moved to the front or the back",
    "carve": "took overlapping pixels away",
    "fill holes": "filled holes",
    "remove specks": "removed specks",
    "accept all": "accepted all that was proposed",
    "approve": "approved the picture",
    "reject image": "rejected the picture",
    "reopen": "reopened the picture",
    "keep apart": "drew what somebody else changed meanwhile, kept apart",
    "rename class": "renamed the class",
    "merge class": "merged the class",
    "map label": "chose the class of the label",
    "undo class change": "took a change of classes back",
}


def in_words(entry: LogEntry, touches: Sequence[Touch], numbers: Mapping[str, int]) -> str:
    """What an operation did to which objects.

    Args:
        entry: The operation.
        touches: What it did to each object.
        numbers: The number of each object, by its id, as the page shows it now.
    """
    said = " ".join(filter(None, (_done(entry), _named(entry.detail))))
    return f"{said}: {_objects(touches, numbers)}" if touches else said


def _done(entry: LogEntry) -> str:
    if entry.kind == RESTORE:
        return _restored(entry.detail)
    if entry.kind in ("undo", "redo"):
        back = "took back" if entry.kind == "undo" else "did again"
        return f'{back} "{entry.what}"'
    done = _DONE.get(entry.kind, entry.kind)
    found_by = str(entry.detail.get("found_by", ""))
    return f"{done} ({found_by})" if found_by else done


def _restored(detail: Mapping[str, Any]) -> str:
    to = detail["to"]
    return f"restored {f'number {to}' if to else 'the beginning'}"


def _named(detail: Mapping[str, Any]) -> str:
    """The names an operation is about besides its objects."""
    if "reason" in detail:
        return f'("{detail["reason"]}")'
    return f'"{detail["from"]}" to "{detail["to"]}"' if "from" in detail else ""


def _objects(touches: Sequence[Touch], numbers: Mapping[str, int]) -> str:
    if len(touches) > _MOST_NAMED:
        return counted(len(touches), "object")
    return ", ".join(
        f"object {numbers[each.annotation_id]} ({each.label})"
        if each.annotation_id in numbers
        else f'"{each.label}", which is gone now'
        for each in touches
    )
