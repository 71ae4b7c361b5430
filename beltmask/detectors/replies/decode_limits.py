"""How much work one reply may cause. Every object spends from the same purse."""

from __future__ import annotations

from dataclasses import dataclass, field

from beltmask.errors import UnusableValueError
from beltmask.messages import Message

MOST = {
    "mask pixels": 120_000_000,
    "drawn pixels": 200_000_000,
    "corners": 80_000,
    "run lengths": 1_000_000,
    "crossed rows": 4_000_000,
}
"""Kept as masks; decoded, stretched or filled on the way there; corners of outlines; letters of
run lengths; and the rows that outlines cross.
Together they bound the reading of any reply to about a second and 200 MB."""


_NAMES = {
    "mask pixels": Message("replies.mask_pixels"),
    "drawn pixels": Message("replies.drawn_pixels"),
    "corners": Message("replies.corners"),
    "run lengths": Message("replies.run_lengths"),
    "crossed rows": Message("replies.crossed_rows"),
}


class OverLimitError(UnusableValueError):
    """The reply has had its share; the object keeps its box."""


@dataclass(slots=True)
class DecodeLimits:
    """What is left for the objects of one reply."""

    left: dict[str, int] = field(default_factory=MOST.copy)

    def spend(self, what: str, amount: int) -> None:
        """Take ``amount`` of what is left.

        Raises:
            OverLimitError: There is not as much left; nothing is taken.
        """
        if amount > self.left[what]:
            raise OverLimitError(Message("replies.too_much_together", what=_NAMES[what]))
        self.left[what] -= amount
