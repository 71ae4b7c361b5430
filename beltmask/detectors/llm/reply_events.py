"""An answer that has come -> the events that report it: objects, problems, the reply."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from beltmask.detectors.base import (
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ProblemFound,
    ReplyFinished,
)
from beltmask.detectors.llm.error_bodies import excerpt
from beltmask.detectors.llm.model_names import may_be_same_model
from beltmask.detectors.llm.models import ModelCapabilities
from beltmask.detectors.llm.session import ModelRequest, Received, ReceivedAnswer
from beltmask.detectors.replies.decoded_objects import DecodedObjects
from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.streaming import LOOP_LETTERS
from beltmask.detectors.replies.units import GEMINI, Convention
from beltmask.errors import AnswerBlockedError, DetectorError, EmptyReplyError, UnreadableReplyError
from beltmask.messages import Message
from beltmask.model import Problem, Reply, Size

_SHOWN = 60
_THOUGHT_START, _THOUGHT_END = "<think>", "</think>"


@dataclass(frozen=True, slots=True)
class ServiceProfile:
    """How the answers of one service end, and how their text is written.

    ``whole`` holds the finish reasons of answers that came to their own end, ``out_of_tokens`` of
    those that became too long, ``blocking`` of those a filter stopped, each with its hint.
    ``stopped`` makes the message about the latter. With ``thinks_aloud`` the text may begin with
    the model's thoughts. ``convention`` is how places are asked for.
    """

    service: Message
    whole: frozenset[str | None]
    out_of_tokens: frozenset[str]
    blocking: Mapping[str, Message | None]
    stopped: Callable[[str], Message]
    thinking_hint: Message
    thinks_aloud: bool = False
    convention: Convention = GEMINI


def reply_events(
    request: ModelRequest, received: Received, *, profile: ServiceProfile, row: ModelCapabilities
) -> Generator[Event, None, ReadReply]:
    """The objects and problems of an answer, then the reply; returns all that was read.

    ``row`` says what the answer cost.

    Raises:
        DetectorError: Nothing in the answer can be read; its reply was reported before.
    """
    about = list(_about_the_answer(request, received, profile))
    try:
        read = _read(received, profile, object_cap=request.object_cap)
    except DetectorError as error:
        yield from map(ProblemFound, about)
        yield ReplyFinished(_reply(request, received, row))
        raise received.failure or error from None
    yield from _late_objects(received, read)
    read = replace(read, problems=(*read.problems, *about))
    yield from map(ProblemFound, read.problems)
    yield ReplyFinished(_reply(request, received, row, read=read))
    return read


def read_text(
    text: str,
    *,
    size: Size,
    profile: ServiceProfile,
    object_cap: int | None,
    decoded: DecodedObjects | None = None,
) -> ReadReply:
    """What a model's text says about a picture of ``size``, its thoughts left aside.

    ``decoded`` is what was decoded of it while it came.

    Raises:
        UnreadableReplyError: As ``reader.read_reply``.
    """
    try:
        return read_reply(
            without_thoughts(text) if profile.thinks_aloud else text,
            size=size,
            object_cap=object_cap,
            convention=profile.convention,
            decoded=decoded,
        )
    except UnreadableReplyError as error:
        error.reply = text
        raise


def without_thoughts(text: str) -> str:
    """Blanks in place of what local servers leave of a model's thinking; places stay as they are.

    Templates often begin inside a thought, so that only its end is in the text.
    """
    end = text.rfind(_THOUGHT_END)
    if end >= 0:
        end += len(_THOUGHT_END)
        return " " * end + text[end:]
    return " " * len(text) if text.lstrip().startswith(_THOUGHT_START) else text


def _read(received: Received, profile: ServiceProfile, *, object_cap: int) -> ReadReply:
    text, reader = received.answer.text, received.reader
    if not (without_thoughts(text) if profile.thinks_aloud else text).strip():
        raise _without_text(received.answer, profile)
    read = read_text(
        text, size=reader.size, profile=profile, object_cap=object_cap, decoded=reader.decoded
    )
    return reader.finished(read)


def _without_text(answer: ReceivedAnswer, profile: ServiceProfile) -> DetectorError:
    """The error for it: blocked, used up by thinking, or empty for no reason given."""
    blocked = _blocked(answer, profile)
    if blocked is not None:
        return blocked
    if answer.finish_reason in profile.out_of_tokens or answer.text.strip():
        message = Message("detectors.thinking_used_up")
        return EmptyReplyError(message, reply=answer.raw, hint=profile.thinking_hint)
    if not answer.raw.strip():
        return EmptyReplyError(
            Message("detectors.nothing_at_all", service=profile.service), reply=answer.raw
        )
    reason = answer.finish_reason or Message("detectors.no_reason_given")
    message = Message("detectors.no_text", service=profile.service, reason=reason)
    return EmptyReplyError(message, reply=answer.raw)


def _blocked(answer: ReceivedAnswer, profile: ServiceProfile) -> AnswerBlockedError | None:
    """What a filter, or the model itself, did not want to answer."""
    reason = answer.block_reason or answer.finish_reason
    if answer.refusal:
        return AnswerBlockedError(
            Message("detectors.model_refused", reason=excerpt(answer.refusal))
        )
    if answer.block_reason:
        message = Message("detectors.question_blocked", service=profile.service, reason=reason)
    elif reason in profile.blocking:
        message = profile.stopped(reason or "")
    else:
        return None
    return AnswerBlockedError(message, hint=profile.blocking.get(reason or ""))


def _late_objects(received: Received, read: ReadReply) -> Iterator[Event]:
    """The objects of the whole reply that were not reported while it came."""
    reported = len(received.reader.found)
    if not received.reader.agrees_with(read):
        yield ObjectsWithdrawn()
        reported = 0
    yield from map(ObjectFound, read.findings[reported:])


def _about_the_answer(
    request: ModelRequest, received: Received, profile: ServiceProfile
) -> Iterator[Problem]:
    """What the text does not tell: a setting was refused, another model answered, it broke off."""
    model, answered = request.model, received.answer.model_version
    if received.answer.temperature_refused:
        message = Message("detectors.temperature_refused", service=profile.service, model=model)
        yield Problem("setting_refused", message)
    if answered and not _may_answer(answered, model):
        yield Problem(
            "rerouted",
            Message("detectors.rerouted", model=model, answered=answered.removeprefix("models/")),
        )
    yield from _early_end(received, profile)


def _may_answer(answered: str, model: str) -> bool:
    """Whether it may be what ``model`` means: the latest of a family is always another."""
    return model.endswith("-latest") or may_be_same_model(model, answered)


def _early_end(received: Received, profile: ServiceProfile) -> Iterator[Problem]:
    """Why an answer stopped early, if it did."""
    answer = received.answer
    if received.reader.loop is not None:
        repeated = received.reader.loop[:_SHOWN]
        message = Message("detectors.stopped_listening", repeated=repeated)
        end = len(answer.text)
        yield Problem("loop", message, span=(max(0, end - LOOP_LETTERS), end))
    elif received.failure is not None:
        yield Problem("cut_off", Message("detectors.broke_off", reason=received.failure.message))
    elif answer.text and answer.finish_reason not in profile.whole:
        yield Problem("cut_off", Message("detectors.stopped_early", reason=answer.finish_reason))


def _reply(
    request: ModelRequest,
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
