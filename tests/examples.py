"""How much of a property is tried: some each time, more by ``--hypothesis-profile=exploring``."""

from __future__ import annotations

from hypothesis import settings


def examples(each_time: int, *, exploring: int) -> int:
    """The number that the chosen profile asks for."""
    return each_time if settings.default is not None and settings.default.derandomize else exploring
