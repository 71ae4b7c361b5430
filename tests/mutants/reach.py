"""Which tests reach a line, and how long each takes: measured once, by running them all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coverage import CoverageData

_DURATION = re.compile(r"^([\d.]+)s (?:call|setup)\s+(tests/.*)$")
_LONGEST = 45.0
"""Seconds of tests that are asked about one break, the nearest first."""


@dataclass(frozen=True, slots=True)
class Reach:
    """``lines`` of each path -> names of tests; ``seconds`` of each test."""

    lines: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]

    def tests_of(self, path: str, line: int) -> list[str]:
        """The tests of a line, those of its own module and short ones first. What is carried out
        while a module is imported is tested by whatever reaches the module.
        """
        lines = self.lines.get(path, {})
        tests = lines.get(line) or set().union(*lines.values())
        chosen: list[str] = []
        total = 0.0
        for test in sorted(tests, key=lambda test: self._distance(test, path)):
            total += self.seconds.get(test, 0.0)
            if chosen and total > _LONGEST:
                break
            chosen.append(test)
        return chosen

    def limit(self, tests: list[str]) -> float:
        """Seconds after which a break counts as noticed, because it never comes to an end."""
        return 60.0 + 6 * sum(self.seconds.get(test, 0.0) for test in tests)

    def _distance(self, test: str, path: str) -> tuple[bool, bool, float, str]:
        own = f"test_{PurePosixPath(path).stem.strip('_')}.py" in test
        return not own, "postgresql" in test, self.seconds.get(test, 0.0), test


def measured_reach(root: Path, package: str, folder: Path) -> Reach:
    """Run all tests but the browser's under coverage.

    Raises:
        SystemExit: A test fails before anything was broken.
    """
    records = folder / "coverage"
    command = [sys.executable, "-m", "pytest", "tests", "--ignore=tests/browser"]
    command += ["--numprocesses", "2", "--dist", "loadfile", f"--cov={package}"]
    command += ["--cov-context=test", "--cov-report=", "--durations=0", "-vv"]
    environment = {**os.environ, "COVERAGE_FILE": str(records)}
    done = subprocess.run(
        command, cwd=root, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"the tests fail before anything is broken:\n{done.stdout[-3000:]}")
    seconds: dict[str, float] = defaultdict(float)
    for took, test in _durations(done.stdout):
        seconds[test] += took
    return Reach(_lines(records, root), dict(seconds))


def _durations(output: str) -> Iterator[tuple[float, str]]:
    for line in output.splitlines():
        found = _DURATION.match(line.strip())
        if found:
            yield float(found[1]), found[2].strip()


def _lines(records: Path, root: Path) -> dict[str, dict[int, set[str]]]:
    data = CoverageData(str(records))
    data.read()
    found: dict[str, dict[int, set[str]]] = {}
    for file in data.measured_files():
        contexts = data.contexts_by_lineno(file)
        path = Path(file).relative_to(root).as_posix()
        found[path] = {line: _tests(names) for line, names in contexts.items()}
    return found


def _tests(contexts: list[str]) -> set[str]:
    return {name.rpartition("|")[0] for name in contexts if "|" in name}
