"""A request -> Gemini's answer, through the official SDK. Imported only when it is first used."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google import genai
from google.genai import types
from pydantic import SecretStr

from beltmask.detectors.gemini.deadlines import Watch
from beltmask.detectors.gemini.failures import SDK_FAILURES, failure_of
from beltmask.detectors.gemini.request import GeminiRequest
from beltmask.errors import BeltMaskError, DetectorBusyError
from beltmask.model import Usage

RETRIES = 2
LONGEST_WAIT = 15.0
_FIRST_WAIT = 1.0
_SHORTEST_SECRET = 5
_BLOCKING = {
    "SAFETY",
    "RECITATION",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``raw`` is the model's text or, where there is none, the whole body.

    ``latency`` is in seconds and counts the last try only.
    """

    raw: str
    text: str
    finish_reason: str | None
    block_reason: str | None
    model_version: str | None
    usage: Usage
    latency: float

    @property
    def blocked_by(self) -> str | None:
        """The filter that stopped the question or the answer."""
        return self.block_reason or (
            self.finish_reason if self.finish_reason in _BLOCKING else None
        )


class Transport:
    """One SDK client, kept, with a deadline on every request and few, short retries."""

    def __init__(
        self,
        *,
        api_key: SecretStr,
        base_url: str | None,
        timeout: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._key, self._timeout, self._sleep = api_key, timeout, sleep
        self._watch = Watch(timeout)
        options = types.HttpOptions(
            base_url=base_url,
            timeout=round(timeout * 1000),
            client_args={"event_hooks": self._watch.hooks},
        )
        self._client = genai.Client(api_key=api_key.get_secret_value(), http_options=options)

    def close(self) -> None:
        self._client.close()

    def ask(self, request: GeminiRequest) -> Answer:
        """Send it, again when that is worth it.

        Raises:
            BeltMaskError: As ``failures`` maps them.
        """
        for attempt in range(RETRIES):
            try:
                return self._ask_once(request)
            except BeltMaskError as error:
                delay = _delay_before_retry(error, attempt)
                if delay is None:
                    raise
                self._sleep(delay)
        return self._ask_once(request)

    def _ask_once(self, request: GeminiRequest) -> Answer:
        started = time.monotonic()
        try:
            response = self._client.models.generate_content(
                model=request.model, contents=_contents(request), config=_config(request)
            )
        except SDK_FAILURES as error:
            raise self._without_key(
                failure_of(error, timeout=self._timeout, body=self._watch.body)
            ) from None
        return _answer(response, body=self._watch.body, latency=time.monotonic() - started)

    def _without_key(self, failure: BeltMaskError) -> BeltMaskError:
        """A service may echo the key; nobody shall read it in an error or a log."""
        key = self._key.get_secret_value()
        if len(key) >= _SHORTEST_SECRET:
            failure.args = (str(failure).replace(key, "***"),)
        return failure


def _delay_before_retry(error: BeltMaskError, attempt: int) -> float | None:
    """Seconds to wait before trying again; None when that is no use or takes too long."""
    if not error.retryable:
        return None
    asked = error.retry_after if isinstance(error, DetectorBusyError) else None
    backoff = _FIRST_WAIT * 2**attempt
    delay = (backoff if asked is None else asked) + random.SystemRandom().uniform(0, backoff / 2)
    return delay if delay <= LONGEST_WAIT else None


def _contents(request: GeminiRequest) -> types.Content:
    image = types.Part.from_bytes(data=request.image, mime_type=request.media_type)
    return types.Content(role="user", parts=[image, types.Part.from_text(text=request.text)])


def _config(request: GeminiRequest) -> types.GenerateContentConfig:
    settings: dict[str, Any] = {"automatic_continuation": False, **request.config}
    return types.GenerateContentConfig.model_validate(settings)


def _answer(response: types.GenerateContentResponse, *, body: str, latency: float) -> Answer:
    candidate = response.candidates[0] if response.candidates else None
    feedback = response.prompt_feedback
    text = "".join(_texts(candidate)).encode("utf-8", "replace").decode()
    return Answer(
        raw=text or body,
        text=text,
        finish_reason=_name(candidate.finish_reason if candidate else None),
        block_reason=_name(feedback.block_reason if feedback else None),
        model_version=response.model_version,
        usage=_usage(response.usage_metadata),
        latency=latency,
    )


def _texts(candidate: types.Candidate | None) -> list[str]:
    """The model's words without its thoughts."""
    content = candidate.content if candidate else None
    parts = content.parts if content and content.parts else []
    return [part.text for part in parts if part.text and not part.thought]


def _usage(counted: types.GenerateContentResponseUsageMetadata | None) -> Usage:
    if counted is None:
        return Usage()
    return Usage(
        counted.prompt_token_count, counted.candidates_token_count, counted.thoughts_token_count
    )


def _name(reason: types.FinishReason | types.BlockedReason | None) -> str | None:
    return None if reason is None else str(reason.value)
