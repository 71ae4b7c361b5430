"""A limit on the whole of one answer. The transport's own timeout only limits each read, so a
server that sends one byte now and then would hold a thread for ever.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx2

MAX_BODY = 64_000_000


def deadline_hooks(timeout: float) -> dict[str, list[Any]]:
    """Event hooks for an httpx2 client: an answer that takes more than ``timeout`` seconds in
    all, or is larger than ``MAX_BODY`` bytes, ends in an httpx2 error.
    """

    def start(request: httpx2.Request) -> None:
        request.extensions["beltmask_deadline"] = time.monotonic() + timeout

    def watch(response: httpx2.Response) -> None:
        deadline = response.request.extensions["beltmask_deadline"]
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Watched(response.stream, response.request, deadline)

    return {"request": [start], "response": [watch]}


class _Watched(httpx2.SyncByteStream):
    def __init__(
        self, stream: httpx2.SyncByteStream, request: httpx2.Request, deadline: float
    ) -> None:
        self._stream, self._request, self._deadline = stream, request, deadline

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for chunk in self._stream:
            received += len(chunk)
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("the answer took too long", request=self._request)
            if received > MAX_BODY:
                raise httpx2.ReadError("the answer is too large", request=self._request)
            yield chunk

    def close(self) -> None:
        self._stream.close()
