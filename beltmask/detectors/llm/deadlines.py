"""A limit on the whole of one answer, in time and size.

The transport's own timeout only limits each read, so a server that sends one byte now and then
would hold a thread for ever.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import httpx2

from beltmask.detectors.llm.error_bodies import error_in_answer, parsed_json
from beltmask.detectors.llm.redaction import Redactor, secrets_in

Reframed = Callable[[Iterable[bytes]], Iterator[bytes]]
_NOTHING_SENT = Redactor(())
MAX_BODY = 64_000_000
_STREAMED = ":streamGenerateContent"
for _name, _level in (("httpcore2", logging.INFO), ("httpx2", logging.WARNING)):
    logging.getLogger(_name).setLevel(_level)  # below, they log what a service may echo


class Watch:
    """Event hooks for an httpx2 client, shared by threads that each wait for one answer.

    An answer that takes longer than was allowed, or has more than ``MAX_BODY`` bytes, ends in
    an httpx2 error. Answers from a path that ends in ``streamed`` are left to be read bit by bit,
    through ``reframed`` where they are good. What was sent to prove who asks is remembered, to
    be hidden in what comes back.
    """

    def __init__(self, *, streamed: str = _STREAMED, reframed: Reframed | None = None) -> None:
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

    def cleaned(self, words: Iterator[str]) -> Iterator[str]:
        """The model's words without secrets; with the first of them the request has been sent."""
        for first in words:
            yield from self.redactor.stream(chain([first], words))

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
