"""A limit on the whole of one answer, in time and size.

The transport's own timeout only limits each read, so a server that sends one byte now and then
would hold a thread for ever.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx2

MAX_BODY = 64_000_000
_STREAMED = ":streamGenerateContent"


class Watch:
    """Event hooks for an httpx2 client, shared by threads that each wait for one answer.

    An answer that takes longer than was allowed, or has more than ``MAX_BODY`` bytes, ends in
    an httpx2 error. Answers from a path that ends in ``streamed`` are left to be read bit by bit.
    """

    def __init__(self, *, streamed: str = _STREAMED) -> None:
        self._here, self._streamed = threading.local(), streamed

    @property
    def hooks(self) -> dict[str, list[Any]]:
        return {"request": [self._start], "response": [self._read]}

    @property
    def body(self) -> str:
        """The last answer this thread received, exactly as it came."""
        return b"".join(getattr(self._here, "pieces", [])).decode("utf-8", "replace")

    def allow(self, seconds: float) -> None:
        """How long this thread's next answers may take, from the request to the last byte."""
        self._here.seconds = seconds
        self._here.pieces, self._here.response = [], None

    def hang_up(self) -> None:
        """Close the connection this thread is reading from."""
        response = getattr(self._here, "response", None)
        if response is not None:
            response.close()

    def _start(self, _request: httpx2.Request) -> None:
        self._here.pieces = []
        self._here.until = time.monotonic() + self._here.seconds

    def _read(self, response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            until, kept = self._here.until, self._here.pieces
            response.stream = _Watched(response.stream, response.request, until=until, kept=kept)
        self._here.response = response
        if not response.request.url.path.endswith(self._streamed):
            response.read()


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
