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
_DEADLINE = "beltmask_deadline"


class Watch:
    """Event hooks for an httpx2 client; ``timeout`` is in seconds, from first byte to last.

    An answer that takes longer, or has more than ``MAX_BODY`` bytes, ends in an httpx2 error.
    """

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._here = threading.local()

    @property
    def hooks(self) -> dict[str, list[Any]]:
        return {"request": [self._start], "response": [self._read]}

    @property
    def body(self) -> str:
        """The last answer this thread received, exactly as it came."""
        return str(getattr(self._here, "body", ""))

    def _start(self, request: httpx2.Request) -> None:
        self._here.body = ""
        request.extensions[_DEADLINE] = time.monotonic() + self._timeout

    def _read(self, response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Watched(response.stream, response.request)
        response.read()
        self._here.body = response.text


class _Watched(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, request: httpx2.Request) -> None:
        self._stream, self._request = stream, request

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for chunk in self._stream:
            received += len(chunk)
            if time.monotonic() > self._request.extensions[_DEADLINE]:
                raise httpx2.ReadTimeout("the answer took too long", request=self._request)
            if received > MAX_BODY:
                raise httpx2.ReadError("the answer is too large", request=self._request)
            yield chunk

    def close(self) -> None:
        self._stream.close()
