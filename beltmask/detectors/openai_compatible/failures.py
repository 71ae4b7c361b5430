"""Whatever goes wrong between BeltMask and an OpenAI-compatible server -> ``beltmask.errors``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import httpx2
from pydantic import ValidationError

from beltmask.detectors.llm.error_bodies import error_body, one_line
from beltmask.detectors.llm.failures import ADDRESS_ERRORS, ErrorAnswer, ServiceFailures
from beltmask.detectors.llm.retry import retry_after
from beltmask.errors import BeltMaskError, DetectorUnreachableError, SettingsError

BODY_ERRORS: tuple[type[Exception], ...] = (
    json.JSONDecodeError,
    ValidationError,
    RecursionError,
)
_ADDRESS_HINT = "Check BELTMASK_OPENAI_BASE_URL, which mostly ends in /v1."
_KEY_HINT = "Check BELTMASK_OPENAI_API_KEY: the server does not accept it, or wants one."
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
_TITLE = re.compile(r"<title>(.*?)</title>", re.IGNORECASE | re.DOTALL)


def _hint_for(error: ErrorAnswer) -> str | None:
    by_word = (hint for word, hint in _HINTS_BY_WORD.items() if word in error.words)
    return _HINTS.get(error.status) or next(by_word, None)


FAILURES = ServiceFailures(
    service="the server",
    answers="answer of a chat model",
    address_setting="BELTMASK_OPENAI_BASE_URL",
    timeout_hint=(
        "Raise BELTMASK_OPENAI_TIMEOUT, ask for fewer objects, or choose a faster model."
    ),
    page_hint=(
        "Something else answered in the server's place, such as a proxy or a sign-in page: check "
        "the network and BELTMASK_OPENAI_BASE_URL."
    ),
    broken_hint=(
        "The answer was damaged on its way, or comes from another kind of server: try again."
    ),
    hint_for=_hint_for,
)


def error_answer(status: int, body: str, *, headers: Mapping[str, str]) -> ErrorAnswer:
    """What came with a ``status`` that is no success: JSON, a page of a proxy, or anything."""
    title = _TITLE.search(body)
    return ErrorAnswer(
        status,
        error_body(body),
        reason=one_line(title[1] if title else ""),
        retry_after=retry_after(headers),
        location=headers.get("location", ""),
    )


def connection_failure(error: Exception, *, timeout: float, address: str) -> BeltMaskError:
    """What a broken connection means; ``timeout`` is in seconds."""
    if isinstance(error, httpx2.ConnectError):
        hint = "Check that it is running, and BELTMASK_OPENAI_BASE_URL."
        return DetectorUnreachableError(f"nothing answers at {address}", hint=hint)
    if isinstance(error, ADDRESS_ERRORS):
        return SettingsError(f"the address {address} cannot be used", hint=_ADDRESS_HINT)
    return FAILURES.of_connection(error, timeout=timeout)
