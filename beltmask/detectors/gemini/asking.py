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
from beltmask.detectors.gemini.ladder import Outcome, Way, best_of, ways
from beltmask.detectors.gemini.listening import Heard, listen, remembered
from beltmask.detectors.gemini.models import ModelCapabilities
from beltmask.detectors.gemini.request import GeminiRequest, build_request
from beltmask.detectors.gemini.telling import told
from beltmask.detectors.gemini.tries import Patience
from beltmask.errors import BeltMaskError, BudgetSpentError
from beltmask.model import Picture, Prompt

if TYPE_CHECKING:
    from beltmask.detectors.gemini.transport import Transport


@dataclass(frozen=True, slots=True)
class Means:
    """What one picture may use. ``requests`` is how many at most, tries not counted."""

    transport: Callable[[], Transport]
    patience: Patience
    requests: int
    cache: ReplyCache | None
    budget: Budget | None


class Asking:
    """The questions about one picture."""

    def __init__(
        self, picture: Picture, prompt: Prompt, *, row: ModelCapabilities, means: Means
    ) -> None:
        self._picture, self._prompt, self._row, self._means = picture, prompt, row, means
        self._outcomes: list[Outcome] = []

    def events(self) -> Iterator[Event]:
        """
        Raises:
            DetectorError: No request left anything.
        """
        planned = list(ways(self._row, limit=self._means.requests))
        while planned and len(self._outcomes) < self._means.requests:
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

    def _may_go_on(self, last: Outcome) -> Generator[Event, None, bool]:
        """Waits where the service or the line broke the last answer off: it is asked for again."""
        tried = len(self._outcomes)
        if last.broken_by is None or tried == self._means.requests:
            return True
        delay = self._means.patience.delay_after(last.broken_by, tried=tried)
        if delay is not None:
            yield TryFailed(str(last.broken_by))
            self._means.patience.wait(delay)
        return delay is not None

    def _outcome(self, way: Way) -> Generator[Event, None, Outcome]:
        request = build_request(self._picture, self._prompt, row=self._row, way=way)
        try:
            heard = yield from self._heard(request)
            return (yield from told(request, heard, self._row, way=way))
        except BeltMaskError as error:
            return Outcome(way, None, error=error)

    def _heard(self, request: GeminiRequest) -> Generator[Event, None, Heard]:
        cache, repeat = self._means.cache, self._prompt.repeat
        kept = cache.find(request.hash, repeat=repeat) if cache else None
        if kept is not None:
            return remembered(kept, self._picture)
        self._check_budget()
        yield RequestSent(request.hash)
        transport, patience = self._means.transport(), self._means.patience
        return (yield from listen(transport, request, picture=self._picture, patience=patience))

    def _check_budget(self) -> None:
        left = self._means.budget.left() if self._means.budget else None
        if left is not None and left <= 0:
            raise BudgetSpentError("the budget of the day is spent")

    def _why_nothing(self) -> BeltMaskError:
        """The first answer's own fault; second asks only follow from it."""
        errors = [outcome.error for outcome in self._outcomes if outcome.error is not None]
        return errors[0]
