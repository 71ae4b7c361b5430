"""Everything that is asked about one picture, until an answer is good or nothing is left to try."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beltmask.detectors.base import (
    Budget,
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ReplyCache,
    RequestSent,
    TryFailed,
)
from beltmask.detectors.gemini.reply_events import reply_events
from beltmask.detectors.gemini.request import GeminiRequest, build_request
from beltmask.detectors.llm.models import ModelCapabilities
from beltmask.detectors.llm.retry import RetryPolicy
from beltmask.detectors.llm.session import Received, receive, received_before
from beltmask.detectors.llm.strategy import FallbackStep, StepOutcome, best_of, fallback_steps
from beltmask.errors import BeltMaskError, BudgetSpentError
from beltmask.model import Picture, Prompt

if TYPE_CHECKING:
    from beltmask.detectors.gemini.transport import GeminiTransport


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What one picture may use. ``requests`` is how many at most, tries not counted."""

    transport: Callable[[], GeminiTransport]
    retry: RetryPolicy
    requests: int
    cache: ReplyCache | None
    budget: Budget | None


class RequestLoop:
    """The questions about one picture."""

    def __init__(
        self, picture: Picture, prompt: Prompt, *, row: ModelCapabilities, context: RequestContext
    ) -> None:
        self._picture, self._prompt, self._row, self._context = picture, prompt, row, context
        self._outcomes: list[StepOutcome] = []

    def events(self) -> Iterator[Event]:
        """
        Raises:
            DetectorError: No request left anything.
        """
        planned = list(fallback_steps(self._row, limit=self._context.requests))
        while planned and len(self._outcomes) < self._context.requests:
            if self._outcomes:
                yield ObjectsWithdrawn()
            last = yield from self._outcome(planned[0])
            self._outcomes.append(last)
            if last.enough or not (yield from self._may_go_on(last)):
                break
            if last.broken_by is None:
                del planned[0]
        best = best_of(self._outcomes)
        if best.read is None:
            raise self._why_nothing()
        if best is not self._outcomes[-1]:
            yield ObjectsWithdrawn()
            yield from map(ObjectFound, best.read.findings)

    def _may_go_on(self, last: StepOutcome) -> Generator[Event, None, bool]:
        """Waits where the service or the line broke the last answer off: it is asked for again."""
        tried = len(self._outcomes)
        if last.broken_by is None or tried == self._context.requests:
            return True
        delay = self._context.retry.delay_after(last.broken_by, tried=tried)
        if delay is not None:
            yield TryFailed(str(last.broken_by))
            self._context.retry.wait(delay)
        return delay is not None

    def _outcome(self, way: FallbackStep) -> Generator[Event, None, StepOutcome]:
        request = build_request(self._picture, self._prompt, row=self._row, way=way)
        try:
            received = yield from self._received(request)
            return (yield from reply_events(request, received, self._row, way=way))
        except BeltMaskError as error:
            return StepOutcome(way, None, error=error)

    def _received(self, request: GeminiRequest) -> Generator[Event, None, Received]:
        cache, repeat = self._context.cache, self._prompt.repeat
        kept = cache.find(request.hash, repeat=repeat) if cache else None
        if kept is not None:
            return received_before(kept, self._picture)
        self._check_budget()
        yield RequestSent(request.hash)
        transport, retry = self._context.transport(), self._context.retry
        return (yield from receive(transport, request, picture=self._picture, retry=retry))

    def _check_budget(self) -> None:
        left = self._context.budget.left() if self._context.budget else None
        if left is not None and left <= 0:
            raise BudgetSpentError("the budget of the day is spent")

    def _why_nothing(self) -> BeltMaskError:
        """The first answer's own fault; second asks only follow from it."""
        errors = [outcome.error for outcome in self._outcomes if outcome.error is not None]
        return errors[0]
