"""Saves what the canvas tells: every gesture once, in order, and answered."""

from __future__ import annotations

from collections.abc import Sequence

from beltmask.errors import BeltMaskError, ReviewError, StaleRevisionError
from beltmask.workflows.class_merges import classes_ever
from beltmask.workflows.gestures import Gesture, GestureKind, apply_gestures
from beltmask.workflows.images import image_known_as
from components import state
from components.canvas.told import Told, read_tail
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
    told = read_tail(tail)
    answered = set(state.canvas_answered.get())
    fresh = [each for each in told if each.id not in answered]
    answers = dict[str, _Answer]()
    approved = list[int]()
    for image_id in dict.fromkeys(each.image_id for each in fresh):
        new = _answers([each for each in fresh if each.image_id == image_id])
        answers |= new
        approved += [image_id] if _approves(fresh, image_id, new) else []
    _remember([each.id for each in told], answers)
    return tuple(approved)


def has_unanswered(tail: object) -> bool:
    answered = set(state.canvas_answered.get())
    return any(each.id not in answered for each in read_tail(tail))


def _answers(told: Sequence[Told]) -> dict[str, _Answer]:
    """What became of each gesture on one image, by its id."""
    image = image_known_as(told[0].image_id, told[0].sha, services=services())
    if image is None:
        return {}
    classes = classes_ever(image.project_id, services=services())
    gestures, answers = list[Gesture](), dict[str, _Answer]()
    for each in told:
        try:
            gestures.append(each.gesture(classes, image.size))
        except ReviewError as error:
            answers[each.id] = _refusal(error)
    refused = apply_gestures(image.id, gestures, services=services()).refused
    made = {gesture.id: _MADE for gesture in gestures}
    return answers | made | {name: _refusal(error) for name, error in refused.items()}


def _refusal(error: BeltMaskError) -> _Answer:
    return error.explanation, error.objects if isinstance(error, StaleRevisionError) else ()


def _approves(told: Sequence[Told], image_id: int, answers: dict[str, _Answer]) -> bool:
    return any(
        each.image_id == image_id
        and each.content.get("kind") == GestureKind.APPROVE
        and answers.get(each.id) == _MADE
        for each in told
    )


def _remember(told: Sequence[str], answers: dict[str, _Answer]) -> None:
    """Keep the answers for as long as the browser asks for them."""
    answered = set(state.canvas_answered.get()) | answers.keys()
    refused = {name: (why, about) for name, why, about in state.canvas_refused.get()}
    refused |= {name: answer for name, answer in answers.items() if answer != _MADE}
    state.canvas_answered.set(tuple(each for each in told if each in answered))
    state.canvas_refused.set(tuple((each, *refused[each]) for each in told if each in refused))
