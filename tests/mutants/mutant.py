"""One small break of the code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """A whole file with one small break.

    ``path`` is relative to the project; ``line`` counts from 1; ``before`` and ``after`` are the
    broken line as it was and as it is, without indentation.
    """

    path: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}\n    - {self.before}\n    + {self.after}"


def mutant_of(path: str, original: str, text: str) -> Mutant:
    """``text`` is the broken file; the first line that differs is shown."""
    pairs = enumerate(zip(original.splitlines(), text.splitlines(), strict=False), 1)
    line, (before, after) = next(pair for pair in pairs if pair[1][0] != pair[1][1])
    return Mutant(path, line, before.strip(), after.strip(), text)
