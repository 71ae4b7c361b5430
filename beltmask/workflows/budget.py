"""The budget of the day, for detectors that cost money."""

from __future__ import annotations

from datetime import UTC, datetime

from beltmask.store.records import Store


class DailyBudget:
    """A ``detectors.base.Budget``: ``limit`` USD from midnight to midnight, local time."""

    def __init__(self, store: Store, limit: float | None) -> None:
        self._store, self._limit = store, limit

    def left(self) -> float | None:
        if self._limit is None:
            return None
        today = datetime.now(UTC).astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        with self._store.read() as records:
            return self._limit - records.replies.spent_since(today).cost
