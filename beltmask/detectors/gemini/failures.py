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

from beltmask.detectors.gemini.profile import GEMINI
from beltmask.detectors.llm.error_bodies import error_body, error_in_answer, parsed_json
from beltmask.detectors.llm.failures import (
    ADDRESS_ERRORS,
    CONNECTION_ERRORS,
    ErrorAnswer,
    ServiceFailures,
)
from beltmask.detectors.llm.retry import retry_after
from beltmask.errors import BeltMaskError, DetectorUnreachableError, SettingsError
from beltmask.messages import Message

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
    401: Message("detectors.key_not_accepted"),
    403: Message("detectors.key_may_not_use_model"),
    404: Message("detectors.correct_model_name"),
    413: Message("detectors.smaller_picture"),
}
_HINTS_BY_WORD = {
    "api key": Message("detectors.key_not_accepted"),
    "thinking": Message("detectors.other_thinking"),
    "location": Message("detectors.not_offered_here"),
    "payload size": Message("detectors.smaller_picture"),
}
_VERTEX_HINT = Message("detectors.set_google_credentials")
_BROKEN_HINT = Message("detectors.damaged_detect_again")


def _hint_for(error: ErrorAnswer) -> Message | None:
    by_word = (hint for word, hint in _HINTS_BY_WORD.items() if word in error.words)
    return next(by_word, _HINTS.get(error.status))


_FAILURES = ServiceFailures(
    service=GEMINI,
    no_answer=Message("detectors.no_answer_of_gemini"),
    address_setting="BELTMASK_GEMINI_BASE_URL",
    timeout_hint=(Message("detectors.raise_gemini_timeout")),
    page_hint=(Message("detectors.not_gemini")),
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
        return DetectorUnreachableError(Message("detectors.damaged_on_its_way"), hint=_BROKEN_HINT)
    return _FAILURES.of_body(body)


def _of_sign_in(error: GoogleAuthError) -> BeltMaskError:
    if isinstance(error, TransportError):
        return DetectorUnreachableError(Message("detectors.sign_in_unreachable"))
    return SettingsError(Message("detectors.no_credentials"), hint=_VERTEX_HINT)


def _of_connection(error: Exception, timeout: float) -> BeltMaskError:
    if isinstance(error, httpx2.ConnectError):
        return DetectorUnreachableError(Message("detectors.gemini_unreachable"))
    if isinstance(error, ADDRESS_ERRORS):
        return SettingsError(Message("detectors.address_or_key_unusable"))
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
