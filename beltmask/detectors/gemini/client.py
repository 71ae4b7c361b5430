"""Gemini as a detector. Light to import: the SDK is loaded with the first request."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from pydantic import SecretStr

from beltmask.detectors.base import (
    Availability,
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ProblemFound,
    ReplyFinished,
    RequestSent,
)
from beltmask.detectors.gemini.listening import Heard, listen
from beltmask.detectors.gemini.models import ModelCapabilities, ModelTable, shipped_models
from beltmask.detectors.gemini.reply import ReadReply, read_reply
from beltmask.detectors.gemini.request import GeminiRequest, build_request
from beltmask.detectors.gemini.streaming import LOOP_LETTERS
from beltmask.detectors.gemini.tries import Patience
from beltmask.detectors.gemini.wordless import without_words
from beltmask.errors import AnswerBlockedError, EmptyReplyError, NoKeyError, UnreadableReplyError
from beltmask.model import Picture, Problem, Prompt, Reply

if TYPE_CHECKING:
    from beltmask.detectors.gemini.incoming import Answer
    from beltmask.detectors.gemini.transport import Transport

_SHOWN = 60
_SAME_MODEL = re.compile(r"(?:-(?:preview|exp|latest|\d[\d-]*))*")
_NO_KEY = "Gemini has no key: set GEMINI_API_KEY in the environment or in .env."


class GeminiDetector:
    """Asks Gemini about a picture.

    ``timeout`` and ``deadline`` are in seconds: the first limits each try, the second one
    picture with all its tries and waits. ``base_url`` None is Google's own service.
    ``models`` says what each model can do. With ``streaming``, objects are told as they come
    and a model that repeats itself is stopped. ``sleep`` waits between tries, by ``clock``.
    """

    name = "gemini"

    def __init__(
        self,
        *,
        api_key: SecretStr | None,
        base_url: str | None = None,
        timeout: float = 60.0,
        deadline: float = 300.0,
        streaming: bool = True,
        models: ModelTable | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._key = _usable(api_key)
        self._base_url, self._timeout, self._streaming = base_url, timeout, streaming
        self._patience = partial(Patience, deadline, sleep=sleep, clock=clock)
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
        transport, patience = self._connected(self._key), self._patience()
        heard = yield from listen(transport, request, picture=picture, patience=patience)
        yield from _events(request, heard, row)

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
                    streaming=self._streaming,
                )
            return self._transport


def _events(request: GeminiRequest, heard: Heard, row: ModelCapabilities) -> Iterator[Event]:
    cost = row.cost(heard.answer.usage, day=datetime.now(UTC).date())
    told = list(_about_the_answer(request, heard))
    try:
        read = _read(heard)
    except (UnreadableReplyError, AnswerBlockedError) as error:
        yield from map(ProblemFound, told)
        yield ReplyFinished(_reply(request, heard.answer, cost))
        raise heard.failure or error from None
    yield from _corrected(heard, read)
    known = {problem.kind for problem in read.problems}
    yield from map(ProblemFound, read.problems)
    yield from (ProblemFound(problem) for problem in told if problem.kind not in known)
    yield ReplyFinished(_reply(request, heard.answer, cost, dialect=read.dialect))


def _corrected(heard: Heard, read: ReadReply) -> Iterator[Event]:
    """The objects of the whole reply that were not told while it came."""
    told = len(heard.reader.found)
    if not heard.reader.agrees_with(read):
        yield ObjectsWithdrawn()
        told = 0
    yield from map(ObjectFound, read.findings[told:])


def _read(heard: Heard) -> ReadReply:
    answer = heard.answer
    if answer.text.strip():
        return heard.reader.finished(read_reply(answer.text, size=heard.reader.size))
    if heard.failure is not None:
        raise EmptyReplyError("nothing came", reply=answer.raw)
    raise without_words(answer)


def _about_the_answer(request: GeminiRequest, heard: Heard) -> Iterator[Problem]:
    """What the text does not tell: another model answered, or it stopped early, and why."""
    answer = heard.answer
    version = (answer.model_version or request.model).removeprefix("models/")
    same = version.startswith(request.model) and _SAME_MODEL.fullmatch(
        version[len(request.model) :]
    )
    if not same and not request.model.endswith("-latest"):
        yield Problem("rerouted", f"{request.model} was asked, {version} answered")
    if heard.reader.loop is not None:
        said = f"the model repeated {heard.reader.loop[:_SHOWN]!r}; BeltMask stopped listening"
        yield Problem("loop", said, span=_tail_of(answer.text))
    elif heard.failure is not None:
        yield Problem("cut_off", f"the answer broke off: {heard.failure}")
    elif answer.text and answer.finish_reason not in {None, "STOP"}:
        yield Problem("cut_off", f"the answer was stopped: {answer.finish_reason}")


def _tail_of(text: str) -> tuple[int, int]:
    return (max(0, len(text) - LOOP_LETTERS), len(text))


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
