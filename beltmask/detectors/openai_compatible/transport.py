"""A request -> an OpenAI-compatible server's answer, over HTTP. Imported when first used."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator

import httpx2
from pydantic import SecretStr

from beltmask.detectors.llm.error_bodies import error_in_answer
from beltmask.detectors.llm.event_stream import DONE, documents
from beltmask.detectors.llm.failures import CONNECTION_ERRORS, ErrorAnswer
from beltmask.detectors.llm.http_call import HttpCall, Watch
from beltmask.detectors.openai_compatible.failures import (
    BODY_ERRORS,
    FAILURES,
    connection_failure,
    error_answer,
)
from beltmask.detectors.openai_compatible.request import OPTIONAL_SETTINGS, ChatRequest
from beltmask.detectors.openai_compatible.response import ChatResponse
from beltmask.errors import DetectorUnreachableError
from beltmask.messages import Message

_PATH = "/chat/completions"
_MAY_REFUSE = {400, 422}


class ChatTransport:
    """One HTTP client, kept. It remembers which settings a model was refused."""

    def __init__(
        self, *, base_url: str, address: str, api_key: SecretStr | None, timeout: float
    ) -> None:
        self.timeout, self.address = timeout, address
        self.watch = Watch(streamed=_PATH)
        self.url = base_url + _PATH
        self._left_out: dict[str, set[str]] = {}
        secret = api_key.get_secret_value() if api_key else ""
        headers = {"Accept-Encoding": "identity"}
        headers |= {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = httpx2.Client(
            headers=headers, event_hooks=self.watch.hooks, follow_redirects=False
        )

    def close(self) -> None:
        self.client.close()

    def left_out(self, model: str) -> set[str]:
        """The settings it is not sent, because the server refused them."""
        return self._left_out.setdefault(model, set())

    def ask(self, request: ChatRequest, *, seconds: float) -> ChatCall:
        """One try, which may take ``seconds``, and no longer than a request may at all."""
        return ChatCall(self, request, timeout=min(self.timeout, seconds))


class ChatCall(HttpCall[ChatResponse]):
    """One try, sent again without a setting that the server will not have."""

    def __init__(self, transport: ChatTransport, request: ChatRequest, *, timeout: float) -> None:
        super().__init__(ChatResponse(), watch=transport.watch, timeout=timeout)
        self._transport, self._request = transport, request

    def _text(self) -> Iterator[str]:
        self._watch.allow(self._timeout)
        try:
            while (yield from self._sent()):
                pass
        except CONNECTION_ERRORS as error:
            address = self._transport.address
            failure = connection_failure(error, timeout=self._timeout, address=address)
            raise self._cleaned(failure) from None
        except BODY_ERRORS:
            if self._incoming.is_empty:
                raise self._cleaned(FAILURES.of_body(self._watch.body)) from None
            raise DetectorUnreachableError(Message("detectors.damaged_on_its_way")) from None

    def _sent(self) -> Generator[str, None, bool]:
        """The text; returns whether to send it again, without what was refused."""
        left_out = self._transport.left_out(self._request.model)
        body = {key: value for key, value in self._request.body.items() if key not in left_out}
        self._incoming.temperature_refused = "temperature" in self._request.body.keys() & left_out
        url, timeout = self._transport.url, self._timeout
        with self._transport.client.stream("POST", url, json=body, timeout=timeout) as response:
            if response.is_success:
                yield from self._text_in(response)
                return False
            response.read()
            headers, answered = response.headers, self._watch.body
            error = error_answer(response.status_code, answered, headers=headers)
        refused = _refused_setting(error, body)
        if refused is None:
            raise self._cleaned(FAILURES.of_error(error))
        left_out.add(refused)
        return True

    def _text_in(self, response: httpx2.Response) -> Iterator[str]:
        streamed = response.headers.get("content-type", "").lower().startswith("text/event-stream")
        came = False
        for document in documents(response.iter_bytes()):
            if document == DONE:
                return
            came = True
            yield self._take(document)
        if not came:
            raise self._cleaned(FAILURES.of_body(self._watch.body))
        if streamed and not self._incoming.ended:
            raise DetectorUnreachableError(Message("detectors.broke_off_here"))

    def _take(self, data: str) -> str:
        body = json.loads(data, strict=False)
        error = error_in_answer(body)
        if error is not None:
            raise self._cleaned(FAILURES.of_error(ErrorAnswer(error.status, error)))
        return self._incoming.take(body)


def _refused_setting(error: ErrorAnswer, body: dict[str, object]) -> str | None:
    """The setting among those sent that the server will not have, if it is one of ours."""
    if error.answered not in _MAY_REFUSE:
        return None
    named = [error.body.param, str(error.message)]
    return next(
        (key for key in OPTIONAL_SETTINGS if key in body and any(key in n for n in named)), None
    )
