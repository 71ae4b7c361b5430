"""How the local Gemini server speaks HTTP: whole bodies, streams, and lines that break."""

from __future__ import annotations

import base64
import json
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests import gemini_faults as faults
from tests.gemini_faults import Json

if TYPE_CHECKING:
    from tests.gemini_server import GeminiServer

_A_MOMENT = 0.05
_MOST_DRIPS = 100


def image_in(body: Json) -> bytes:
    """The first picture of a request."""
    for content in body.get("contents", []):
        for part in content.get("parts", []):
            inline = part.get("inlineData") or part.get("inline_data")
            if inline:
                return base64.urlsafe_b64decode(inline["data"])
    return b""


def file_in(body: Json) -> str:
    """The address of the first uploaded file a request names; "" without one."""
    for content in body.get("contents", []):
        for part in content.get("parts", []):
            named = part.get("fileData") or part.get("file_data") or {}
            if named:
                return str(named.get("fileUri") or named.get("file_uri"))
    return ""


def text_in(body: Json) -> str:
    """The words of a request."""
    parts = [part for content in body.get("contents", []) for part in content.get("parts", [])]
    return "".join(part.get("text", "") for part in parts)


def config_in(body: Json) -> Json:
    """How the model was told to answer."""
    config: Json = body.get("generationConfig") or body.get("generation_config") or {}
    return config


class GeminiHttp(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], owner: GeminiServer) -> None:
        self.owner = owner
        super().__init__(address, GeminiHandler)

    daemon_threads = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours; anything else is shown."""
        if isinstance(sys.exception(), ConnectionError):
            self.owner.hung_up.set()
        else:
            super().handle_error(request, client_address)


class GeminiHandler(BaseHTTPRequestHandler):
    server: GeminiHttp
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: tests read what was served from the counters."""

    def do_GET(self) -> None:
        name = "/".join(self.path.partition("?")[0].split("/")[-2:])
        kept = self.server.owner.shelf.find(name)
        if kept is not None or name.startswith(("files/", "batches/")):
            self._send(200 if kept else 404, kept or faults.BODIES["404"][1])
            return
        self.server.owner.count("models")
        models = [{"name": f"models/{name}"} for name in ("gemini-3.8-flash", "gemini-3.5-flash")]
        self._send(200, {"models": models})

    def do_POST(self) -> None:
        owner = self.server.owner
        if self.path == "/token":
            self._sign_in()
            return
        if self.path.startswith("/upload/"):
            self._upload()
            return
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        model, _, method = self.path.partition("?")[0].rpartition("/")[2].partition(":")
        owner.requests.append(body)
        owner.keys.append(self.headers.get("x-goog-api-key", ""))
        owner.paths.append(self.path)
        owner.count(method)
        if method == "countTokens":
            self._send(200, {"totalTokens": 1120 + len(text_in(body)) // 4})
        elif method == "batchGenerateContent":
            self._send(200, owner.shelf.add_batch(body, lambda one: owner.answer(one, model)))
        else:
            self._ask(body, model, streamed=method == "streamGenerateContent")

    def _upload(self) -> None:
        """A file in two steps: first its name and where to, then its bytes."""
        owner = self.server.owner
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        owner.count("uploads")
        _, _, name = self.path.partition("?upload_id=")
        if name:
            headers = {"X-Goog-Upload-Status": "final"}
            self._send(200, {"file": owner.shelf.finish_file(name, data)}, headers=headers)
            return
        kind = self.headers.get("X-Goog-Upload-Header-Content-Type", "")
        place = f"{owner.url}/upload/v1/files?upload_id={owner.shelf.begin_file(kind, owner.url)}"
        self._send(200, {}, headers={"X-Goog-Upload-URL": place})

    def _sign_in(self) -> None:
        """As Google's token service for service accounts."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.owner.count("tokens given")
        token = {"access_token": "of-the-day", "expires_in": 3600, "token_type": "Bearer"}
        self._send(200, token)

    def _ask(self, body: Json, model: str, *, streamed: bool) -> None:
        owner = self.server.owner
        picture = owner.picture_in(body)
        if owner.raw_answers:
            owner.raw_answers.popleft().send(self)
            return
        fault = owner.next_fault(picture)
        if fault in faults.CONNECTION:
            self._break(fault)
        elif fault in faults.BODIES:
            code, said = faults.BODIES[fault]
            self._send(code, said, streamed=streamed)
        else:
            spoil = faults.BROKEN_TEXTS.get(fault, str)
            text = spoil(owner.words(body, picture))
            answer = self._stream if streamed else self._whole
            answer(text, model, fault)

    def _whole(self, text: str, model: str, fault: str) -> None:
        reason = "MAX_TOKENS" if fault in faults.CUT_SHORT else "STOP"
        body = self.server.owner.body(text, model, reason=reason)
        self._send(200, body, share=0.5 if fault in faults.MID_STREAM else 1.0)

    def _stream(self, text: str, model: str, fault: str) -> None:
        owner = self.server.owner
        broken = fault in faults.MID_STREAM
        pieces = owner.pieces(text[: len(text) * 2 // 3] if broken else text)
        reason = "MAX_TOKENS" if fault in faults.CUT_SHORT else "STOP"
        self._start(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        sent = 0
        for number, words in enumerate(pieces, start=1):
            if sent >= owner.most_letters:
                self._wait_for_hang_up()
            if not owner.may_go_on():
                return
            sent += len(words)
            piece = owner.body(words, model, reason=None)
            if number == len(pieces) and not broken:
                piece["candidates"][0]["finishReason"] = reason
            piece["usageMetadata"]["candidatesTokenCount"] = sent // 4
            self._event(piece)
            owner.count("letters streamed", len(words))
        if fault == "error_in_stream":
            self._event(faults.BODIES["503"][1])
        if fault != "cut":
            self.wfile.write(b"0\r\n\r\n")

    def _wait_for_hang_up(self) -> None:
        """Until the reader goes away, or the server closes."""
        self.connection.settimeout(_A_MOMENT)
        while not self.server.owner.closing.is_set():
            with suppress(TimeoutError):
                if not self.connection.recv(1):
                    raise ConnectionAbortedError

    def _event(self, said: Json | str) -> None:
        data = f"data: {json.dumps(said)}\r\n\r\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _break(self, fault: str) -> None:
        """Answer late, byte by byte, or not at all."""
        self.close_connection = True
        if fault == "disconnect":
            return
        if fault == "slow":
            self._start(200, "application/json", {})
        for _ in range(_MOST_DRIPS):
            if self.server.owner.closing.wait(_A_MOMENT):
                return
            try:
                self.wfile.write(b" " if fault == "slow" else b"")
            except OSError:
                return

    def _send(
        self,
        code: int,
        said: Json | str,
        *,
        share: float = 1.0,
        streamed: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        """``share`` of the body, then hang up. A stream has its JSON in an event."""
        text = said if isinstance(said, str) else json.dumps(said)
        as_event = streamed and code == 200 and text[:1] in {"{", "["}
        text = f"data: {text}\r\n\r\n" if as_event else text
        data = text.replace("{key}", self.headers.get("x-goog-api-key", "")).encode()
        kind = "text/html" if text.startswith("<") else "application/json"
        kind = "text/event-stream" if as_event else kind
        self._start(code, kind, {"Content-Length": str(len(data)), **(headers or {})})
        self.wfile.write(data[: round(len(data) * share)])

    def _start(self, code: int, kind: str, headers: dict[str, str]) -> None:
        self.close_connection = True
        self.send_response(code)
        for name, value in {"Content-Type": kind, "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
