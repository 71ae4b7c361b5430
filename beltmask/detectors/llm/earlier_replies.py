"""Replies that were kept -> the events they are read as today, as if they had just come."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Protocol

from beltmask.detectors.base import (
    EarlierAnswer,
    EarlierReply,
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ProblemFound,
    ReplyFinished,
)
from beltmask.detectors.llm.strategy import FallbackStep, StepOutcome, settled
from beltmask.detectors.replies.reader import ReadReply
from beltmask.detectors.replies.rebuilt_masks import with_rebuilt_masks
from beltmask.errors import AnswerBlockedError, BeltMaskError, UnreadableReplyError
from beltmask.model import Pixels, Problem

_FROM_THE_SERVICE = {"rerouted", "cut_off", "setting_refused"}


class ReadText(Protocol):
    """Reads a model's text, which was asked for ``object_cap`` objects at most."""

    def __call__(self, text: str, /, *, object_cap: int | None) -> ReadReply: ...


def read_again(
    answer: EarlierAnswer, pixels: Pixels, read: ReadText, *, object_cap: int | None = None
) -> Iterator[Event]:
    """The events of all replies about one picture; of several the best one counts.

    Args:
        answer: Its replies are about all of the picture.
        pixels: The picture, RGB.
        read: How their text is read.
        object_cap: What the first was asked for, where that was not kept with it.

    Raises:
        UnreadableReplyError, AnswerBlockedError: Nothing can be read in any of them.
    """
    outcomes: list[StepOutcome] = []
    for earlier in answer.replies:
        if outcomes:
            yield ObjectsWithdrawn()
        kept_cap = earlier.reply.object_cap
        cap = object_cap if kept_cap is None and not outcomes else kept_cap
        outcomes.append((yield from _outcome(earlier, pixels, read, cap)))
    yield from settled(outcomes)


def _outcome(
    earlier: EarlierReply, pixels: Pixels, read: ReadText, cap: int | None
) -> Generator[Event, None, StepOutcome]:
    error: BeltMaskError | None = None
    found: ReadReply | None = None
    problems = earlier.problems
    try:
        found = with_rebuilt_masks(read(earlier.reply.raw, object_cap=cap), pixels)
    except (UnreadableReplyError, AnswerBlockedError) as unread:
        error = unread
    else:
        yield from map(ObjectFound, found.findings)
        problems = (*found.problems, *_from_the_service(earlier, found))
    yield from map(ProblemFound, problems)
    reply = replace(earlier.reply, latency=0.0, cost=None, cached=True)
    if found is not None:
        reply = replace(reply, dialect=found.dialect, readable=True)
    yield ReplyFinished(reply)
    kinds = frozenset(problem.kind for problem in problems)
    return StepOutcome(FallbackStep.FIRST, found, kinds, error)


def _from_the_service(earlier: EarlierReply, read: ReadReply) -> list[Problem]:
    """Problems that were never in the text: they are as true as they were."""
    return [
        problem
        for problem in earlier.problems
        if _is_from_the_service(problem) and _words(problem) not in map(_words, read.problems)
    ]


def _words(problem: Problem) -> tuple[str, str, int | None, tuple[int, int] | None]:
    """What was kept before there were codes is known again by its sentence."""
    return (problem.kind, problem.detail, problem.object, problem.span)


def _is_from_the_service(problem: Problem) -> bool:
    """A loop that somebody stopped listening to is about no object; one that was read is."""
    if problem.kind == "loop":
        return problem.object is None
    where = (problem.object, problem.span)
    return problem.kind in _FROM_THE_SERVICE and where == (None, None)
