"""When a failed request is worth another try, and how long to wait before it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from beltmask.errors import BeltMaskError, DetectorBusyError

TRIES = 5
_FIRST_WAIT = 1.0


class RetryPolicy:
    """What one picture may take, in seconds, over all its requests, tries and waits."""

    def __init__(
        self,
        seconds: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._until, self._sleep, self._clock = clock() + seconds, sleep, clock

    @property
    def left(self) -> float:
        return max(0.0, self._until - self._clock())

    def delay_after(self, error: BeltMaskError, *, tried: int) -> float | None:
        """As long as the service asked, or longer each time; None when another try is no use."""
        if not error.retryable or tried >= TRIES:
            return None
        delay = _delay(error, tried)
        return delay if delay < self.left else None

    def wait(self, seconds: float) -> None:
        self._sleep(seconds)


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Seconds from ``now`` that the header Retry-After asks to wait, as a number or a date."""
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdecimal() and len(asked) < 10:
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def _delay(error: BeltMaskError, tried: int) -> float:
    asked = error.retry_after if isinstance(error, DetectorBusyError) else None
    backoff = _FIRST_WAIT * 2.0 ** (tried - 1)
    jitter = random.SystemRandom().uniform(0, backoff / 2)
    return (backoff if asked is None else asked) + jitter
