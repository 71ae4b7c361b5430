"""An HTTP server on this machine that runs in a thread of its own while a test needs it."""

from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Self


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
