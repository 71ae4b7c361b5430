"""Gemini as a detector. Light to import: the SDK is loaded with the first request."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr

from beltmask.detectors.base import Availability, Event, ProblemFound, ReplyFinished, RequestSent
from beltmask.detectors.gemini.answers import events_of, with_remade_masks
from beltmask.detectors.gemini.models import ModelTable, shipped_models
from beltmask.detectors.gemini.reply import ReadReply, read_reply
from beltmask.detectors.gemini.request import GeminiRequest, build_request
from beltmask.errors import (
    AnswerBlockedError,
    EmptyReplyError,
    NoKeyError,
    UnreadableReplyError,
)
from beltmask.model import Picture, Problem, Prompt, Reply

if TYPE_CHECKING:
    from beltmask.detectors.gemini.transport import Answer, Transport

_SAME_MODEL = re.compile(r"(?:-(?:preview|exp|latest|\d[\d-]*))*")
_NO_KEY = "Gemini has no key: set GEMINI_API_KEY in the environment or in .env."


class GeminiDetector:
    """Asks Gemini once per picture.

    ``timeout`` is in seconds and limits each try; ``base_url`` None is Google's own service.
    ``models`` says what each model can do; ``sleep`` waits between tries.
    """

    name = "gemini"

    def __init__(
        self,
        *,
        api_key: SecretStr | None,
        base_url: str | None = None,
        timeout: float = 60.0,
        models: ModelTable | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._key = _usable(api_key)
        self._base_url, self._timeout, self._sleep = base_url, timeout, sleep
        self._models = models
        self._transport: Transport | None = None
        self._lock = threading.Lock()

    def availability(self) -> Availability:
        if self._key is None:
            return Availability(ready=False, note=_NO_KEY)
        where = f" at {self._base_url}" if self._base_url else ""
        return Availability(ready=True, note=f"Gemini is ready{where}.")

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        """The events of one request, as ``base.Detector`` says.

        Raises:
            NoKeyError: There is no key.
            DetectorError: See ``beltmask.errors``; nothing is raised that is not in its tree.
        """
        if self._key is None:
            raise NoKeyError("Gemini has no key that can be used")
        row = (self._models or shipped_models()).find(prompt.model)
        request = build_request(picture, prompt, row=row)
        yield RequestSent(request.hash)
        try:
            answer = self._connected(self._key).ask(request)
        except UnreadableReplyError as error:
            yield ReplyFinished(Reply(error.reply, request.hash))
            raise
        cost = row.cost(answer.usage, day=datetime.now(UTC).date())
        yield from _events(picture, request, answer, cost)

    def close(self) -> None:
        """Let the connections go; the next request opens new ones."""
        with self._lock:
            if self._transport is not None:
                self._transport.close()
            self._transport = None

    def _connected(self, key: SecretStr) -> Transport:
        with self._lock:
            if self._transport is None:
                from beltmask.detectors.gemini.transport import Transport  # noqa: PLC0415

                self._transport = Transport(
                    api_key=key,
                    base_url=self._base_url,
                    timeout=self._timeout,
                    sleep=self._sleep,
                )
            return self._transport


def _events(
    picture: Picture, request: GeminiRequest, answer: Answer, cost: float | None
) -> Iterator[Event]:
    told = list(_about_the_answer(request, answer))
    try:
        read = with_remade_masks(_read(answer, picture), picture.pixels)
    except (UnreadableReplyError, AnswerBlockedError):
        yield from map(ProblemFound, told)
        yield ReplyFinished(_reply(request, answer, cost))
        raise
    yield from events_of(read)
    known = {problem.kind for problem in read.problems}
    yield from (ProblemFound(problem) for problem in told if problem.kind not in known)
    yield ReplyFinished(_reply(request, answer, cost, dialect=read.dialect))


def _read(answer: Answer, picture: Picture) -> ReadReply:
    if answer.text.strip():
        return read_reply(answer.text, size=picture.size)
    if answer.blocked_by is not None:
        raise AnswerBlockedError(f"Gemini blocked the question or the answer: {answer.blocked_by}")
    if answer.finish_reason == "MAX_TOKENS":
        raise EmptyReplyError("thinking used up every token of the answer", reply=answer.raw)
    reason = answer.finish_reason or "no reason given"
    raise EmptyReplyError(f"Gemini's answer holds no text ({reason})", reply=answer.raw)


def _about_the_answer(request: GeminiRequest, answer: Answer) -> Iterator[Problem]:
    """What the service, not the text, tells: another model answered, or it stopped early."""
    version = (answer.model_version or request.model).removeprefix("models/")
    same = version.startswith(request.model) and _SAME_MODEL.fullmatch(
        version[len(request.model) :]
    )
    if not same and not request.model.endswith("-latest"):
        yield Problem("rerouted", f"{request.model} was asked, {version} answered")
    if answer.text and answer.finish_reason not in {None, "STOP"}:
        yield Problem("cut_off", f"the answer was stopped: {answer.finish_reason}")


def _reply(
    request: GeminiRequest, answer: Answer, cost: float | None, *, dialect: str = "none"
) -> Reply:
    return Reply(
        raw=answer.raw,
        request=request.hash,
        dialect=dialect,
        finish_reason=answer.finish_reason or answer.block_reason,
        model_version=answer.model_version,
        usage=answer.usage,
        latency=answer.latency,
        cost=cost,
    )


def _usable(key: SecretStr | None) -> SecretStr | None:
    """The key without the blanks a copy brings along; None when nothing is left of it."""
    stripped = key.get_secret_value().strip() if key is not None else ""
    return (
        SecretStr(stripped) if stripped.isascii() and stripped.isprintable() and stripped else None
    )
