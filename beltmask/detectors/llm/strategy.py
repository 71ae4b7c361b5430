"""Everything that is asked about one picture, until an answer is good or nothing is left to try.

Every step costs a request, so it is taken only when the last one fell short.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic

from beltmask.detectors.base import (
    Budget,
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ReplyCache,
    RequestSent,
    TryFailed,
)
from beltmask.detectors.llm.models import ModelCapabilities
from beltmask.detectors.llm.reply_events import ServiceProfile, reply_events
from beltmask.detectors.llm.retry import RetryPolicy
from beltmask.detectors.llm.session import (
    AnyRequest,
    Received,
    Transport,
    receive,
    received_from_cache,
)
from beltmask.detectors.replies.reader import ReadReply
from beltmask.errors import BeltMaskError, BudgetSpentError, UnreadableReplyError
from beltmask.messages import Message
from beltmask.model import MaskSource, Picture, Prompt

_WARMER = 0.4
_WARMEST = 2.0
_USUAL = 0.5
_CUT = {"cut_off", "loop"}


class FallbackStep(StrEnum):
    """How a question is put; the value is how a person reads it."""

    FIRST = "as chosen"
    AGAIN = "in other words for fewer objects"
    POLYGONS = "for outlines"
    BOXES = "for boxes, with masks made from the picture"


@dataclass(frozen=True, slots=True, eq=False)
class StepOutcome:
    """What one request left; ``error`` says why there is no ``read``.

    ``broken_by`` is what broke the answer off: no fault of the model or the question.
    """

    step: FallbackStep
    read: ReadReply | None
    kinds: frozenset[str] = frozenset()
    error: BeltMaskError | None = None
    broken_by: BeltMaskError | None = None

    @property
    def enough(self) -> bool:
        """Whether asking again could not be expected to give more."""
        if self.read is None:
            return not isinstance(self.error, UnreadableReplyError)
        if self.broken_by is not None and not self.broken_by.retryable:
            return True
        if self.kinds & _CUT:
            return False
        bare = len(self.read.findings) - self._masks
        return self.step is FallbackStep.BOXES or 2 * bare <= len(self.read.findings)

    @property
    def worth(self) -> tuple[bool, int, bool, int]:
        """The larger, the better."""
        found = len(self.read.findings) if self.read else 0
        return (self.read is not None, found, not self.kinds & _CUT, self._masks)

    @property
    def _masks(self) -> int:
        findings = self.read.findings if self.read else ()
        return sum(finding.mask_source is MaskSource.MODEL for finding in findings)


@dataclass(frozen=True, slots=True, eq=False)
class ModelQuestion(Generic[AnyRequest]):
    """What is asked about a picture: ``request_for`` builds the request of one of the ``steps``.

    ``repeat`` as in the prompt. ``row`` is the model's, ``profile`` says how answers are read.
    """

    picture: Picture
    repeat: int
    steps: Sequence[FallbackStep]
    request_for: Callable[[FallbackStep], AnyRequest]
    row: ModelCapabilities
    profile: ServiceProfile


@dataclass(frozen=True, slots=True)
class RequestContext(Generic[AnyRequest]):
    """What one picture may use. ``requests`` is how many at most, tries not counted."""

    transport: Callable[[], Transport[AnyRequest]]
    retry: RetryPolicy
    requests: int
    cache: ReplyCache | None
    budget: Budget | None


class RequestLoop(Generic[AnyRequest]):
    """Asks about one picture, step by step."""

    def __init__(
        self, question: ModelQuestion[AnyRequest], context: RequestContext[AnyRequest]
    ) -> None:
        self._question, self._context = question, context
        self._outcomes: list[StepOutcome] = []

    def events(self) -> Iterator[Event]:
        """
        Raises:
            DetectorError: No request left anything.
        """
        planned = list(self._question.steps)
        while planned and len(self._outcomes) < self._context.requests:
            if self._outcomes:
                yield ObjectsWithdrawn()
            last = yield from self._outcome(planned[0])
            self._outcomes.append(last)
            if last.enough or not (yield from self._may_go_on(last)):
                break
            if last.broken_by is None:
                del planned[0]
        yield from settled(self._outcomes)

    def _may_go_on(self, last: StepOutcome) -> Generator[Event, None, bool]:
        """Waits where the service or the line broke the last answer off: it is asked for again."""
        tried = len(self._outcomes)
        if last.broken_by is None or tried == self._context.requests:
            return True
        delay = self._context.retry.delay_after(last.broken_by, tried=tried)
        if delay is not None:
            yield TryFailed(last.broken_by.message)
            self._context.retry.wait(delay)
        return delay is not None

    def _outcome(self, step: FallbackStep) -> Generator[Event, None, StepOutcome]:
        profile, row = self._question.profile, self._question.row
        try:
            request = self._question.request_for(step)
            received = yield from self._received(request)
            read = yield from reply_events(request, received, profile=profile, row=row)
        except BeltMaskError as error:
            return StepOutcome(step, None, error=error)
        kinds = frozenset(problem.kind for problem in read.problems)
        return StepOutcome(step, read, kinds, broken_by=received.failure)

    def _received(self, request: AnyRequest) -> Generator[Event, None, Received]:
        context, picture = self._context, self._question.picture
        convention = self._question.profile.convention
        cached = (
            context.cache.find(request.hash, repeat=self._question.repeat)
            if context.cache
            else None
        )
        if cached is not None:
            return received_from_cache(cached, picture, convention)
        self._check_budget()
        yield RequestSent(request.hash)
        return (
            yield from receive(
                context.transport(),
                request,
                picture=picture,
                retry=context.retry,
                convention=convention,
            )
        )

    def _check_budget(self) -> None:
        left = self._context.budget.left() if self._context.budget else None
        if left is not None and left <= 0:
            raise BudgetSpentError(Message("detectors.budget_spent"))


def fallback_steps(row: ModelCapabilities, *, limit: int) -> Sequence[FallbackStep]:
    """The ways to ask a model, the next one for when the last fell short; at most ``limit``."""
    outlines = () if row.ask == "polygons" else (FallbackStep.POLYGONS,)
    return (FallbackStep.FIRST, FallbackStep.AGAIN, *outlines, FallbackStep.BOXES)[:limit]


def best_of(outcomes: Sequence[StepOutcome]) -> StepOutcome:
    """The one that left most; of two alike, the later."""
    return max(reversed(outcomes), key=lambda outcome: outcome.worth)


def settled(outcomes: Sequence[StepOutcome]) -> Iterator[Event]:
    """The objects of the best outcome, unless they were told last.

    Raises:
        BeltMaskError: Nothing was left. It is the first outcome's own fault: second asks only
            follow from it.
    """
    best = best_of(outcomes)
    if best.read is None:
        raise next(outcome.error for outcome in outcomes if outcome.error is not None)
    if best is not outcomes[-1]:
        yield ObjectsWithdrawn()
        yield from map(ObjectFound, best.read.findings)


def asked_like(
    step: FallbackStep, prompt: Prompt, row: ModelCapabilities
) -> tuple[Prompt, ModelCapabilities]:
    """The prompt and the model's row with what ``step`` changes in them."""
    if step is FallbackStep.FIRST:
        return prompt, row
    if step is not FallbackStep.AGAIN:
        return prompt, row.model_copy(update={"ask": "polygons", "schema_": True})
    chosen = row.default_temperature if prompt.temperature is None else prompt.temperature
    warmer = min(_WARMEST, (_USUAL if chosen is None else chosen) + _WARMER)
    temperature = warmer if row.temperature else prompt.temperature
    return replace(prompt, object_cap=-(-prompt.object_cap // 2), temperature=temperature), row
