"""Everything the SDK and its transport raise -> the errors of ``beltmask.errors``.

The one place that knows them. Messages never hold the key, whatever the service echoes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx2
from google.auth.exceptions import GoogleAuthError, TransportError
from google.genai.errors import APIError, UnknownApiResponseError
from pydantic import ValidationError

from beltmask.detectors.llm.error_bodies import error_body, error_in_answer, parsed_json
from beltmask.detectors.llm.redirects import is_redirect, refused_redirect
from beltmask.detectors.llm.retry import retry_after
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
_ADDRESS_SETTING = "BELTMASK_GEMINI_BASE_URL"
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


def failure_of(
    error: Exception | None, *, timeout: float, body: str, came: bool = False
) -> BeltMaskError:
    """The error of ours that says what ``error`` means for a person.

    ``error`` None means that the answer ended and held nothing. ``timeout`` is in seconds;
    ``body`` is what came, ``came`` says that a good part of it was an answer.
    """
    if isinstance(error, APIError):
        return _of_status(error)
    if isinstance(error, GoogleAuthError):
        return _of_sign_in(error)
    if isinstance(error, httpx2.HTTPError | httpx2.InvalidURL | httpx2.StreamError):
        return _of_line(error, timeout)
    said = parsed_json(body)
    told = error_in_answer(said)
    if told is not None:
        return _of_status(APIError(told.status, said))
    if came:
        return DetectorUnreachableError("the answer was damaged on its way", hint=_BROKEN_HINT)
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


def _of_status(error: APIError) -> BeltMaskError:
    told, headers = error_body(error.details), _headers(error)
    if is_redirect(error.code):
        location = headers.get("location", "")
        return refused_redirect(
            "Gemini", status=error.code, location=location, setting=_ADDRESS_SETTING
        )
    status = told.behind(error.code)
    said = f"Gemini answered {status}: {told.message or error.status or 'no reason given'}"
    if status == 429 and told.names_daily_quota:
        return QuotaSpentError(said)
    if status in _TOO_SLOW:
        return DetectorUnreachableError(said, hint=_TIMEOUT_HINT)
    if status == 429 or status >= 500:
        asked = told.retry_after
        return DetectorBusyError(said, retry_after=retry_after(headers) if asked is None else asked)
    by_word = (hint for word, hint in _HINTS_BY_WORD.items() if word in said.lower())
    return RequestRejectedError(said, hint=next(by_word, _HINTS.get(status)))


def _headers(error: APIError) -> Mapping[str, str]:
    given = getattr(error.response, "headers", None) or {}
    return {str(name).lower(): str(value) for name, value in given.items()}


def _of_body(body: str) -> UnreadableReplyError:
    """Status 200, but not the JSON of an answer."""
    if not body.strip():
        return EmptyReplyError("Gemini answered with nothing at all", reply=body)
    hint = _PROXY_HINT if "<" in body[:_PAGE] else _BROKEN_HINT
    return UnreadableReplyError("what came is no answer of Gemini", reply=body, hint=hint)
