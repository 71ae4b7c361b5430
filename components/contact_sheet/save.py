"""Saves what the contact sheet tells: every decision once, in order, and answered in words."""

from __future__ import annotations

from collections.abc import Sequence

from beltmask.counts import counted
from beltmask.errors import NotAllowedError, NotFoundError, ReviewError
from beltmask.workflows.decisions import (
    Decision,
    DecisionResult,
    EditKind,
    Target,
    decide,
    take_back_decision,
)
from beltmask.workflows.review_state import ReviewTarget, review_target
from components import state
from components.contact_sheet.incoming_messages import PendingDecision, ToldDecision, read_tail
from components.services import services

_SHOWN = 3
_DONE = {
    EditKind.ACCEPT: "accepted",
    EditKind.REJECT: "rejected",
    EditKind.RELABEL: "given their class",
}


def save_decisions(tail: object) -> None:
    """Carry out the decisions of a tail that have no answer yet.

    One about pictures that are not here has none: it stays in the browser.

    Raises:
        DatabaseUnavailableError: Those that have no answer yet are to be told again.
    """
    pending = read_tail(tail)
    answers = dict(state.sheet_settled.get())
    elsewhere = set(state.sheet_elsewhere.get())
    for each in _unanswered(pending):
        answer = _answer(each)
        if answer is None:
            elsewhere.add(each.id)
        else:
            answers[each.id] = answer
    told = [each.id for each in pending]
    state.sheet_settled.set(tuple((each, answers[each]) for each in told if each in answers))
    state.sheet_elsewhere.set(tuple(each for each in told if each in elsewhere))


def has_unanswered(tail: object) -> bool:
    return bool(_unanswered(read_tail(tail)))


def _unanswered(pending: Sequence[PendingDecision]) -> list[PendingDecision]:
    known = {*dict(state.sheet_settled.get()), *state.sheet_elsewhere.get()}
    return [each for each in pending if each.id not in known]


def _answer(told: PendingDecision) -> str | None:
    """What became of a decision, in words; None where it belongs to another database."""
    try:
        decision = told.decision()
        known = (review_target(o.image, o.sha, services=services()) for o in decision.objects)
        here = next((target for target in known if target is not None), None)
        return None if here is None else _carried_out(decision, here)
    except (NotAllowedError, NotFoundError, ReviewError) as error:
        return error.explanation


def _carried_out(told: ToldDecision, target: ReviewTarget) -> str:
    """In words. ``target`` is one of its pictures."""
    if told.kind == "undo":
        images = [each.image for each in told.objects]
        undo = take_back_decision(told.of or "", images, undo_id=told.id, services=services())
        return _in_words(undo, f"Taken back in {counted(undo.done, 'picture')}.")
    kind = EditKind(told.kind)
    targets = tuple(Target(o.id, o.image, o.base, o.after) for o in told.objects)
    to_class = target.classes.get(told.class_id or 0)
    result = decide(Decision(told.id, kind, targets, to_class), services=services())
    return _in_words(result, f"Saved: {counted(result.done, 'object')} {_DONE[kind]}.")


def _in_words(result: DecisionResult, done: str) -> str:
    if not result.refused:
        return done
    names = "; ".join(dict.fromkeys(result.refused[:_SHOWN]))
    more = len(result.refused) - _SHOWN
    return f"{done} Not {len(result.refused)}: {names}{f'; and {more} more' if more > 0 else ''}."
