"""Breaks that were looked at and change nothing, each with the reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.mutants.mutant import Mutant

_FILE = Path(__file__).with_name("unchanged.toml")


@dataclass(frozen=True, slots=True)
class Judgements:
    """Known by the file and by the line before and after, wherever it stands by now."""

    reasons: dict[tuple[str, str, str], str]

    @classmethod
    def read(cls, file: Path = _FILE) -> Self:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("mutant", [])
        return cls({(row["path"], row["before"], row["after"]): row["reason"] for row in rows})

    def reason(self, mutant: Mutant) -> str | None:
        return self.reasons.get((mutant.path, mutant.before, mutant.after))
