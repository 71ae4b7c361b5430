"""A model that repeats itself until it runs out of tokens."""

from __future__ import annotations

_LONGEST_PERIOD = 64
_TIMES = 8
_SHORTEST_TAIL = 24


def repeated_tail(text: str) -> str | None:
    """What ``text`` repeats at its end, at least eight times in a row; None when nothing."""
    for period in range(1, _LONGEST_PERIOD + 1):
        length = max(period * _TIMES, _SHORTEST_TAIL)
        tail = text[-length:]
        if len(tail) == length and tail[period:] == tail[:-period]:
            return tail[:period]
    return None
