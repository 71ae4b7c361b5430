"""An answer that has come -> what is told about it: objects, problems, the reply."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime

from beltmask.detectors.base import (
    Event,
    ProblemFound,
    ReplyFinished,
)
from beltmask.detectors.gemini.endings import early_end, left_to_tell
from beltmask.detectors.gemini.ladder import Outcome, Way
from beltmask.detectors.gemini.listening import Heard
from beltmask.detectors.gemini.models import ModelCapabilities
from beltmask.detectors.gemini.reply import ReadReply, read_reply
from beltmask.detectors.gemini.request import GeminiRequest
from beltmask.detectors.gemini.wordless import without_words
from beltmask.detectors.llm.model_names import may_be_same_model
from beltmask.errors import AnswerBlockedError, EmptyReplyError, UnreadableReplyError
from beltmask.model import Problem, Reply

_WHOLE = {None, "STOP"}


def told(
    request: GeminiRequest, heard: Heard, row: ModelCapabilities, *, way: Way
) -> Generator[Event, None, Outcome]:
    """The objects and problems of an answer, then the reply; returns what it left."""
    about = list(_about_the_answer(request, heard))
    try:
        read = _read(heard, object_cap=request.object_cap)
    except (UnreadableReplyError, AnswerBlockedError) as error:
        yield from map(ProblemFound, about)
        yield ReplyFinished(_reply(request, heard, row))
        return Outcome(way, None, error=heard.failure or error)
    yield from left_to_tell(heard, read)
    problems = [*read.problems, *about]
    yield from map(ProblemFound, problems)
    yield ReplyFinished(_reply(request, heard, row, read=read))
    kinds = frozenset(problem.kind for problem in problems)
    return Outcome(way, read, kinds, broken_by=heard.failure)


def _read(heard: Heard, *, object_cap: int) -> ReadReply:
    answer = heard.answer
    if answer.text.strip():
        read = read_reply(
            answer.text,
            size=heard.reader.size,
            object_cap=object_cap,
            decoded=heard.reader.decoded,
        )
        return heard.reader.finished(read)
    if heard.failure is not None:
        raise EmptyReplyError("nothing came", reply=answer.raw)
    raise without_words(answer)


def _about_the_answer(request: GeminiRequest, heard: Heard) -> Iterator[Problem]:
    """What the text does not tell: another model answered, or it stopped early, and why."""
    answer = heard.answer
    version = (answer.model_version or request.model).removeprefix("models/")
    moves = request.model.endswith("-latest")
    if not moves and not may_be_same_model(request.model, version):
        yield Problem("rerouted", f"{request.model} was asked, {version} answered")
    yield from early_end(heard, whole=_WHOLE)


def _reply(
    request: GeminiRequest, heard: Heard, row: ModelCapabilities, *, read: ReadReply | None = None
) -> Reply:
    answer = heard.answer
    cost = row.cost(answer.usage, day=datetime.now(UTC).date())
    return Reply(
        raw=answer.raw,
        request=request.hash,
        dialect="none" if read is None else read.dialect,
        finish_reason=answer.finish_reason or answer.block_reason,
        model_version=answer.model_version,
        usage=answer.usage,
        latency=answer.latency,
        cost=0.0 if heard.cached else cost,
        cached=heard.cached,
        readable=read is not None,
        object_cap=request.object_cap,
    )
