"""Everything the SDK and its transport raise -> the errors of ``beltmask.errors``.

The one place that knows them. Messages never hold the key, whatever the service echoes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx2
from google.auth.exceptions import GoogleAuthError, TransportError
from google.genai.errors import APIError, UnknownApiResponseError
from pydantic import ValidationError

from beltmask.errors import (
    BeltMaskError,
    DetectorBusyError,
    DetectorUnreachableError,
    EmptyReplyError,
    QuotaSpentError,
    RequestRejectedError,
    SettingsError,
    UnreadableReplyError,
)

SDK_FAILURES: tuple[type[Exception], ...] = (
    APIError,
    GoogleAuthError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    json.JSONDecodeError,
    UnknownApiResponseError,
    ValidationError,
    AttributeError,  # these three are the SDK's own, on JSON that is no answer
    TypeError,
    RecursionError,
)
_PAGE = 200
_TOO_SLOW = {408, 504}
_HINTS = {
    401: "Check GEMINI_API_KEY: the service does not accept this key.",
    403: "Check GEMINI_API_KEY: the key may not use this model.",
    404: "Choose another model, or correct the spelling of its name.",
    413: "Send a smaller picture: lower the longest side.",
}
_HINTS_BY_WORD = {
    "api key": "Check GEMINI_API_KEY: the service does not accept this key.",
    "thinking": "Choose another thinking level, or a model that knows this one.",
    "location": "Gemini is not offered from this place: use the offline detector or Vertex AI.",
    "payload size": "Send a smaller picture: lower the longest side.",
}
_TIMEOUT_HINT = "Raise BELTMASK_GEMINI_TIMEOUT, ask for fewer objects, or choose a faster model."
_PROXY_HINT = (
    "Something else answered in Gemini's place, such as a proxy or a sign-in page: check the "
    "network and BELTMASK_GEMINI_BASE_URL."
)
_VERTEX_HINT = (
    "Set GOOGLE_APPLICATION_CREDENTIALS, or run gcloud auth application-default login, and "
    "check BELTMASK_VERTEX_PROJECT."
)
_BROKEN_HINT = "The answer was damaged on its way: detect again."
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)s")


def failure_of(error: Exception | None, *, timeout: float, body: str) -> BeltMaskError:
    """The error of ours that says what ``error`` means for a person.

    ``error`` None means that the answer ended and held nothing. ``timeout`` is in seconds;
    ``body`` is what came, exactly as it came.
    """
    if isinstance(error, APIError):
        return _of_status(error)
    if isinstance(error, GoogleAuthError):
        return _of_sign_in(error)
    if isinstance(error, httpx2.HTTPError | httpx2.InvalidURL | httpx2.StreamError):
        return _of_line(error, timeout)
    return _of_body(body)


def _of_sign_in(error: GoogleAuthError) -> BeltMaskError:
    if isinstance(error, TransportError):
        return DetectorUnreachableError("Google's sign-in for Vertex AI cannot be reached")
    return SettingsError("Vertex AI has no credentials that Google accepts", hint=_VERTEX_HINT)


def _of_line(error: Exception, timeout: float) -> BeltMaskError:
    if isinstance(error, httpx2.TimeoutException):
        said = f"Gemini did not answer within {timeout:.3g} s"
        return DetectorUnreachableError(said, hint=_TIMEOUT_HINT)
    if isinstance(error, httpx2.ConnectError):
        return DetectorUnreachableError("Gemini cannot be reached")
    if isinstance(
        error, httpx2.UnsupportedProtocol | httpx2.InvalidURL | httpx2.LocalProtocolError
    ):
        return SettingsError("the address or the key of Gemini cannot be used")
    return DetectorUnreachableError("the connection to Gemini was dropped")


def retry_delay(details: Any) -> float | None:
    """Seconds that an error body's RetryInfo asks to wait."""
    for detail in _details(details):
        found = _SECONDS.fullmatch(str(detail.get("retryDelay", "")))
        if found is not None:
            return float(found[1])
    return None


def names_daily_quota(details: Any) -> bool:
    """Whether an error body says that the quota of the day is gone, so waiting is no use."""
    violations = [v for detail in _details(details) for v in detail.get("violations") or []]
    return any("PerDay" in str(v.get("quotaId")) for v in violations if isinstance(v, dict))


def _of_status(error: APIError) -> BeltMaskError:
    said = f"Gemini answered {error.code}: {_message(error)}"
    if error.code == 429 and names_daily_quota(error.details):
        return QuotaSpentError(said)
    if error.code == 429:
        return DetectorBusyError(said, retry_after=retry_delay(error.details))
    if error.code in _TOO_SLOW:
        return DetectorUnreachableError(said, hint=_TIMEOUT_HINT)
    if error.code >= 500:
        return DetectorBusyError(said)
    by_word = (hint for word, hint in _HINTS_BY_WORD.items() if word in said.lower())
    return RequestRejectedError(said, hint=next(by_word, _HINTS.get(error.code)))


def _of_body(body: str) -> UnreadableReplyError:
    """Status 200, but not the JSON of an answer."""
    if not body.strip():
        return EmptyReplyError("Gemini answered with nothing at all", reply=body)
    hint = _PROXY_HINT if "<" in body[:_PAGE] else _BROKEN_HINT
    return UnreadableReplyError("what came is no answer of Gemini", reply=body, hint=hint)


def _message(error: APIError) -> str:
    return " ".join(str(error.message or error.status or "no reason given").split())[:300]


def _details(body: Any) -> Iterator[dict[str, Any]]:
    error = body.get("error", body) if isinstance(body, dict) else {}
    listed = error.get("details") if isinstance(error, dict) else None
    yield from (item for item in listed or [] if isinstance(item, dict))
