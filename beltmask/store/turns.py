"""A lock that is given in the order in which it was asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from beltmask.store.failures import BUSY, unavailable


class Turns:
    """Threads one at a time, first come, first served: a plain lock may forget one for long."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting = deque[Event]()
        """The first one has its turn."""

    @property
    def waiting(self) -> int:
        """How many wait for their turn; whoever has it waits no more."""
        with self._guard:
            return max(0, len(self._waiting) - 1)

    @contextmanager
    def taken(self, *, patience: float) -> Iterator[None]:
        """Wait for one's turn, and have it for the length of the block.

        Raises:
            DatabaseUnavailableError: It did not come within ``patience`` seconds.
        """
        mine = Event()
        with self._guard:
            self._waiting.append(mine)
            self._call_next()
        try:
            if not mine.wait(patience):
                raise unavailable(BUSY)
            yield
        finally:
            with self._guard:
                self._waiting.remove(mine)
                self._call_next()

    def _call_next(self) -> None:
        if self._waiting:
            self._waiting[0].set()
