"""Numbers with their nouns, as people say them."""

from __future__ import annotations


def counted(number: int, noun: str, several: str = "") -> str:
    """Such as "1 object" or "1,200 objects"; ``several`` is a plural without a plain s."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"
