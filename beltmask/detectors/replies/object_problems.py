"""What reading one object noticed, before it is known which object of the reply it was."""

from __future__ import annotations

from dataclasses import dataclass

from beltmask.model import Problem


@dataclass(frozen=True, slots=True)
class ObjectProblem:
    """A problem of one object. The kinds are listed in ``reader.read_reply``."""

    kind: str
    detail: str

    def about(self, number: int, span: tuple[int, int] | None) -> Problem:
        """As a problem of the object of that number; what cannot be printed shows as �."""
        detail = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in self.detail)
        return Problem(self.kind, detail, number, span)
