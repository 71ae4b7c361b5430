"""What replies that mean harm cost: seconds, memory beyond an empty reply, and growth.

Run ``python -m tests.benchmarks.hostile_replies``. "twice" is how much longer twice the length
takes; 2 is linear. Memory is the largest resident set of a process of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from contextlib import suppress

from beltmask.detectors.replies.reader import read_reply
from beltmask.errors import UnreadableReplyError
from tests.beltmask.detectors.replies.hostile_replies import HOSTILE

SIZE = (1920, 1080)


def main(chosen: str = "") -> None:
    _, empty = measured("", 1.0)
    print(f"{'seconds':>8}{'MB more':>9}{'twice':>7}")
    for name in HOSTILE:
        if chosen in name:
            half, _ = measured(name, 0.5)
            seconds, memory = measured(name, 1.0)
            said = f"{seconds:8.2f}{memory - empty:9.0f}{seconds / half:7.1f}  {name}"
            print(said, flush=True)


def measured(name: str, scale: float) -> tuple[float, float]:
    """Seconds and MB in a process of its own, its text not counted."""
    command = [sys.executable, "-m", __spec__.name, "--one", name, str(scale)]
    said = subprocess.run(command, capture_output=True, check=True, text=True)
    seconds, memory = said.stdout.split()
    return float(seconds), float(memory)


def measure_here(name: str, scale: float) -> None:
    text = HOSTILE[name](scale) if name else "[]"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    with suppress(UnreadableReplyError):
        read_reply(text, size=SIZE)
    taken = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(taken, (after - before) / 1024)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure_here(sys.argv[2], float(sys.argv[3]))
    else:
        main(*sys.argv[1:])
