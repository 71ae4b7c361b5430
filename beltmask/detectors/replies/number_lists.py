"""Lists of numbers as JSON writes them, most of what outlines are: each in one step."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_SPACE = r"[ \t\r\n]*+"
_NUMBER = r"-?(?:0|[1-9][0-9]{0,13}+)(?:\.[0-9]++)?+(?:[eE][-+]?+[0-9]++)?+"
"""Short enough to be a whole number where it has neither point nor exponent."""


def _list_of(item: str) -> str:
    return rf"\[{_SPACE}{item}(?:{_SPACE},{_SPACE}{item})*+{_SPACE}\]"


_FLAT = re.compile(_list_of(_NUMBER))
_FLAT_OR_NESTED = re.compile(f"{_list_of(_NUMBER)}|{_list_of(_list_of(_NUMBER))}")


@dataclass(frozen=True, slots=True)
class NumberList:
    """``values`` are numbers or, with the spans of the lists ``inner``, lists of numbers.

    ``tokens`` counts its brackets and numbers.
    """

    values: list[Any]
    span: tuple[int, int]
    inner: list[tuple[int, int]]
    tokens: int


def number_list_at(text: str, start: int) -> NumberList | None:
    """The list that opens at ``start``; None when anything but plain numbers is in it."""
    found = _FLAT_OR_NESTED.match(text, start)
    if found is None:
        return None
    words, values = found[0], json.loads(found[0])
    nested = isinstance(values[0], list)
    inner = [flat.span() for flat in _FLAT.finditer(text, start + 1, found.end())] if nested else []
    tokens = 2 * words.count("[") + words.count(",") + 1
    return NumberList(values, found.span(), inner, tokens)
