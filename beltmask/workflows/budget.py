"""The budget of the day, for detectors that cost money."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from beltmask.store.records import Store


class DailyBudget:
    """A ``detectors.base.Budget``: ``limit`` USD from midnight to midnight, local time.

    What replies in the store cost is known; of others it must be told. Without a store nothing
    is known of earlier days and other processes.
    """

    def __init__(self, store: Store | None, limit: float | None) -> None:
        self._store, self._limit = store, limit
        self._unkept: list[tuple[datetime, float]] = []
        self._lock = threading.Lock()

    def paid(self, cost: float) -> None:
        """USD for a reply that is not kept in the store."""
        with self._lock:
            self._unkept.append((datetime.now(UTC), cost))

    def left(self) -> float | None:
        if self._limit is None:
            return None
        today = datetime.now(UTC).astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        with self._lock:
            unkept = sum(cost for when, cost in self._unkept if when >= today)
        if self._store is None:
            return self._limit - unkept
        with self._store.read() as records:
            return self._limit - records.replies.spent_since(today).cost - unkept
