"""How an answer that was read along came to its end, whoever gave it."""

from __future__ import annotations

from collections.abc import Container, Iterator

from beltmask.detectors.base import Event, ObjectFound, ObjectsWithdrawn
from beltmask.detectors.llm.session import Received
from beltmask.detectors.replies.reader import ReadReply
from beltmask.detectors.replies.streaming import LOOP_LETTERS
from beltmask.model import Problem

_SHOWN = 60


def left_to_tell(received: Received, read: ReadReply) -> Iterator[Event]:
    """The objects of the whole reply that were not told while it came."""
    told = len(received.reader.found)
    if not received.reader.agrees_with(read):
        yield ObjectsWithdrawn()
        told = 0
    yield from map(ObjectFound, read.findings[told:])


def early_end(received: Received, *, whole: Container[str | None]) -> Iterator[Problem]:
    """Why an answer stopped early, if it did. ``whole`` has the reasons of those that did not."""
    answer = received.answer
    if received.reader.loop is not None:
        said = f"the model repeated {received.reader.loop[:_SHOWN]!r}; BeltMask stopped listening"
        end = len(answer.text)
        yield Problem("loop", said, span=(max(0, end - LOOP_LETTERS), end))
    elif received.failure is not None:
        yield Problem("cut_off", f"the answer broke off: {received.failure}")
    elif answer.text and answer.finish_reason not in whole:
        yield Problem("cut_off", f"the answer was stopped: {answer.finish_reason}")
