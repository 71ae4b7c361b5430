"""A request -> Gemini's answer, through the official SDK. Imported only when it is first used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from google import genai
from google.auth.exceptions import GoogleAuthError
from google.genai import types
from pydantic import SecretStr

from beltmask.detectors.gemini.failures import SDK_FAILURES, failure_of
from beltmask.detectors.gemini.request import GeminiRequest
from beltmask.detectors.gemini.response import GeminiResponse
from beltmask.detectors.gemini.vertex import VertexPlace
from beltmask.detectors.llm.error_bodies import error_in_answer
from beltmask.detectors.llm.event_stream import DONE, documents
from beltmask.detectors.llm.http_call import HttpCall, Watch
from beltmask.errors import BeltMaskError

_STREAMED = ":streamGenerateContent"


class GeminiTransport:
    """One SDK client, kept, with a deadline on every request. It asks once."""

    def __init__(
        self,
        *,
        api_key: SecretStr | None,
        vertex: VertexPlace | None = None,
        base_url: str | None,
        timeout: float,
        streaming: bool,
    ) -> None:
        self._timeout, self._streaming = timeout, streaming
        self._watch = Watch(streamed=_STREAMED, reframed=_sdk_events)
        options = types.HttpOptions(
            base_url=base_url,
            headers={"Accept-Encoding": "identity"},
            client_args={"event_hooks": self._watch.hooks, "follow_redirects": False},
        )
        self._client = _client(api_key, vertex, options)

    def close(self) -> None:
        self._client.close()

    def ask(self, request: GeminiRequest, *, seconds: float) -> GeminiCall:
        """One try, which may take ``seconds``, and no longer than a request may at all."""
        timeout = min(self._timeout, seconds)
        self._watch.allow(timeout)
        stream = self._responses(request, timeout)
        return GeminiCall(stream, watch=self._watch, timeout=timeout)

    def _responses(
        self, request: GeminiRequest, timeout: float
    ) -> Iterator[types.GenerateContentResponse]:
        models, config = self._client.models, _config(request, timeout)
        contents = _contents(request)
        if not self._streaming:
            yield models.generate_content(model=request.model, contents=contents, config=config)
            return
        yield from models.generate_content_stream(
            model=request.model, contents=contents, config=config
        )


class GeminiCall(HttpCall[GeminiResponse]):
    """One try."""

    def __init__(
        self,
        responses: Iterator[types.GenerateContentResponse],
        *,
        watch: Watch,
        timeout: float,
    ) -> None:
        super().__init__(GeminiResponse(), watch=watch, timeout=timeout)
        self._responses = responses

    def _text(self) -> Iterator[str]:
        try:
            for response in self._responses:
                yield self._incoming.take(response)
        except SDK_FAILURES as error:
            raise self._failure(error) from None
        empty = self._incoming.is_empty
        if not self._incoming.pieces_received or (empty and self._watch.holds_error):
            raise self._failure(None)

    def _failure(self, error: Exception | None) -> BeltMaskError:
        came, body = self._incoming.pieces_received > 0, self._watch.body
        return self._cleaned(failure_of(error, timeout=self._timeout, body=body, came=came))


def _client(
    key: SecretStr | None, vertex: VertexPlace | None, options: types.HttpOptions
) -> genai.Client:
    if vertex is None:
        secret = key.get_secret_value() if key else None
        return genai.Client(api_key=secret, http_options=options)
    try:
        return genai.Client(
            enterprise=True,
            project=vertex.project,
            location=vertex.location,
            http_options=options,
        )
    except GoogleAuthError as error:
        raise failure_of(error, timeout=0, body="") from None


def _contents(request: GeminiRequest) -> types.Content:
    image = types.Part.from_bytes(data=request.image, mime_type=request.media_type)
    return types.Content(role="user", parts=[image, types.Part.from_text(text=request.text)])


def _config(request: GeminiRequest, timeout: float) -> types.GenerateContentConfig:
    settings: dict[str, Any] = {
        "automatic_continuation": False,
        "http_options": {"timeout": max(1, round(timeout * 1000))},
        **request.config,
    }
    return types.GenerateContentConfig.model_validate(settings)


def _sdk_events(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A stream in the one form that the SDK reads.

    Every document is an event of its own; errors have a number as their code.
    """
    for document in documents(chunks):
        if document != DONE:
            yield b"data: " + _sdk_document(document).encode() + b"\n\n"


def _sdk_document(document: str) -> str:
    """On one line; what is broken stays so, for the SDK to complain about."""
    try:
        body = json.loads(document, strict=False)
    except (ValueError, RecursionError):
        return document.replace("\n", " ")
    error = error_in_answer(body)
    return json.dumps(body if error is None else {"error": _sdk_error(error.status, body)})


def _sdk_error(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """As the service wrote it, below a code that the SDK can compare."""
    return {"code": status, "error": body}
