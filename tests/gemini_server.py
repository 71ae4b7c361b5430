"""A local server that speaks Gemini's REST API as google-genai 3.4 uses it, with faults on demand.

In a test: ``with GeminiServer(truth=[folder]) as server: ... server.url``.
By hand: ``python -m tests.gemini_server --truth FOLDER --port 8123``.

It knows the picture it is sent by its proportions and a small grey copy, and answers with the
real objects. ``dialect`` is how: "auto" (outlines when a schema was sent, else PNG masks),
"polygons", "polygons_xy", "png", "rle", "boxes", "tokens", "prose", "empty", or any text in
``text``. ``faults`` are used up one per request, then ``every_fault`` if it is set; the names
are in ``FAULTS``.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.gemini_truth import (
    KnownObject,
    KnownPicture,
    box_entry,
    png_entry,
    polygon_entry,
    read_truth,
    recognise,
    rle_entry,
    token_entry,
)

Json = dict[str, Any]
_ENTRIES: dict[str, Callable[[KnownObject, tuple[int, int]], Json]] = {
    "polygons": polygon_entry,
    "polygons_xy": lambda known, size: polygon_entry(known, size, y_first=False),
    "png": png_entry,
    "rle": rle_entry,
    "boxes": box_entry,
    "tokens": token_entry,
}
_PROSE = "I looked at the belt and there is nothing that should worry you."


def _error(code: int, status: str, message: str, *details: Json) -> tuple[int, Json]:
    error = {"code": code, "message": message, "status": status, "details": list(details)}
    return code, {"error": error}


def _retry_info(delay: str) -> Json:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


def _quota(quota: str) -> Json:
    kind = "type.googleapis.com/google.rpc.QuotaFailure"
    return {"@type": kind, "violations": [{"quotaId": quota}]}


def _stopped(reason: str, parts: list[Json] | None = None) -> Json:
    content: Json = {"role": "model"} | ({"parts": parts} if parts else {})
    return {"candidates": [{"content": content, "finishReason": reason}]}


_PER_DAY = "GenerateRequestsPerDayPerProjectPerModel"
_HALF = '{"boxes": [{"box_2d": [100, 100, 300, 300], "label": "bolt"}, {"box_2d": [1'
FAULTS: dict[str, tuple[int, Json | str]] = {
    "429": _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", _retry_info("2s")),
    "429-long": _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", _retry_info("53s")),
    "429-day": _error(429, "RESOURCE_EXHAUSTED", "Quota of the day exceeded.", _quota(_PER_DAY)),
    "500": _error(500, "INTERNAL", "An internal error has occurred."),
    "503": _error(503, "UNAVAILABLE", "The model is overloaded."),
    "503-html": (503, "<html><body>Service unavailable</body></html>"),
    "400": _error(400, "INVALID_ARGUMENT", "Thinking level MINIMAL is not supported."),
    "400-key": _error(400, "INVALID_ARGUMENT", "API key not valid. You sent {key}."),
    "403": _error(403, "PERMISSION_DENIED", "Permission denied."),
    "404": _error(404, "NOT_FOUND", "The model is not found for API version v1."),
    "blocked": (200, {"promptFeedback": {"blockReason": "SAFETY"}}),
    "safety": (200, _stopped("SAFETY")),
    "recitation": (200, _stopped("RECITATION")),
    "max_tokens": (200, _stopped("MAX_TOKENS", [{"text": _HALF}])),
    "max_tokens_no_parts": (200, _stopped("MAX_TOKENS")),
    "no_candidates": (200, {"usageMetadata": {"promptTokenCount": 5}}),
    "empty_body": (200, ""),
    "html": (200, "<html><body>Sign in to the network</body></html>"),
    "broken_json": (200, '{"candidates": [{"content": {"parts": [{"te'),
    "wrong_json": (200, '{"candidates": 5}'),
    "list_json": (200, "[1, 2]"),
}
_MOST_DRIPS = 100
_CONNECTION_FAULTS = ("hang", "slow", "disconnect")


class GeminiServer:
    """Runs in a thread of its own between ``__enter__`` and ``__exit__``.

    ``served`` counts requests by method ("generateContent", ...) and faults by name;
    ``requests`` keeps the last bodies, ``headers`` the last headers, ``keys`` the last keys.
    """

    def __init__(
        self, *, truth: Iterable[Path | KnownPicture] = (), dialect: str = "auto", port: int = 0
    ) -> None:
        self.pictures: list[KnownPicture] = []
        for known in truth:
            self.pictures += [known] if isinstance(known, KnownPicture) else read_truth(known)
        self.dialect, self.text = dialect, ""
        self.model_version: str | None = None
        self.faults: deque[str] = deque()
        self.every_fault: str | None = None
        self.served: Counter[str] = Counter()
        self.requests: deque[Json] = deque(maxlen=64)
        self.keys: deque[str] = deque(maxlen=64)
        self.closing = threading.Event()
        self._http = _Http(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

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

    def next_fault(self) -> str | None:
        fault = self.faults.popleft() if self.faults else self.every_fault
        self.served[fault or "answered"] += 1
        return fault

    def answer(self, body: Json, model: str) -> Json:
        """The whole body for a request."""
        text = self.text or self._text(body)
        usage = {"promptTokenCount": 1120, "candidatesTokenCount": len(text) // 4}
        return _stopped("STOP", [{"text": text}]) | {
            "usageMetadata": usage,
            "modelVersion": self.model_version or model,
        }

    def _text(self, body: Json) -> str:
        if self.dialect == "prose":
            return _PROSE
        schema = _config(body).get("responseSchema") or _config(body).get("response_schema")
        dialect = ("polygons" if schema else "png") if self.dialect == "auto" else self.dialect
        entries = [] if dialect == "empty" else self._entries(body, _ENTRIES[dialect])
        if dialect.startswith("polygons"):
            return json.dumps({"boxes": entries})
        return f"```json\n{json.dumps(entries, indent=2)}\n```"

    def _entries(
        self, body: Json, written: Callable[[KnownObject, tuple[int, int]], Json]
    ) -> list[Json]:
        picture = recognise(image_in(body), self.pictures)
        if picture is None:
            self.served["unrecognised"] += 1
            return []
        return [written(known, picture.size) for known in picture.objects]


def image_in(body: Json) -> bytes:
    """The first picture of a request."""
    for content in body.get("contents", []):
        for part in content.get("parts", []):
            inline = part.get("inlineData") or part.get("inline_data")
            if inline:
                return base64.urlsafe_b64decode(inline["data"])
    return b""


def text_in(body: Json) -> str:
    """The words of a request."""
    parts = [part for content in body.get("contents", []) for part in content.get("parts", [])]
    return "".join(part.get("text", "") for part in parts)


def _config(body: Json) -> Json:
    config: Json = body.get("generationConfig") or body.get("generation_config") or {}
    return config


class _Http(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], owner: GeminiServer) -> None:
        self.owner = owner
        super().__init__(address, _Handler)

    daemon_threads = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: tests read what was served from the counters."""

    def do_GET(self) -> None:
        self.server.owner.served["models"] += 1
        models = [{"name": f"models/{name}"} for name in ("gemini-3.8-flash", "gemini-3.5-flash")]
        self._send(200, {"models": models})

    def do_POST(self) -> None:
        owner = self.server.owner
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        model, _, method = self.path.partition("?")[0].rpartition("/")[2].partition(":")
        owner.requests.append(body)
        owner.keys.append(self.headers.get("x-goog-api-key", ""))
        owner.served[method] += 1
        if method == "countTokens":
            self._send(200, {"totalTokens": 1120 + len(text_in(body)) // 4})
            return
        fault = owner.next_fault()
        if fault in _CONNECTION_FAULTS:
            self._break(fault)
        elif fault is not None:
            code, said = FAULTS[fault]
            self._send(code, said)
        else:
            self._answer(owner.answer(body, model), streamed=method == "streamGenerateContent")

    def _answer(self, body: Json, *, streamed: bool) -> None:
        if not streamed:
            self._send(200, body)
            return
        text = body["candidates"][0]["content"]["parts"][0]["text"]
        pieces = [text[: len(text) // 2], text[len(text) // 2 :]]
        events = [body | _stopped("STOP", [{"text": piece}]) for piece in pieces]
        lines = "".join(f"data: {json.dumps(event)}\r\n\r\n" for event in events)
        self._send(200, lines, kind="text/event-stream")

    def _break(self, fault: str | None) -> None:
        """Answer late, byte by byte, or not at all."""
        self.close_connection = True
        if fault == "disconnect":
            return
        if fault == "slow":
            self.send_response(200)
            self.end_headers()
        for _ in range(_MOST_DRIPS):
            if self.server.owner.closing.wait(0.05):
                return
            try:
                self.wfile.write(b" " if fault == "slow" else b"")
            except OSError:
                return

    def _send(self, code: int, said: Json | str, *, kind: str = "application/json") -> None:
        text = said if isinstance(said, str) else json.dumps(said)
        data = text.replace("{key}", self.headers.get("x-goog-api-key", "")).encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/html" if text.startswith("<") else kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for Gemini with known truth")
    parser.add_argument("--truth", type=Path, nargs="*", default=[])
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--dialect", default="auto")
    parser.add_argument("--fault", choices=[*FAULTS, *_CONNECTION_FAULTS])
    chosen = parser.parse_args()
    with GeminiServer(truth=chosen.truth, dialect=chosen.dialect, port=chosen.port) as server:
        server.every_fault = chosen.fault
        print(f"{server.url} knows {len(server.pictures)} pictures", flush=True)  # noqa: T201
        try:
            server.closing.wait()
        except KeyboardInterrupt:
            server.closing.set()


if __name__ == "__main__":
    main()
