"""Contenders in turns, so that they meet the same weather.

Time is the processor's, of all threads: what else the machine does is not counted.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

ROUNDS = 5
LONGEST = 60.0
"""Seconds after which no round is begun."""


def race(*contenders: Callable[[], object]) -> list[float]:
    """Median milliseconds of the processor for each."""
    times: list[list[float]] = [[] for _ in contenders]
    begun = time.process_time()
    for _ in range(ROUNDS):
        for contender, taken in zip(contenders, times, strict=True):
            start = time.process_time()
            contender()
            taken.append((time.process_time() - start) * 1000)
        if time.process_time() - begun > LONGEST:
            break
    return [statistics.median(taken) for taken in times]
