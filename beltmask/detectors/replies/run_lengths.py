"""Masks as run lengths: COCO's compressed string, or a list of counts.

Column-major, the first run counts zeros (pycocotools ``maskApi.c``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np

from beltmask.detectors.replies.decode_limits import DecodeLimits
from beltmask.detectors.replies.loose_json import ListNode, ObjectNode, Value
from beltmask.detectors.replies.numerals import numbers_in
from beltmask.detectors.replies.object_frame import ObjectFrame, rescaled
from beltmask.errors import UnusableValueError
from beltmask.masks import mask_from_crop
from beltmask.messages import Message
from beltmask.model import Mask, Size

MAX_LETTERS = 400_000
MAX_PIXELS = 64_000_000
_ALPHABET = re.compile(r"[0-o]{4,}")


def looks_like_rle(text: str) -> bool:
    return _ALPHABET.fullmatch(text) is not None


def read_run_lengths(value: Value, place: ObjectFrame) -> Mask | None:
    """A mask as a compressed string, or as ``{"size": [h, w], "counts": ...}``.

    Raises:
        ValueError: It cannot be read, or its size can neither be known nor guessed.
        OverLimitError: The reply's masks are too much together.
    """
    counts = value.get("counts") if isinstance(value, ObjectNode) else value
    place.limits.spend("run lengths", len(counts) if isinstance(counts, str | ListNode) else 0)
    runs = runs_in(counts) if isinstance(counts, str) else _listed(counts)
    total = checked_total(runs)
    size = _given_size(value, total) or _guessed_size(runs, total, place)
    mask = mask_of_runs(runs, size, place.limits)
    return None if mask is None else rescaled(mask, size, place)


def runs_in(counts: str) -> list[int]:
    """The run lengths of a compressed string.

    Raises:
        ValueError: It is no such string.
    """
    if len(counts) > MAX_LETTERS:
        raise UnusableValueError(Message("replies.runs_too_long"))
    runs: list[int] = []
    for value in _letters_to_numbers(counts):
        runs.append(value + runs[-2] if len(runs) > 2 else value)
    return runs


def checked_total(runs: Sequence[int]) -> int:
    """How many pixels the runs cover.

    Raises:
        ValueError: A run is negative, or there are too many pixels.
    """
    total = sum(runs)
    if not runs or min(runs) < 0:
        raise UnusableValueError(Message("replies.run_negative"))
    if not 0 < total <= MAX_PIXELS:
        raise UnusableValueError(Message("replies.runs_cover", total=total))
    return total


def mask_of_runs(runs: Sequence[int], size: Size, limits: DecodeLimits) -> Mask | None:
    """The mask the runs draw in a picture of ``size``; only its own columns are unrolled.

    Raises:
        OverLimitError: The reply's masks are too much together.
    """
    height = size[1]
    ends = np.cumsum(np.asarray(runs, dtype=np.int64))
    ones = np.flatnonzero(np.asarray(runs[1::2])) * 2 + 1
    if ones.size == 0:
        return None
    left, right = int(ends[ones[0] - 1]) // height, (int(ends[ones[-1]]) - 1) // height + 1
    limits.spend("drawn pixels", (right - left) * height)
    within = np.clip(ends, left * height, right * height)
    lengths = within - np.concatenate(([left * height], within[:-1]))
    drawn = np.repeat(np.arange(len(runs)) % 2 == 1, lengths)
    flags = np.pad(drawn, (0, (right - left) * height - drawn.size))
    return mask_from_crop(flags.reshape(right - left, height).T, left, 0)


def shape_for(total: int, like: Size, *, slack: float = 0.03) -> Size | None:
    """(width, height) with that many pixels and about the proportions of ``like``.

    A model that saw a smaller copy of the picture counts in the copy's pixels.
    """
    ideal = math.sqrt(total * like[1] / like[0])
    reach = max(1, int(ideal * slack))
    heights = range(max(1, round(ideal) - reach), round(ideal) + reach + 1)
    fitting = [height for height in heights if total % height == 0]
    if not fitting:
        return None
    height = min(fitting, key=lambda height: abs(height - ideal))
    return (total // height, height)


def _given_size(value: Value, total: int) -> Size | None:
    given = value.get("size") if isinstance(value, ObjectNode) else None
    numbers = numbers_in(given, most=2) or []
    if len(numbers) != 2 or int(numbers[0]) * int(numbers[1]) != total:
        return None
    return (int(numbers[1]), int(numbers[0]))


def _guessed_size(runs: Sequence[int], total: int, place: ObjectFrame) -> Size:
    """Nobody said how high a column is: the picture's size or the box's, exactly or nearly."""
    likely = [size for size in (place.size, place.extent) if size is not None]
    exact = [size for size in likely if size[0] * size[1] == total]
    copies = [copy for size in likely if (copy := shape_for(total, size)) is not None]
    short = [size for size in likely if size[0] * size[1] > total]  # the last zeros left out
    period = _column_height(runs)
    fitting = [copy for copy in copies if period is None or _near(copy[1], period)]
    fitting += [size for size in short if period is not None and _near(size[1], period)]
    if not exact and not fitting:
        raise UnusableValueError(Message("replies.runs_fit_nothing", total=total))
    return (exact or fitting)[0]


def _column_height(runs: Sequence[int]) -> float | None:
    """How far apart an object's columns begin, which is a column's height but for its slant."""
    strides = [ones + zeros for ones, zeros in zip(runs[1:-1:2], runs[2:-1:2], strict=False)]
    return median(strides) if len(strides) > 2 else None


def _near(height: int, period: float) -> bool:
    return abs(height - period) <= 2 + 0.05 * height


def _listed(counts: Value) -> list[int]:
    numbers = numbers_in(counts, most=MAX_LETTERS)
    if numbers is None:
        raise UnusableValueError(Message("replies.runs_no_number"))
    return [int(number) for number in numbers]


def _letters_to_numbers(counts: str) -> Iterator[int]:
    value = shift = 0
    for letter in counts:
        bits = ord(letter) - 48
        value |= (bits & 0x1F) << shift
        shift += 5
        if shift > 40:
            raise UnusableValueError(Message("replies.run_too_long"))
        if not bits & 0x20:
            yield value - (1 << shift) if bits & 0x10 else value
            value = shift = 0
    if shift:
        raise UnusableValueError(Message("replies.runs_cut_short"))
