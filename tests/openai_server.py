"""A local server that speaks OpenAI's chat completions, with real truth and faults on demand.

It knows the picture it is sent by its proportions and a small grey copy, and answers with the
real objects in the ``shape`` and ``units`` it is told to; pixels are those of the picture as
sent. ``faults`` are used up one per request; their names are in ``openai_words``.
"""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from beltmask.model import Size
from tests.gemini_truth import KnownPicture, read_truth, recognise
from tests.local_server import LocalServer, RawAnswer
from tests.openai_words import (
    BODIES,
    CONNECTION,
    MID_STREAM,
    NO_GOODBYE,
    TEXTS,
    Json,
    entries,
    whole_in,
)

_LETTERS = 60


class OpenAIServer(LocalServer):
    """Runs in a thread of its own between ``__enter__`` and ``__exit__``.

    ``requests`` and ``keys`` are what came. ``streams`` False: it answers with one body even
    when a stream was asked for. ``refuses`` are settings it has no mind to hear of; ``version``
    is the model it says it is. ``raw_answers`` are used up first, one per question.
    """

    def __init__(self, *, truth: Iterable[Path | KnownPicture] = ()) -> None:
        self.pictures: list[KnownPicture] = []
        for known in truth:
            self.pictures += [known] if isinstance(known, KnownPicture) else read_truth(known)
        self.shape, self.units, self.text = "boxes", "thousandths", ""
        self.streams, self.version, self.retry_after = True, "", ""
        self.refuses: set[str] = set()
        self.faults: deque[str] = deque()
        self.requests: list[Json] = []
        self.keys: list[str] = []
        self.raw_answers: deque[RawAnswer] = deque()
        self.letters = 0
        super().__init__(_OpenAIHttp(("127.0.0.1", 0), self))

    @property
    def url(self) -> str:
        return f"{super().url}/v1"

    def words(self, body: Json) -> str:
        """What the model says about the picture it is shown."""
        jpeg = picture_in(body)
        picture = recognise(jpeg, self.pictures)
        if self.text or picture is None:
            return self.text or '{"boxes": []}'
        whole = whole_in(self.units, size_of(jpeg))
        return json.dumps({"boxes": entries(picture, shape=self.shape, whole=whole)})


def picture_in(body: Json) -> bytes:
    """The picture of a request."""
    [url] = [part["image_url"]["url"] for part in _parts(body) if part["type"] == "image_url"]
    return base64.b64decode(url.removeprefix("data:image/jpeg;base64,"))


def text_in(body: Json) -> str:
    """The words of a request."""
    return "".join(part["text"] for part in _parts(body) if part["type"] == "text")


def size_of(jpeg: bytes) -> Size:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return (pixels.shape[1], pixels.shape[0])


def _parts(body: Json) -> list[Json]:
    return [part for message in body["messages"] for part in message["content"]]


class _OpenAIHttp(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, address: tuple[str, int], owner: OpenAIServer) -> None:
        self.owner = owner
        super().__init__(address, _OpenAIHandler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of ours."""


class _OpenAIHandler(BaseHTTPRequestHandler):
    server: _OpenAIHttp
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""

    def do_POST(self) -> None:
        owner = self.server.owner
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        owner.requests.append(body)
        owner.keys.append(self.headers.get("Authorization", ""))
        if owner.raw_answers:
            owner.raw_answers.popleft().send(self)
            return
        refused = next((name for name in owner.refuses if name in body), None)
        if self.path != "/v1/chat/completions":
            self._send(*BODIES["404-plain"])
        elif refused:
            error = {"message": f"Unsupported parameter: '{refused}'", "param": refused}
            self._send(400, {"error": error})
        else:
            self._answer(body, owner.faults.popleft() if owner.faults else "")

    def _answer(self, body: Json, fault: str) -> None:
        owner = self.server.owner
        if fault in CONNECTION:
            self.close_connection = True
            if fault == "hang":
                owner.closing.wait(5)
            return
        if fault in BODIES:
            self._send(*BODIES[fault])
            return
        text = TEXTS.get(fault, str)(owner.words(body))
        reason = "length" if fault in {"half", "full_length", "loop"} else "stop"
        thought = {"completion_tokens_details": {"reasoning_tokens": 20}}
        usage = {"prompt_tokens": 900, "completion_tokens": 60, **thought}
        about = {"model": owner.version or body["model"], "usage": usage}
        if owner.streams and body.get("stream"):
            self._stream(text, reason, about, fault)
        else:
            message = {"role": "assistant", "content": text}
            choice = {"message": message, "finish_reason": reason}
            self._send(200, {"choices": [choice], **about})

    def _stream(self, text: str, reason: str, about: Json, fault: str) -> None:
        end = len(text) * 2 // 3 if fault in MID_STREAM else len(text)
        self._start(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        for start in range(0, max(end, 1), _LETTERS):
            delta = {"content": text[start : min(start + _LETTERS, end)]}
            self._event({"choices": [{"delta": delta, "finish_reason": None}], **about})
            self.server.owner.letters += _LETTERS
        if fault == "error_in_stream":
            self._event(BODIES["error-in-200"][1])
        elif fault not in {*MID_STREAM, NO_GOODBYE}:
            self._event({"choices": [{"delta": {}, "finish_reason": reason}], **about})
            self._event({"choices": [], **about})
            self._event("[DONE]")
        if fault != "cut":
            self.wfile.write(b"0\r\n\r\n")

    def _event(self, said: Json | str) -> None:
        data = f"data: {said if isinstance(said, str) else json.dumps(said)}\n\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _send(self, code: int, said: Json | str) -> None:
        text = said if isinstance(said, str) else json.dumps(said)
        data = text.replace("{key}", self.headers.get("Authorization", "")[7:]).encode()
        kind = "text/html" if text.startswith("<") else "application/json"
        more = {"Location": "https://elsewhere.invalid/"} if code == 301 else {}
        wait = self.server.owner.retry_after
        more |= {"Retry-After": wait} if wait else {}
        self._start(code, kind, {"Content-Length": str(len(data)), **more})
        self.wfile.write(data)

    def _start(self, code: int, kind: str, headers: dict[str, str]) -> None:
        self.close_connection = True
        self.send_response(code)
        for name, value in {"Content-Type": kind, "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
