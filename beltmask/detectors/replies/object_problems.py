"""What reading one object noticed, before it is known which object of the reply it was."""

from __future__ import annotations

from dataclasses import dataclass

from beltmask.messages import Message
from beltmask.model import Problem


@dataclass(frozen=True, slots=True)
class ObjectProblem:
    """A problem of one object. The kinds are listed in ``reader.read_reply``."""

    kind: str
    said: Message

    def about(self, number: int, span: tuple[int, int] | None) -> Problem:
        """As a problem of the object of that number; what cannot be printed shows as �."""
        return Problem(self.kind, self.said.mapped(_printable), number, span)


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
