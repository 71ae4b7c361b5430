"""What the contact sheet tells: decisions not acknowledged yet, each carried out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, StringConstraints, ValidationError

from beltmask.counts import counted
from beltmask.errors import BeltMaskError
from beltmask.model import Class, Project
from beltmask.workflows.decisions import (
    Decision,
    EditKind,
    Result,
    Target,
    decide,
    take_back_decision,
)
from components import state
from components.services import services

KEY = state.sheet_told.name
_KEPT = 60
_SHOWN = 3
_Id = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,36}$")]
_DONE = {
    EditKind.ACCEPT: "accepted",
    EditKind.REJECT: "rejected",
    EditKind.RELABEL: "given their class",
}


class _ToldObject(BaseModel):
    id: _Id
    image: int
    base: int
    after: tuple[_Id, ...] = ()


class _ToldDecision(BaseModel):
    id: _Id
    kind: Literal["accept", "reject", "relabel", "undo"]
    objects: tuple[_ToldObject, ...]
    class_id: int | None = None
    of: _Id | None = None


def settle(project: Project, classes: Sequence[Class]) -> Mapping[str, str]:
    """Carry out what was decided since; what became of each decision, in words, by its id."""
    settled = dict(state.sheet_settled.get())
    for each in state.sheet_told.get().get("tail") or ():
        name = str(each.get("id", "")) if isinstance(each, Mapping) else ""
        if name and name not in settled:
            settled[name] = _answer(each, project, classes)
    state.sheet_settled.set(tuple(settled.items())[-_KEPT:])
    return settled


def _answer(told: Mapping[str, Any], project: Project, classes: Sequence[Class]) -> str:
    try:
        decision = _ToldDecision.model_validate({**told, "class_id": told.get("class")})
        return _carried_out(decision, project, classes)
    except ValidationError:
        return "A decision could not be read. Reload the page, then decide again."
    except BeltMaskError as error:
        return error.explanation


def _carried_out(told: _ToldDecision, project: Project, classes: Sequence[Class]) -> str:
    if told.kind == "undo":
        images = [each.image for each in told.objects]
        undo = take_back_decision(told.of or "", images, undo_id=told.id, services=services())
        return _in_words(undo, f"Taken back in {counted(undo.done, 'picture')}.")
    kind = EditKind(told.kind)
    targets = tuple(Target(o.id, o.image, o.base, o.after) for o in told.objects)
    to_class = next((each for each in classes if each.id == told.class_id), None)
    decision = Decision(told.id, kind, targets, to_class)
    result = decide(decision, project_id=project.id, services=services())
    return _in_words(result, f"Saved: {counted(result.done, 'object')} {_DONE[kind]}.")


def _in_words(result: Result, done: str) -> str:
    if not result.refused:
        return done
    names = "; ".join(dict.fromkeys(result.refused[:_SHOWN]))
    more = len(result.refused) - _SHOWN
    return f"{done} Not {len(result.refused)}: {names}{f'; and {more} more' if more > 0 else ''}."
