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
from beltmask.detectors.llm.failures import (
    ADDRESS_ERRORS,
    CONNECTION_ERRORS,
    ErrorAnswer,
    ServiceFailures,
)
from beltmask.detectors.llm.retry import retry_after
from beltmask.errors import BeltMaskError, DetectorUnreachableError, SettingsError

SDK_FAILURES: tuple[type[Exception], ...] = (
    APIError,
    GoogleAuthError,
    *CONNECTION_ERRORS,
    json.JSONDecodeError,
    UnknownApiResponseError,
    ValidationError,
    AttributeError,  # these three are the SDK's own, on JSON that is no answer
    TypeError,
    RecursionError,
)
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
_VERTEX_HINT = (
    "Set GOOGLE_APPLICATION_CREDENTIALS, or run gcloud auth application-default login, and "
    "check BELTMASK_VERTEX_PROJECT."
)
_BROKEN_HINT = "The answer was damaged on its way: detect again."


def _hint_for(error: ErrorAnswer) -> str | None:
    by_word = (hint for word, hint in _HINTS_BY_WORD.items() if word in error.words)
    return next(by_word, _HINTS.get(error.status))


_FAILURES = ServiceFailures(
    service="Gemini",
    answers="answer of Gemini",
    address_setting="BELTMASK_GEMINI_BASE_URL",
    timeout_hint=(
        "Raise BELTMASK_GEMINI_TIMEOUT, ask for fewer objects, or choose a faster model."
    ),
    page_hint=(
        "Something else answered in Gemini's place, such as a proxy or a sign-in page: check the "
        "network and BELTMASK_GEMINI_BASE_URL."
    ),
    broken_hint=_BROKEN_HINT,
    hint_for=_hint_for,
)


def failure_of(
    error: Exception | None, *, timeout: float, body: str, came: bool = False
) -> BeltMaskError:
    """The error of ours that says what ``error`` means for a person.

    ``error`` None means that the answer ended and held nothing. ``timeout`` is in seconds;
    ``body`` is what came, ``came`` says that a good part of it was an answer.
    """
    if isinstance(error, APIError):
        return _FAILURES.of_error(_error_answer(error))
    if isinstance(error, GoogleAuthError):
        return _of_sign_in(error)
    if isinstance(error, CONNECTION_ERRORS):
        return _of_connection(error, timeout)
    answer = parsed_json(body)
    sent = error_in_answer(answer)
    if sent is not None:
        return _FAILURES.of_error(_error_answer(APIError(sent.status, answer)))
    if came:
        return DetectorUnreachableError("the answer was damaged on its way", hint=_BROKEN_HINT)
    return _FAILURES.of_body(body)


def _of_sign_in(error: GoogleAuthError) -> BeltMaskError:
    if isinstance(error, TransportError):
        return DetectorUnreachableError("Google's sign-in for Vertex AI cannot be reached")
    return SettingsError("Vertex AI has no credentials that Google accepts", hint=_VERTEX_HINT)


def _of_connection(error: Exception, timeout: float) -> BeltMaskError:
    if isinstance(error, httpx2.ConnectError):
        return DetectorUnreachableError("Gemini cannot be reached")
    if isinstance(error, ADDRESS_ERRORS):
        return SettingsError("the address or the key of Gemini cannot be used")
    return _FAILURES.of_connection(error, timeout=timeout)


def _error_answer(error: APIError) -> ErrorAnswer:
    headers = _headers(error)
    return ErrorAnswer(
        error.code,
        error_body(error.details),
        reason=error.status or "",
        retry_after=retry_after(headers),
        location=headers.get("location", ""),
    )


def _headers(error: APIError) -> Mapping[str, str]:
    given = getattr(error.response, "headers", None) or {}
    return {str(name).lower(): str(value) for name, value in given.items()}
