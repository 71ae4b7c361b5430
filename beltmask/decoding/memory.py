"""One budget of memory for everything this process decodes, handed out in turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from beltmask.errors import ImageRefusedError
from beltmask.messages import Message

_SHARE = 4
_CGROUPS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


class DecodeMemory:
    """Bytes that the pictures decoded at one time may take together.

    Whoever comes first is served first, also when a later one would fit already: a large
    picture does not wait for ever behind small ones. A thread that has room and decodes
    another picture meanwhile does not wait for itself.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()
        self._mine = threading.local()

    @property
    def limit(self) -> int:
        """Bytes."""
        return self._limit

    @property
    def waiting(self) -> int:
        """How many pictures wait for their turn."""
        return len(self._queue)

    def limit_to(self, limit: int | None) -> None:
        """``None``: a quarter of what the machine, or the container, has."""
        with self._changed:
            self._limit = memory_of_machine() // _SHARE if limit is None else limit
            self._changed.notify_all()

    @contextmanager
    def room(self, needed: int, *, name: str) -> Iterator[None]:
        """Wait for ``needed`` bytes and keep them while the block runs.

        Raises:
            ImageRefusedError: The picture of that name would not fit if it were alone.
        """
        self._check(needed, name)
        if getattr(self._mine, "has_room", False):
            yield
            return
        self._wait(needed, name)
        self._mine.has_room = True
        try:
            yield
        finally:
            self._mine.has_room = False
            self._take(-needed)

    def _wait(self, needed: int, name: str) -> None:
        turn = object()
        with self._changed:
            self._queue.append(turn)
            try:
                while self._queue[0] is not turn or self._taken + needed > self._limit:
                    self._changed.wait()
                    self._check(needed, name)
                self._taken += needed
            finally:
                self._queue.remove(turn)
                self._changed.notify_all()

    def _take(self, count: int) -> None:
        with self._changed:
            self._taken += count
            self._changed.notify_all()

    def _check(self, needed: int, name: str) -> None:
        if needed > self._limit:
            needs, limit = _megabytes(needed), _megabytes(self._limit)
            raise ImageRefusedError(
                Message("images.needs_memory", name=name, needed=needs, limit=limit),
                hint=Message("images.raise_decode_memory"),
            )


def memory_of_machine() -> int:
    """Bytes: of the container where that has fewer."""
    limits = [int(psutil.virtual_memory().total)]
    for path in _CGROUPS:
        with suppress(OSError, ValueError):  # there is no such group, or its limit is "max"
            limits.append(int(path.read_text()))
    return min(limits)


def _megabytes(count: int) -> int:
    return -(-count // 1_000_000)


DECODE_MEMORY = DecodeMemory(memory_of_machine() // _SHARE)
"""Of this process."""
