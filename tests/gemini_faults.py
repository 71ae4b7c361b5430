"""Everything that can go wrong at the local Gemini server, by name.

``BODIES`` answer with a status and a body, ``BROKEN_TEXTS`` spoil the model's words,
``CONNECTION`` faults break the line before an answer, ``cut`` in the middle of one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

Json = dict[str, Any]


def _error(code: int, status: str, message: str, *details: Json) -> tuple[int, Json]:
    error = {"code": code, "message": message, "status": status, "details": list(details)}
    return code, {"error": error}


def _retry_info(delay: str) -> Json:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


def _quota(quota: str) -> Json:
    kind = "type.googleapis.com/google.rpc.QuotaFailure"
    return {"@type": kind, "violations": [{"quotaId": quota}]}


def stopped(reason: str | None, parts: list[Json] | None = None) -> Json:
    """A body with one candidate; ``reason`` None is the middle of a stream."""
    content: Json = {"role": "model"} | ({"parts": parts} if parts else {})
    return {"candidates": [{"content": content} | ({"finishReason": reason} if reason else {})]}


_PER_DAY = "GenerateRequestsPerDayPerProjectPerModel"
_PER_MINUTE = "GenerateRequestsPerMinutePerProjectPerModel"
_HALF = '{"boxes": [{"box_2d": [100, 100, 300, 300], "label": "bolt"}, {"box_2d": [1'
_MINUTE = (_quota(_PER_MINUTE), _retry_info("53s"))
BODIES: dict[str, tuple[int, Json | str]] = {
    "429": _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", _retry_info("2s")),
    "429-long": _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", *_MINUTE),
    "429-day": _error(429, "RESOURCE_EXHAUSTED", "Quota of the day exceeded.", _quota(_PER_DAY)),
    "408": _error(408, "DEADLINE_EXCEEDED", "The request took too long."),
    "500": _error(500, "INTERNAL", "An internal error has occurred."),
    "503": _error(503, "UNAVAILABLE", "The model is overloaded."),
    "503-html": (503, "<html><body>Service unavailable</body></html>"),
    "504": _error(504, "DEADLINE_EXCEEDED", "Deadline expired."),
    "400": _error(400, "INVALID_ARGUMENT", "Thinking level MINIMAL is not supported."),
    "400-key": _error(400, "INVALID_ARGUMENT", "API key not valid. You sent {key}."),
    "403": _error(403, "PERMISSION_DENIED", "Permission denied."),
    "404": _error(404, "NOT_FOUND", "The model is not found for API version v1."),
    "blocked": (200, {"promptFeedback": {"blockReason": "SAFETY"}}),
    "prohibited": (200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}),
    "400-place": _error(400, "FAILED_PRECONDITION", "User location is not supported."),
    "401": _error(401, "UNAUTHENTICATED", "Invalid authentication credentials."),
    "413": _error(413, "INVALID_ARGUMENT", "Request payload size exceeds the limit."),
    "429-plain": _error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."),
    "safety": (200, stopped("SAFETY")),
    "recitation": (200, stopped("RECITATION")),
    "max_tokens": (200, stopped("MAX_TOKENS", [{"text": _HALF}])),
    "max_tokens_no_parts": (200, stopped("MAX_TOKENS")),
    "no_candidates": (200, {"usageMetadata": {"promptTokenCount": 5}}),
    "empty_body": (200, ""),
    "html": (200, "<html><body>Sign in to the network: {key}</body></html>"),
    "broken_json": (200, '{"candidates": [{"content": {"parts": [{"te'),
    "wrong_json": (200, '{"candidates": 5}'),
    "list_json": (200, "[1, 2]"),
}
CONNECTION = ("hang", "slow", "disconnect")
MID_STREAM = ("cut", "error_in_stream")
LOOP_LETTERS = 200_000
PROSE = "I looked at the belt and there is nothing that should worry you."


def _half_then(text: str, again: str) -> str:
    half = text[: len(text) // 2]
    return half + again * ((LOOP_LETTERS - len(half)) // len(again))


def _same_object(text: str) -> str:
    start, end = text.find('{"box_2d"'), text.find("}", text.find('{"box_2d"')) + 1
    return _half_then(text[:end] * 2, ", " + text[start:end])


def _without_masks(text: str) -> str:
    tokens = "<start_of_mask>" + "".join(f"<seg_{n}>" for n in range(16))
    return re.sub(r'"mask": (\[\[.*?\]\]+|"[^"]*")', f'"mask": "{tokens}"', text)


BROKEN_TEXTS: dict[str, Callable[[str], str]] = {
    "prose": lambda text: PROSE,
    "loop": lambda text: _half_then(text, "4+Pj"),
    "loop_true": lambda text: _half_then(text, "true, "),
    "loop_object": _same_object,
    "tokens": _without_masks,
    "half": lambda text: text[: len(text) * 2 // 3],
}
CUT_SHORT = ("loop", "loop_true", "loop_object", "half")
"""Texts that end because no tokens were left."""
ALL = (*BODIES, *CONNECTION, *MID_STREAM, *BROKEN_TEXTS)


def fault_of(picture: str, number: int, *, kinds: Sequence[str], rate: float, seed: int) -> str:
    """The fault for the ``number``-th request about a picture; "" for none.

    The same seed gives the same faults, whatever order the pictures are asked about.
    """
    dice = random.Random(f"{seed}/{picture}/{number}")  # noqa: S311
    return dice.choice(kinds) if kinds and dice.random() < rate else ""
