"""Trying a break: a copy of the project, the broken file in it, and the tests that reach it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from tests.mutants.mutant import Mutant


class Verdict(StrEnum):
    NOTICED = "noticed"
    SURVIVED = "survived"


class Trial:
    """One copy of the project in a folder of its own; one break at a time."""

    def __init__(self, root: Path, folder: Path) -> None:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
        )
        for name in listed.stdout.split("\0"):
            if name and (root / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / name, folder / name)
        self._folder = folder

    def verdict(self, mutant: Mutant, command: Sequence[str], *, limit: float) -> Verdict:
        """What the tests say of a break; one that never ends is noticed too."""
        file = self._folder / mutant.path
        whole = file.read_text(encoding="utf-8")
        file.write_text(mutant.text, encoding="utf-8")
        try:
            done = subprocess.run(
                command, cwd=self._folder, check=False, capture_output=True, timeout=limit
            )
        except subprocess.TimeoutExpired:
            return Verdict.NOTICED
        finally:
            file.write_text(whole, encoding="utf-8")
        return Verdict.NOTICED if done.returncode else Verdict.SURVIVED


def pytest_command(tests: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", "-x", *tests]
