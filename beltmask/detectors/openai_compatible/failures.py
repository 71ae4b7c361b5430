"""Whatever goes wrong between BeltMask and an OpenAI-compatible server -> ``beltmask.errors``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx2
from pydantic import ValidationError

from beltmask.detectors.llm.error_bodies import ErrorBody, error_body, error_in_answer, one_line
from beltmask.detectors.llm.redirects import is_redirect, refused_redirect
from beltmask.errors import (
    AnswerBlockedError,
    BeltMaskError,
    DetectorBusyError,
    DetectorUnreachableError,
    EmptyReplyError,
    QuotaSpentError,
    RequestRejectedError,
    SettingsError,
    UnreadableReplyError,
)

LINE_FAILURES: tuple[type[Exception], ...] = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
)
BODY_FAILURES: tuple[type[Exception], ...] = (
    json.JSONDecodeError,
    ValidationError,
    RecursionError,
)
_ADDRESS_SETTING = "BELTMASK_OPENAI_BASE_URL"
_ADDRESS_HINT = "Check BELTMASK_OPENAI_BASE_URL, which mostly ends in /v1."
_KEY_HINT = "Check BELTMASK_OPENAI_API_KEY: the server does not accept it, or wants one."
_TIMEOUT_HINT = "Raise BELTMASK_OPENAI_TIMEOUT, ask for fewer objects, or choose a faster model."
_PAGE_HINT = (
    "Something else answered in the server's place, such as a proxy or a sign-in page: check the "
    "network and BELTMASK_OPENAI_BASE_URL."
)
_BROKEN_HINT = "The answer was damaged on its way, or comes from another kind of server: try again."
_HINTS = {
    401: _KEY_HINT,
    403: "Check BELTMASK_OPENAI_API_KEY: the key may not use this model.",
    404: f"Check the model's name. {_ADDRESS_HINT}",
    405: _ADDRESS_HINT,
    413: "Send a smaller picture: lower the longest side.",
}
_HINTS_BY_WORD = {
    "context length": "Lower the longest side sent, or give the model a longer context.",
    "context window": "Lower the longest side sent, or give the model a longer context.",
    "image": "Choose a model that takes pictures.",
    "multimodal": "Choose a model that takes pictures.",
}
_BLOCKING = {"content_filter", "content_policy_violation", "moderation_blocked"}
_TOO_SLOW = {408, 504}
_TITLE = re.compile(r"<title>(.*?)</title>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class ServerSaid:
    """An answer with an error in it. ``retry_after`` is in seconds, ``location`` of a redirect."""

    status: int
    body: str
    retry_after: float | None = None
    location: str = ""

    @property
    def error(self) -> ErrorBody:
        return error_body(self.body)

    @property
    def message(self) -> str:
        """What the server says went wrong, on one line."""
        title = _TITLE.search(self.body)
        return self.error.message or one_line(title[1] if title else "") or "no reason given"

    @property
    def failure(self) -> BeltMaskError:
        if is_redirect(self.status):
            return refused_redirect(
                "the server", status=self.status, location=self.location, setting=_ADDRESS_SETTING
            )
        status, kinds = self.error.behind(self.status), self.error.kinds
        said = f"the server answered {status}: {self.message}"
        if kinds & _BLOCKING:
            return AnswerBlockedError(said)
        if status == 429 and "insufficient_quota" in kinds:
            return QuotaSpentError(said)
        if status in _TOO_SLOW:
            return DetectorUnreachableError(said, hint=_TIMEOUT_HINT)
        if status == 429 or status >= 500:
            asked = self.error.retry_after
            return DetectorBusyError(said, retry_after=self.retry_after if asked is None else asked)
        words = " ".join([said, *sorted(kinds)]).lower().replace("_", " ")
        by_word = (hint for word, hint in _HINTS_BY_WORD.items() if word in words)
        return RequestRejectedError(said, hint=_HINTS.get(status) or next(by_word, None))


def in_an_answer(body: Any) -> ServerSaid | None:
    """The error that came in place of an answer with status 200, or in the middle of a stream."""
    error = error_in_answer(body)
    return None if error is None else ServerSaid(error.status, json.dumps(body))


def of_line(error: Exception, *, timeout: float, address: str) -> BeltMaskError:
    """What a broken connection means; ``timeout`` is in seconds."""
    if isinstance(error, httpx2.TimeoutException):
        said = f"the server did not answer within {timeout:.3g} s"
        return DetectorUnreachableError(said, hint=_TIMEOUT_HINT)
    if isinstance(error, httpx2.ConnectError):
        hint = "Check that it is running, and BELTMASK_OPENAI_BASE_URL."
        return DetectorUnreachableError(f"nothing answers at {address}", hint=hint)
    wrong = (httpx2.UnsupportedProtocol, httpx2.InvalidURL, httpx2.LocalProtocolError)
    if isinstance(error, wrong):
        return SettingsError(f"the address {address} cannot be used", hint=_ADDRESS_HINT)
    return DetectorUnreachableError("the connection to the server was dropped")


def of_body(body: str) -> UnreadableReplyError:
    """Status 200, but not the JSON of an answer."""
    if not body.strip():
        return EmptyReplyError("the server answered with nothing at all", reply=body)
    hint = _PAGE_HINT if "<" in body[:200] else _BROKEN_HINT
    return UnreadableReplyError("what came is no answer of a chat model", reply=body, hint=hint)
