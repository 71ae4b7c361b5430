"""An answer that has come -> what is told about it: objects, problems, the reply."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime

from beltmask.detectors.base import (
    Event,
    ProblemFound,
    ReplyFinished,
)
from beltmask.detectors.gemini.empty_answers import without_words
from beltmask.detectors.gemini.request import GeminiRequest
from beltmask.detectors.llm.answer_end import early_end, left_to_tell
from beltmask.detectors.llm.model_names import may_be_same_model
from beltmask.detectors.llm.models import ModelCapabilities
from beltmask.detectors.llm.session import Received
from beltmask.detectors.llm.strategy import FallbackStep, StepOutcome
from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.errors import AnswerBlockedError, EmptyReplyError, UnreadableReplyError
from beltmask.model import Problem, Reply

_WHOLE = {None, "STOP"}


def reply_events(
    request: GeminiRequest, received: Received, row: ModelCapabilities, *, way: FallbackStep
) -> Generator[Event, None, StepOutcome]:
    """The objects and problems of an answer, then the reply; returns what it left."""
    about = list(_about_the_answer(request, received))
    try:
        read = _read(received, object_cap=request.object_cap)
    except (UnreadableReplyError, AnswerBlockedError) as error:
        yield from map(ProblemFound, about)
        yield ReplyFinished(_reply(request, received, row))
        return StepOutcome(way, None, error=received.failure or error)
    yield from left_to_tell(received, read)
    problems = [*read.problems, *about]
    yield from map(ProblemFound, problems)
    yield ReplyFinished(_reply(request, received, row, read=read))
    kinds = frozenset(problem.kind for problem in problems)
    return StepOutcome(way, read, kinds, broken_by=received.failure)


def _read(received: Received, *, object_cap: int) -> ReadReply:
    answer = received.answer
    if answer.text.strip():
        read = read_reply(
            answer.text,
            size=received.reader.size,
            object_cap=object_cap,
            decoded=received.reader.decoded,
        )
        return received.reader.finished(read)
    if received.failure is not None:
        raise EmptyReplyError("nothing came", reply=answer.raw)
    raise without_words(answer)


def _about_the_answer(request: GeminiRequest, received: Received) -> Iterator[Problem]:
    """What the text does not tell: another model answered, or it stopped early, and why."""
    answer = received.answer
    version = (answer.model_version or request.model).removeprefix("models/")
    moves = request.model.endswith("-latest")
    if not moves and not may_be_same_model(request.model, version):
        yield Problem("rerouted", f"{request.model} was asked, {version} answered")
    yield from early_end(received, whole=_WHOLE)


def _reply(
    request: GeminiRequest,
    received: Received,
    row: ModelCapabilities,
    *,
    read: ReadReply | None = None,
) -> Reply:
    answer = received.answer
    cost = row.cost(answer.usage, day=datetime.now(UTC).date())
    return Reply(
        raw=answer.raw,
        request=request.hash,
        dialect="none" if read is None else read.dialect,
        finish_reason=answer.finish_reason or answer.block_reason,
        model_version=answer.model_version,
        usage=answer.usage,
        latency=answer.latency,
        cost=0.0 if received.cached else cost,
        cached=received.cached,
        readable=read is not None,
        object_cap=request.object_cap,
    )
