"""What a service says went wrong, however it wrote it: its reason, its status, when to come back.

Nothing of the shape of an error can be relied on: proxies write numbers as strings, put whole
errors into strings, and leave out or retype any field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

UNKNOWN = 500
"""The status of an error that gives none: it may pass."""
_DEEPEST = 6
_MOST_LETTERS = 300
_STATUS = re.compile(r"[45]\d\d(?:\.0)?")
_STATUS_IN_WORDS = re.compile(
    r"\b(?:error code|status(?:[ _]code)?|http(?: error)?)\W{1,3}([45]\d\d)\b", re.IGNORECASE
)
_CLASS_IN_WORDS = re.compile(r"\b\w+(?:Error|Exception)\b")
_SECONDS = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s?")
_STATUS_KEYS = ("code", "status_code", "status", "http_status", "type")
_OF_AN_ANSWER = {"choices", "candidates", "promptFeedback", "usageMetadata", "usage", "id"}
_MESSAGE_KEYS = ("message", "detail", "msg", "error_description", "title", "reason")
_BY_WORD: Mapping[str, int] = {
    "invalidargument": 400,
    "failedprecondition": 400,
    "outofrange": 400,
    "badrequest": 400,
    "invalidrequest": 400,
    "contextlengthexceeded": 400,
    "contextwindowexceeded": 400,
    "contentfilter": 400,
    "contentpolicyviolation": 400,
    "moderationblocked": 400,
    "unsupported": 400,
    "unauthenticated": 401,
    "unauthorized": 401,
    "authentication": 401,
    "invalidapikey": 401,
    "permission": 403,
    "forbidden": 403,
    "notfound": 404,
    "modelnotfound": 404,
    "toolarge": 413,
    "unprocessable": 422,
    "resourceexhausted": 429,
    "ratelimit": 429,
    "toomanyrequests": 429,
    "insufficientquota": 429,
    "deadlineexceeded": 504,
    "timeout": 504,
    "unavailable": 503,
    "overloaded": 503,
    "internal": 500,
    "servererror": 500,
}


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """An error's fields, with what other errors were wrapped in it; ``fields`` is the innermost
    that has a message.
    """

    fields: Mapping[str, Any]
    outer: tuple[Mapping[str, Any], ...] = ()

    @property
    def message(self) -> str:
        """What went wrong, on one line; "" when nothing says it."""
        for fields in (self.fields, *reversed(self.outer)):
            for key in _MESSAGE_KEYS:
                value = fields.get(key)
                if value:
                    text = value if isinstance(value, str) else json.dumps(value, default=str)
                    return excerpt(text)
        return ""

    @property
    def kinds(self) -> frozenset[str]:
        """Its code, type and status as words."""
        values = (fields.get(key) for fields in self._all for key in _STATUS_KEYS)
        return frozenset(value for value in values if isinstance(value, str))

    @property
    def given_status(self) -> int | None:
        """The HTTP status it names in numbers."""
        values = (fields.get(key) for fields in self._all for key in _STATUS_KEYS)
        numbers = (_status_number(value) for value in values)
        found = _STATUS_IN_WORDS.search(self.message)
        return next((n for n in numbers if n), int(found[1]) if found else None)

    @property
    def status(self) -> int:
        """The HTTP status it names, or the one its words mean."""
        if self.given_status is not None:
            return self.given_status
        words = [word for key in _STATUS_KEYS for word in self._words_of(key)]
        words += _CLASS_IN_WORDS.findall(self.message)
        return next((status for word in words if (status := _meant_by(word))), UNKNOWN)

    def behind(self, answered: int) -> int:
        """The status that counts: a proxy may answer 500 for the 401 it was given itself."""
        given = self.given_status
        return given if given and answered >= 500 and given < 500 else answered

    @property
    def param(self) -> str:
        """The setting it is about."""
        param = self.fields.get("param")
        return param if isinstance(param, str) else ""

    @property
    def details(self) -> Iterator[Mapping[str, Any]]:
        """As Google's APIs add them."""
        for fields in self._all:
            listed = fields.get("details")
            yield from (one for one in _listed(listed) if isinstance(one, dict))

    @property
    def retry_after(self) -> float | None:
        """Seconds that a RetryInfo asks to wait."""
        for detail in self.details:
            delay = detail.get("retryDelay", detail.get("retry_delay"))
            delay = delay.get("seconds") if isinstance(delay, dict) else delay
            found = _SECONDS.fullmatch(str(delay).strip()) if not isinstance(delay, bool) else None
            if found is not None:
                return float(found[1])
        return None

    @property
    def names_daily_quota(self) -> bool:
        """Whether the quota of the day is gone, so that waiting is no use."""
        violations = (v for detail in self.details for v in _listed(detail.get("violations")))
        return any("PerDay" in str(v.get("quotaId")) for v in violations if isinstance(v, dict))

    @property
    def _all(self) -> tuple[Mapping[str, Any], ...]:
        return (self.fields, *reversed(self.outer))

    def _words_of(self, key: str) -> list[str]:
        values = (fields.get(key) for fields in self._all)
        return [value for value in values if isinstance(value, str)]


def error_body(body: Any) -> ErrorBody:
    """Whatever came with an error status: parsed JSON, or text that may be JSON."""
    if isinstance(body, str):
        body = parsed_json(body)
    chain = list(_nested(body))
    return ErrorBody(chain[-1], tuple(chain[:-1])) if chain else ErrorBody({})


def error_in_answer(body: Any) -> ErrorBody | None:
    """The error that came in place of an answer, with status 200 or in the middle of a stream."""
    if isinstance(body, list):
        return next((found for item in body if (found := error_in_answer(item))), None)
    if not isinstance(body, dict):
        return None
    says_so = body.get("error") or "error" in (body.get("object"), body.get("type"))
    return error_body(body) if says_so or _only_complains(body) else None


def _only_complains(body: dict[str, Any]) -> bool:
    """Whether there is a message, and nothing of an answer."""
    return not _OF_AN_ANSWER & body.keys() and any(
        isinstance(body.get(key), str) and body[key] for key in ("message", "detail")
    )


def parsed_json(text: str) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def excerpt(text: str) -> str:
    """As much of a text as fits into a message."""
    return " ".join(text[: 20 * _MOST_LETTERS].split())[:_MOST_LETTERS]


def _nested(body: Any) -> Iterator[dict[str, Any]]:
    """The objects of an error from the outermost to the innermost."""
    for _ in range(_DEEPEST):
        if isinstance(body, list):
            body = next((item for item in body if isinstance(item, dict)), None)
        if isinstance(body, str):
            yield {"message": body}
            body = _json_in(body)
        if not isinstance(body, dict):
            return
        inner = body.get("error")
        inner = inner if inner else next((body[k] for k in _MESSAGE_KEYS if _wraps(body, k)), None)
        yield {key: value for key, value in body.items() if key != "error"}
        body = inner


def _wraps(fields: dict[str, Any], key: str) -> bool:
    """Whether a message is an error of its own."""
    value = fields.get(key)
    return isinstance(value, dict) or (isinstance(value, str) and _json_in(value) is not None)


def _json_in(text: str) -> dict[str, Any] | None:
    """The object that a message ends in, such as "BadRequest: {...}"."""
    start = text.find("{")
    found = parsed_json(text[start:]) if start >= 0 else None
    return found if isinstance(found, dict) and found else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _status_number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return int(float(value)) if _STATUS.fullmatch(str(value).strip()) else None


def _meant_by(word: str) -> int | None:
    letters = re.sub(r"[^a-z]", "", word.lower())
    return next((status for known, status in _BY_WORD.items() if known in letters), None)
