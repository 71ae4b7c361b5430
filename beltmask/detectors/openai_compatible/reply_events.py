"""An answer that has come -> what is told about it: objects, problems, the reply."""

from __future__ import annotations

from collections.abc import Iterator

from beltmask.detectors.base import (
    Event,
    ProblemFound,
    ReplyFinished,
)
from beltmask.detectors.llm.answer_end import early_end, left_to_tell
from beltmask.detectors.llm.model_names import may_be_same_model
from beltmask.detectors.llm.session import Received, ReceivedAnswer
from beltmask.detectors.openai_compatible.request import ChatRequest
from beltmask.detectors.replies.decoded_objects import DecodedObjects
from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.units import Convention
from beltmask.errors import AnswerBlockedError, DetectorError, EmptyReplyError, UnreadableReplyError
from beltmask.model import Problem, Reply, Size

_WHOLE = {None, "stop", "eos"}
_NO_TOKENS = {"length", "max_tokens"}
_THINKING = "Choose a model that thinks less, ask for fewer objects, or give it a longer context."
_OPENS, _CLOSES = "<think>", "</think>"


def reply_events(
    request: ChatRequest, received: Received, convention: Convention, *, cost: float | None
) -> Iterator[Event]:
    """The objects and problems of an answer, then its reply. ``cost`` is in USD.

    Raises:
        DetectorError: Nothing in the answer can be read; its reply was told before.
    """
    about = list(_about_the_answer(request, received))
    try:
        read = _read(received, convention, object_cap=request.object_cap)
    except DetectorError as error:
        yield from map(ProblemFound, about)
        yield ReplyFinished(_reply(request, received, cost=cost))
        raise received.failure or error from None
    yield from left_to_tell(received, read)
    yield from map(ProblemFound, (*read.problems, *about))
    yield ReplyFinished(_reply(request, received, cost=cost, read=read))


def read_words(
    text: str,
    *,
    size: Size,
    convention: Convention,
    object_cap: int | None,
    decoded: DecodedObjects | None = None,
) -> ReadReply:
    """What the model's words say about a picture of ``size``, its thoughts left aside.

    ``decoded`` is what was decoded of them while they came.

    Raises:
        UnreadableReplyError: As ``reader.read_reply``.
    """
    said = without_thoughts(text)
    try:
        return read_reply(
            said, size=size, object_cap=object_cap, convention=convention, decoded=decoded
        )
    except UnreadableReplyError as error:
        error.reply = text
        raise


def without_thoughts(text: str) -> str:
    """Blanks in place of what local servers leave of a model's thinking; places stay as they are.

    Templates often begin inside a thought, so that only its end is in the text.
    """
    end = text.rfind(_CLOSES)
    if end >= 0:
        return " " * (end + len(_CLOSES)) + text[end + len(_CLOSES) :]
    return " " * len(text) if text.lstrip().startswith(_OPENS) else text


def _read(received: Received, convention: Convention, *, object_cap: int) -> ReadReply:
    answer = received.answer
    if not without_thoughts(answer.text).strip():
        raise _without_words(answer)
    read = read_words(
        answer.text,
        size=received.reader.size,
        convention=convention,
        object_cap=object_cap,
        decoded=received.reader.decoded,
    )
    return received.reader.finished(read)


def _without_words(answer: ReceivedAnswer) -> DetectorError:
    if answer.block_reason:
        said = " ".join(answer.block_reason.split())[:300]
        return AnswerBlockedError(f"the model refused to answer: {said}")
    if answer.finish_reason == "content_filter":
        return AnswerBlockedError("the server's content filter stopped the answer")
    if answer.finish_reason in _NO_TOKENS or answer.text:
        said = "thinking used up every token of the answer"
        return EmptyReplyError(said, reply=answer.raw, hint=_THINKING)
    given = answer.finish_reason or "no reason given"
    return EmptyReplyError(f"the server's answer holds no text ({given})", reply=answer.raw)


def _about_the_answer(request: ChatRequest, received: Received) -> Iterator[Problem]:
    """What the text does not tell: another model answered, or it stopped early, and why."""
    answer = received.answer
    if answer.model_version and not may_be_same_model(request.model, answer.model_version):
        said = f"{request.model} was asked, {answer.model_version} answered"
        yield Problem("rerouted", said)
    yield from early_end(received, whole=_WHOLE)


def _reply(
    request: ChatRequest, received: Received, *, cost: float | None, read: ReadReply | None = None
) -> Reply:
    answer = received.answer
    return Reply(
        raw=answer.raw,
        request=request.hash,
        dialect="none" if read is None else read.dialect,
        finish_reason=answer.finish_reason or ("refusal" if answer.block_reason else None),
        model_version=answer.model_version,
        usage=answer.usage,
        latency=answer.latency,
        cost=0.0 if received.cached else cost,
        cached=received.cached,
        readable=read is not None,
        object_cap=request.object_cap,
    )
