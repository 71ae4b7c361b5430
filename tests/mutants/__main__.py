"""How many small breaks of the code do the tests notice?

``make mutants``, or ``python -m tests.mutants --count 40 --only 'beltmask/store/*'``. A seeded
sample over masks, scoring, review, gestures, store, tiling and replies is tried in copies of the
project, each break against the tests that reach its line; ``npm run mutants`` does the same for
the canvas. Printed are the breaks nobody noticed, those judged to change nothing with the reason,
and the share that was noticed of all others; the exit code is 1 below the aim. No part of the
suite: it takes most of an hour on two cores.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

from tests.mutants.judgement import Judgements
from tests.mutants.mutant import Mutant
from tests.mutants.python_sample import python_mutants
from tests.mutants.reach import Reach, measured_reach
from tests.mutants.trial import Trial, Verdict, pytest_command

ROOT = Path(__file__).parents[2]
AIM = 0.95
WORKERS = 2
LOOKED_AT = (
    "beltmask/masks.py",
    "beltmask/geometry.py",
    "beltmask/scoring*",
    "beltmask/review/*",
    "beltmask/store/*",
    "beltmask/workflows/gestures.py",
    "beltmask/workflows/decisions.py",
    "beltmask/workflows/history.py",
    "beltmask/workflows/undo.py",
    "beltmask/detectors/tiling.py",
    "beltmask/detectors/region.py",
    "beltmask/detectors/replies/*",
    "beltmask/detectors/llm/*",
    "beltmask/detectors/gemini/*",
    "beltmask/detectors/openai_compatible/*",
)
PASSED_OVER = ("beltmask/store/migrations/*", "beltmask/store/schema/*")
"""Databases of every age are opened by tests of their own; tables are compared with migrations."""


def main() -> int:
    """0 where enough was noticed."""
    asked = _asked()
    until = time.monotonic() + asked.minutes * 60
    mutants = python_mutants(ROOT, _paths(asked.only), asked.count, seed=asked.seed)
    judged = Judgements.read()
    unchanged = [mutant for mutant in mutants if judged.reason(mutant)]
    for mutant in unchanged:
        print(f"changes nothing: {mutant}\n    {judged.reason(mutant)}")
    rest = [mutant for mutant in mutants if not judged.reason(mutant)]
    with TemporaryDirectory() as folder:
        reach = measured_reach(ROOT, "beltmask", Path(folder))
        verdicts = list(_verdicts(rest, reach, Path(folder), until=until))
    share = _share(verdicts, tried=len(mutants), unchanged=len(unchanged))
    return 0 if share >= AIM else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=140)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument(
        "--only", default="*", metavar="GLOB", help="paths, such as beltmask/store/*"
    )
    return parser.parse_args()


def _paths(only: str) -> list[str]:
    found = (path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("beltmask/**/*.py")))
    return [
        path
        for path in found
        if fnmatch(path, only)
        and any(fnmatch(path, glob) for glob in LOOKED_AT)
        and not any(fnmatch(path, glob) for glob in PASSED_OVER)
    ]


def _verdicts(
    mutants: Sequence[Mutant], reach: Reach, folder: Path, *, until: float
) -> Iterator[Verdict]:
    """One a mutant, printed where nobody noticed it; those there is no time for are left out."""
    copies: Queue[Trial] = Queue()
    for number in range(WORKERS):
        copies.put(Trial(ROOT, folder / str(number)))

    def tried(mutant: Mutant) -> Verdict | None:
        if time.monotonic() > until:
            return None
        tests = reach.tests_of(mutant.path, mutant.line)
        if not tests:
            return Verdict.SURVIVED
        copy = copies.get()
        try:
            return copy.verdict(mutant, pytest_command(tests), limit=reach.limit(tests))
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(WORKERS) as pool:
        for mutant, verdict in zip(mutants, pool.map(tried, mutants), strict=True):
            if verdict is Verdict.SURVIVED:
                print(f"nobody noticed: {mutant}", flush=True)
            if verdict is not None:
                yield verdict


def _share(verdicts: Sequence[Verdict], *, tried: int, unchanged: int) -> float:
    noticed = verdicts.count(Verdict.NOTICED)
    left = tried - unchanged - len(verdicts)
    share = noticed / len(verdicts) if verdicts else 0.0
    print(f"{tried} breaks, {unchanged} of them change nothing, {left} not reached in the time")
    print(f"noticed: {noticed} of {len(verdicts)}, {share:.1%} (aim {AIM:.0%})")
    return share


if __name__ == "__main__":
    sys.exit(main())
