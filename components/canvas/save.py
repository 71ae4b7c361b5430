"""Saves what the canvas tells: every gesture once, in order, and answered."""

from __future__ import annotations

from collections.abc import Sequence

from beltmask.errors import BeltMaskError, ReviewError, StaleRevisionError
from beltmask.workflows.gestures import Gesture, GestureKind, apply_gestures
from beltmask.workflows.review_state import ReviewTarget, review_target
from components import state
from components.canvas.incoming_messages import PendingGesture, read_tail
from components.services import services

_Answer = tuple[str, tuple[str, ...]]
"""Why a gesture was refused, and the ids of the objects that is about."""
_MADE: _Answer = ("", ())


def save_tail(tail: object) -> tuple[int, ...]:
    """Carry out the gestures of a tail that have no answer yet.

    A gesture made on a picture that is not here has none: it stays in the browser.

    Returns:
        The ids of the images that were approved, or an empty tuple.
    """
    pending = read_tail(tail)
    fresh = _unanswered(pending)
    answers, elsewhere = dict[str, _Answer](), list[str]()
    approved = list[int]()
    for picture in dict.fromkeys((each.image_id, each.sha) for each in fresh):
        told = [each for each in fresh if (each.image_id, each.sha) == picture]
        target = review_target(*picture, services=services())
        if target is None:
            elsewhere += [each.id for each in told]
            continue
        new = _answers(told, target)
        answers |= new
        approved += [target.image.id] if _approves(told, new) else []
    _remember([each.id for each in pending], answers, elsewhere)
    return tuple(approved)


def has_unanswered(tail: object) -> bool:
    return bool(_unanswered(read_tail(tail)))


def _unanswered(pending: Sequence[PendingGesture]) -> list[PendingGesture]:
    known = {*state.canvas_answered.get(), *state.canvas_elsewhere.get()}
    return [each for each in pending if each.id not in known]


def _answers(told: Sequence[PendingGesture], target: ReviewTarget) -> dict[str, _Answer]:
    """What became of each gesture on one image, by its id."""
    image, classes = target.image, target.classes
    gestures, answers = list[Gesture](), dict[str, _Answer]()
    for each in told:
        try:
            gestures.append(each.gesture(classes, image.size))
        except ReviewError as error:
            answers[each.id] = _refusal(error)
    refused = apply_gestures(image.id, gestures, services=services())
    made = {gesture.id: _MADE for gesture in gestures}
    return answers | made | {name: _refusal(error) for name, error in refused.items()}


def _refusal(error: BeltMaskError) -> _Answer:
    return error.explanation, error.objects if isinstance(error, StaleRevisionError) else ()


def _approves(told: Sequence[PendingGesture], answers: dict[str, _Answer]) -> bool:
    return any(
        each.content.get("kind") == GestureKind.APPROVE and answers.get(each.id) == _MADE
        for each in told
    )


def _remember(told: Sequence[str], answers: dict[str, _Answer], elsewhere: Sequence[str]) -> None:
    """Keep what was answered for as long as the browser asks for it: about gestures ``told``."""
    answered = {*state.canvas_answered.get(), *answers}
    refused = {name: (why, about) for name, why, about in state.canvas_refused.get()}
    refused |= {name: answer for name, answer in answers.items() if answer != _MADE}
    away = {*state.canvas_elsewhere.get(), *elsewhere}
    state.canvas_answered.set(tuple(each for each in told if each in answered))
    state.canvas_elsewhere.set(tuple(each for each in told if each in away))
    state.canvas_refused.set(tuple((each, *refused[each]) for each in told if each in refused))
