"""What went wrong between BeltMask and a service it asks over HTTP -> ``beltmask.errors``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from beltmask.detectors.llm.error_bodies import ErrorBody
from beltmask.errors import (
    AnswerBlockedError,
    BeltMaskError,
    DetectorBusyError,
    DetectorUnreachableError,
    EmptyReplyError,
    QuotaSpentError,
    RequestRejectedError,
    UnreadableReplyError,
)
from beltmask.messages import Message

CONNECTION_ERRORS: tuple[type[Exception], ...] = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
)
ADDRESS_ERRORS: tuple[type[Exception], ...] = (
    httpx2.UnsupportedProtocol,
    httpx2.InvalidURL,
    httpx2.LocalProtocolError,
)
"""Those of them that say that nothing could be sent to such an address."""
_BLOCKING = {"content_filter", "content_policy_violation", "moderation_blocked"}
_TOO_SLOW = {408, 504}
_PAGE = 200
"""Letters; a page of HTML shows itself within them."""


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An answer with an error in it.

    ``reason`` says why where the ``body`` does not. ``retry_after`` is in seconds, ``location``
    of a redirect.
    """

    answered: int
    body: ErrorBody
    reason: str = ""
    retry_after: float | None = None
    location: str = ""

    @property
    def status(self) -> int:
        """The one that counts, behind what a proxy made of it."""
        return self.body.behind(self.answered)

    @property
    def message(self) -> str | Message:
        """What the service says went wrong, on one line."""
        return self.body.message or self.reason or Message("detectors.no_reason_given")

    @property
    def words(self) -> str:
        """All that it says, in small letters, to look for known words in."""
        return " ".join([str(self.message), *sorted(self.body.kinds)]).lower().replace("_", " ")

    @property
    def quota_is_spent(self) -> bool:
        """Whether waiting a minute would be no use."""
        spent = self.body.names_daily_quota or "insufficient_quota" in self.body.kinds
        return self.status == 429 and spent


@dataclass(frozen=True, slots=True)
class ServiceFailures:
    """Names the failures of one ``service``, and says what to do about them.

    ``no_answer`` says that something else came than an answer. ``address_setting`` names where
    the service is asked. ``hint_for`` finds the hint for a request that was rejected.
    ``page_hint`` is for an answer of somebody else, ``broken_hint`` for one that is no answer at
    all.
    """

    service: Message
    no_answer: Message
    address_setting: str
    timeout_hint: Message
    page_hint: Message
    broken_hint: Message
    hint_for: Callable[[ErrorAnswer], Message | None]

    def of_error(self, error: ErrorAnswer) -> BeltMaskError:
        """The service answered that something is wrong."""
        if 300 <= error.answered < 400:
            return self._of_redirect(error)
        status = error.status
        message = Message(
            "detectors.answered_with_error",
            service=self.service,
            status=status,
            reason=error.message,
        )
        if error.body.kinds & _BLOCKING:
            return AnswerBlockedError(message)
        if error.quota_is_spent:
            return QuotaSpentError(message)
        if status in _TOO_SLOW:
            return DetectorUnreachableError(message, hint=self.timeout_hint)
        if status == 429 or status >= 500:
            asked = error.body.retry_after
            retry_after = error.retry_after if asked is None else asked
            return DetectorBusyError(message, retry_after=retry_after)
        return RequestRejectedError(message, hint=self.hint_for(error))

    def of_connection(self, error: Exception, *, timeout: float) -> BeltMaskError:
        """The connection was made and lost; ``timeout`` is in seconds."""
        if isinstance(error, httpx2.TimeoutException):
            message = Message(
                "detectors.no_answer_within", service=self.service, seconds=f"{timeout:.3g}"
            )
            return DetectorUnreachableError(message, hint=self.timeout_hint)
        return DetectorUnreachableError(Message("detectors.dropped", service=self.service))

    def of_body(self, body: str) -> UnreadableReplyError:
        """Status 200, but not the JSON of an answer."""
        if not body.strip():
            message = Message("detectors.nothing_at_all", service=self.service)
            return EmptyReplyError(message, reply=body)
        hint = self.page_hint if "<" in body[:_PAGE] else self.broken_hint
        return UnreadableReplyError(self.no_answer, reply=body, hint=hint)

    def _of_redirect(self, error: ErrorAnswer) -> RequestRejectedError:
        """They are never followed: the key and the picture would go along."""
        message = Message(
            "detectors.sends_on",
            service=self.service,
            status=error.answered,
            host=_host(error.location),
        )
        hint = Message("detectors.set_that_address", setting=self.address_setting)
        return RequestRejectedError(message, hint=hint)


def _host(location: str) -> str | Message:
    """Without path and query, which may hold anything."""
    try:
        host = urlsplit(location).hostname
    except ValueError:
        host = None
    return host if host and host.isprintable() else Message("detectors.another_address")
