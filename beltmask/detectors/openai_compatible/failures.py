"""Whatever goes wrong between BeltMask and an OpenAI-compatible server -> ``beltmask.errors``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import httpx2
from pydantic import ValidationError

from beltmask.detectors.llm.error_bodies import error_body, excerpt
from beltmask.detectors.llm.failures import ADDRESS_ERRORS, ErrorAnswer, ServiceFailures
from beltmask.detectors.llm.retry import retry_after
from beltmask.detectors.openai_compatible.profile import THE_SERVER
from beltmask.errors import BeltMaskError, DetectorUnreachableError, SettingsError
from beltmask.messages import Message

BODY_ERRORS: tuple[type[Exception], ...] = (
    json.JSONDecodeError,
    ValidationError,
    RecursionError,
)
_ADDRESS_HINT = Message("detectors.check_openai_url")
_KEY_HINT = Message("detectors.check_openai_key")
_HINTS = {
    401: _KEY_HINT,
    403: Message("detectors.openai_key_may_not_use_model"),
    404: Message("detectors.check_model_and_url", url_hint=_ADDRESS_HINT),
    405: _ADDRESS_HINT,
    413: Message("detectors.smaller_picture"),
}
_HINTS_BY_WORD = {
    "context length": Message("detectors.longer_context"),
    "context window": Message("detectors.longer_context"),
    "image": Message("detectors.model_that_takes_pictures"),
    "multimodal": Message("detectors.model_that_takes_pictures"),
}
_TITLE = re.compile(r"<title>(.*?)</title>", re.IGNORECASE | re.DOTALL)


def _hint_for(error: ErrorAnswer) -> Message | None:
    by_word = (hint for word, hint in _HINTS_BY_WORD.items() if word in error.words)
    return _HINTS.get(error.status) or next(by_word, None)


FAILURES = ServiceFailures(
    service=THE_SERVER,
    no_answer=Message("detectors.no_chat_answer"),
    address_setting="BELTMASK_OPENAI_BASE_URL",
    timeout_hint=(Message("detectors.raise_openai_timeout")),
    page_hint=(Message("detectors.not_the_server")),
    broken_hint=(Message("detectors.damaged_or_other_kind")),
    hint_for=_hint_for,
)


def error_answer(status: int, body: str, *, headers: Mapping[str, str]) -> ErrorAnswer:
    """What came with a ``status`` that is no success: JSON, a page of a proxy, or anything."""
    title = _TITLE.search(body)
    return ErrorAnswer(
        status,
        error_body(body),
        reason=excerpt(title[1] if title else ""),
        retry_after=retry_after(headers),
        location=headers.get("location", ""),
    )


def connection_failure(error: Exception, *, timeout: float, address: str) -> BeltMaskError:
    """What a broken connection means; ``timeout`` is in seconds."""
    if isinstance(error, httpx2.ConnectError):
        hint = Message("detectors.check_it_runs")
        return DetectorUnreachableError(
            Message("detectors.nothing_answers_at", address=address), hint=hint
        )
    if isinstance(error, ADDRESS_ERRORS):
        return SettingsError(
            Message("detectors.address_unusable", address=address), hint=_ADDRESS_HINT
        )
    return FAILURES.of_connection(error, timeout=timeout)
