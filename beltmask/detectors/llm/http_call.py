"""One try over HTTP, whoever is asked: what came of the answer, within limits of time and size.

The transport's own timeout only limits each read, so a server that sends one byte now and then
would hold a thread for ever.
"""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Generic, TypeVar

import httpx2

from beltmask.detectors.llm.error_bodies import error_in_answer, parsed_json
from beltmask.detectors.llm.redaction import Failure, Redactor, secrets_in
from beltmask.detectors.llm.session import ReceivedAnswer
from beltmask.model import Usage

Reframed = Callable[[Iterable[bytes]], Iterator[bytes]]
_NOTHING_SENT = Redactor(())
MAX_BODY = 64_000_000
Incoming = TypeVar("Incoming", bound="IncomingAnswer")
for _name, _level in (("httpcore2", logging.INFO), ("httpx2", logging.WARNING)):
    logging.getLogger(_name).setLevel(_level)  # below, they log what a service may echo


class IncomingAnswer:
    """What a service has answered so far; its own response fills in the fields."""

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.block_reason: str | None = None
        self.model_version: str | None = None
        self.usage = Usage()
        self.refusal = ""
        self.temperature_refused = False
        self._pieces: list[str] = []

    def add(self, text: str) -> str:
        """Keep more of the model's text; returns it without what no file could hold."""
        self._pieces.append(text.encode("utf-8", "replace").decode())
        return self._pieces[-1]

    @property
    def is_empty(self) -> bool:
        """Whether no text of the model came."""
        return not any(self._pieces)

    def answer(self, *, body: str, latency: float) -> ReceivedAnswer:
        """What has come; without any text, ``raw`` is the whole ``body``."""
        text = "".join(self._pieces)
        return ReceivedAnswer(
            raw=text or body,
            text=text,
            finish_reason=self.finish_reason,
            block_reason=self.block_reason,
            model_version=self.model_version,
            usage=self.usage,
            latency=latency,
            refusal=self.refusal,
            temperature_refused=self.temperature_refused,
        )


class Watch:
    """Event hooks for an httpx2 client, shared by threads that each wait for one answer.

    An answer that takes longer than was allowed, or has more than ``MAX_BODY`` bytes, ends in
    an httpx2 error. Answers from a path that ends in ``streamed`` are left to be read bit by bit,
    through ``reframed`` where they are good. What was sent to prove who asks is remembered, to
    be hidden in what comes back.
    """

    def __init__(self, *, streamed: str, reframed: Reframed | None = None) -> None:
        self._here, self._streamed, self._reframed = threading.local(), streamed, reframed

    @property
    def hooks(self) -> dict[str, list[Any]]:
        return {"request": [self._start], "response": [self._read]}

    @property
    def body(self) -> str:
        """The last answer this thread received, as it came but for secrets of the request."""
        body = b"".join(getattr(self._here, "pieces", [])).decode("utf-8", "replace")
        return self.redactor.clean(body)

    @property
    def redactor(self) -> Redactor:
        """Hides what this thread's last request proved with who asks."""
        known: Redactor = getattr(self._here, "redactor", _NOTHING_SENT)
        return known

    @property
    def holds_error(self) -> bool:
        """Whether the last answer is an error, whatever its status says."""
        return error_in_answer(parsed_json(self.body)) is not None

    def cleaned(self, pieces: Iterator[str]) -> Iterator[str]:
        """The model's text without secrets; with its first piece the request has been sent."""
        for first in pieces:
            yield from self.redactor.stream(chain([first], pieces))

    def allow(self, seconds: float) -> None:
        """How long this thread's next answers may take, from the request to the last byte."""
        self._here.seconds = seconds
        self._here.pieces, self._here.response = [], None

    def hang_up(self) -> None:
        """Close the connection this thread is reading from."""
        response = getattr(self._here, "response", None)
        if response is not None:
            response.close()

    def _start(self, request: httpx2.Request) -> None:
        self._here.pieces = []
        secrets = secrets_in(request.headers)
        if not self.redactor.hides(secrets):
            self._here.redactor = Redactor(secrets)
        self._here.until = time.monotonic() + self._here.seconds

    def _read(self, response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            until, kept = self._here.until, self._here.pieces
            response.stream = _Watched(response.stream, response.request, until=until, kept=kept)
        self._here.response = response
        if not response.request.url.path.endswith(self._streamed):
            response.read()
        elif self._reframed and isinstance(response.stream, _Watched) and _is_plain(response):
            response.stream = _Reframed(response.stream, self._reframed)


class HttpCall(ABC, Generic[Incoming]):
    """One try: iterate for the model's text as it comes, then ask for the ``answer``."""

    def __init__(self, incoming: Incoming, *, watch: Watch, timeout: float) -> None:
        self._incoming, self._watch, self._timeout = incoming, watch, timeout
        self._started = time.monotonic()

    def __iter__(self) -> Iterator[str]:
        """
        Raises:
            BeltMaskError: As the service's ``failures`` map what went wrong.
        """
        yield from self._watch.cleaned(self._text())

    @abstractmethod
    def _text(self) -> Iterator[str]:
        """The model's text as it comes, and as the service sent it."""

    @property
    def answer(self) -> ReceivedAnswer:
        """What has come so far."""
        latency = time.monotonic() - self._started
        body = self._watch.body if self._incoming.is_empty else ""
        answer = self._incoming.answer(body=body, latency=latency)
        return answer.without_secrets(self._watch.redactor)

    def hang_up(self) -> None:
        """Take no more of a stream: what is not sent is not paid for."""
        self._watch.hang_up()

    def _cleaned(self, failure: Failure) -> Failure:
        """The same error, whatever the service echoed hidden."""
        return self._watch.redactor.cleaned(failure)


def _is_plain(response: httpx2.Response) -> bool:
    coded = response.headers.get("content-encoding", "identity").strip().lower()
    return response.is_success and coded in {"", "identity"}


class _Reframed(httpx2.SyncByteStream):
    """A stream read in other pieces than it came in."""

    def __init__(self, stream: httpx2.SyncByteStream, reframed: Reframed) -> None:
        self._stream, self._reframed = stream, reframed

    def __iter__(self) -> Iterator[bytes]:
        yield from self._reframed(self._stream)

    def close(self) -> None:
        self._stream.close()


class _Watched(httpx2.SyncByteStream):
    def __init__(
        self,
        stream: httpx2.SyncByteStream,
        request: httpx2.Request,
        *,
        until: float,
        kept: list[bytes],
    ) -> None:
        self._stream, self._request = stream, request
        self._until, self._kept = until, kept

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for chunk in self._stream:
            received += len(chunk)
            self._kept.append(chunk)
            if time.monotonic() > self._until:
                raise httpx2.ReadTimeout("the answer took too long", request=self._request)
            if received > MAX_BODY:
                raise httpx2.ReadError("the answer is too large", request=self._request)
            yield chunk

    def close(self) -> None:
        self._stream.close()
