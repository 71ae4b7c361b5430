"""An HTTP server on this machine that runs in a thread of its own while a test needs it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class RawAnswer:
    """What is sent as it is, however broken: ``chunks`` of one body."""

    chunks: Sequence[bytes] = ()
    status: int = 200
    kind: str = "text/event-stream"
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.send_response(self.status)
        own = {"Content-Type": self.kind, "Connection": "close", "Transfer-Encoding": "chunked"}
        for name, value in {**own, **self.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        for chunk in filter(None, self.chunks):
            handler.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")


class LocalServer:
    """Runs between ``__enter__`` and ``__exit__``; ``closing`` ends whoever waits by then."""

    def __init__(self, http: ThreadingHTTPServer) -> None:
        self.closing = threading.Event()
        self._http = http
        self._thread = threading.Thread(target=http.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
