"""What a run will take, before it is asked: a guess, and called one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from beltmask.detectors.gemini.models import ModelCapabilities
from beltmask.detectors.gemini.request import generation_config, prompt_text, sent_size
from beltmask.model import Prompt, Size, Usage

_LETTERS_PER_TOKEN = 4
_TOKENS_PER_OBJECT = (280, 910)
"""Outlines were measured at 282 to 908 tokens."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens and USD of one request per picture: from one object each to as many as allowed.

    ``cost`` is None where the price is not known.
    """

    pictures: int
    input_tokens: int
    output_tokens: tuple[int, int]
    cost: tuple[float, float] | None


def estimate(
    prompt: Prompt, sizes: Sequence[Size], *, row: ModelCapabilities, day: date
) -> Estimate:
    """For pictures of ``sizes``; thinking, retries and second asks are not in it."""
    words = len(prompt_text(prompt, row=row)) // _LETTERS_PER_TOKEN
    sent = [sent_size(size, longest=prompt.image_side) for size in sizes]
    tokens_in = sum(words + row.tokens_of_picture(size) for size in sent)
    most = generation_config(prompt, row)["max_output_tokens"]
    fewest, largest = _TOKENS_PER_OBJECT
    tokens_out = (len(sizes) * fewest, len(sizes) * min(most, largest * prompt.object_cap))
    low, high = (row.cost(Usage(tokens_in, out), day=day) for out in tokens_out)
    cost = None if low is None or high is None else (low, high)
    return Estimate(len(sizes), tokens_in, tokens_out, cost)
