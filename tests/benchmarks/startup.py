"""From ``streamlit run app.py`` to the first page in Chromium, against an empty script.

Run ``python -m tests.benchmarks.startup``. Memory is what the server process alone holds
(resident), at the first page and when the demo pictures are drawn.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from playwright.sync_api import Browser, Page, expect

from tests.browser.app_server import ROOT, running
from tests.browser.chromium import chromium

ROUNDS = 3
PATIENCE_MS = 90_000
EMPTY = 'import streamlit as st\nst.title("Images")\nst.caption("1 of 1")\n'


@dataclass(frozen=True)
class Start:
    """Seconds until the page is there, and megabytes then and at rest."""

    seconds: float
    megabytes: float
    at_rest: float


def main() -> None:
    print(f"Python {sys.version.split()[0]}, median of {ROUNDS} starts of each kind")
    with chromium() as browser, TemporaryDirectory() as folder:
        rounds = [one_round(browser, Path(folder) / str(number)) for number in range(ROUNDS)]
    empty, first, second = (middle(list(starts)) for starts in zip(*rounds, strict=True))
    say("empty script", empty, empty)
    say("first visitor, fresh data", first, empty)
    say("second start, demo there", second, empty)


def one_round(browser: Browser, folder: Path) -> tuple[Start, Start, Start]:
    """The three kinds in turns, so that they meet the same weather."""
    bare, data = folder / "bare", folder / "data"
    for each in (bare, data):
        each.mkdir(parents=True)
    script = bare / "empty.py"
    script.write_text(EMPTY)
    return (
        start(browser.new_page(), script, bare, rests=" of 1"),
        start(browser.new_page(), ROOT / "app.py", data, rests="1–12 of 12"),
        start(browser.new_page(), ROOT / "app.py", data, rests="1–12 of 12"),
    )


def start(page: Page, script: Path, data: Path, *, rests: str) -> Start:
    begun = time.perf_counter()
    with running(script, data=data) as url:
        page.goto(url)
        heading = page.get_by_role("heading", name="Images", exact=True)
        expect(heading).to_be_visible(timeout=PATIENCE_MS)
        seconds, megabytes = time.perf_counter() - begun, resident_megabytes(script)
        expect(page.get_by_text(rests)).to_be_visible(timeout=PATIENCE_MS)
        at_rest = resident_megabytes(script)
        page.close()
    return Start(seconds, megabytes, at_rest)


def resident_megabytes(script: Path) -> float:
    """What the server of ``script``, a child of ours, holds in memory."""
    children = psutil.Process().children()
    server = next(child for child in children if str(script) in child.cmdline())
    return float(server.memory_info().rss) / 1e6


def middle(starts: list[Start]) -> Start:
    return Start(
        statistics.median(each.seconds for each in starts),
        statistics.median(each.megabytes for each in starts),
        statistics.median(each.at_rest for each in starts),
    )


def say(kind: str, measured: Start, empty: Start) -> None:
    print(
        f"{kind:26} {measured.seconds:5.1f} s ({measured.seconds / empty.seconds:.1f} times), "
        f"{measured.megabytes:4.0f} MB ({measured.megabytes / empty.megabytes:.1f} times), "
        f"at rest {measured.at_rest:4.0f} MB"
    )


if __name__ == "__main__":
    main()
