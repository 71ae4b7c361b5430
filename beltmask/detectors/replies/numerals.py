"""Numbers in what a model wrote, as numbers or in strings."""

from __future__ import annotations

import math
import re

from beltmask.detectors.replies.loose_json import ListNode, Value

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,4})?")
_NUMBERS_ONLY = re.compile(r"[\s\d.,;:eE+()\[\]-]*")


def number_in(value: Value) -> float | None:
    """A finite number, also from a string that holds just one."""
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value.strip()) else None
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def numbers_in(value: Value, *, most: int) -> list[float] | None:
    """The numbers of a flat list, or of a string such as "[1, 2.5]".

    None if anything else is in it or there are more than ``most``.
    """
    if isinstance(value, str):
        return _numbers_in_text(value, most=most)
    if not isinstance(value, ListNode):
        return None
    if len(value) == 1 and isinstance(value[0], ListNode | str):
        return numbers_in(value[0], most=most)
    if len(value) > most:
        return None
    numbers = [number_in(item) for item in value]
    return None if None in numbers else [n for n in numbers if n is not None]


def is_numbers(text: str) -> bool:
    """Whether a string holds nothing but numbers, brackets and separators."""
    return any(c.isdigit() for c in text[:100]) and _NUMBERS_ONLY.fullmatch(text) is not None


def _numbers_in_text(text: str, *, most: int) -> list[float] | None:
    if len(text) > 40 * most or not is_numbers(text):
        return None
    numbers = [float(found) for found in _NUMBER.findall(text)]
    return numbers if len(numbers) <= most and all(map(math.isfinite, numbers)) else None
