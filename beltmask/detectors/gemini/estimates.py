"""What a run will take, before it is asked: a guess, and called one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from beltmask.detectors.gemini.request import generation_config, prompt_text
from beltmask.detectors.llm.models import ModelCapabilities
from beltmask.detectors.llm.picture_encoding import sent_size
from beltmask.detectors.tiling import tiles_for
from beltmask.model import Prompt, Size, Tiling, Usage

_LETTERS_PER_TOKEN = 4
_TOKENS_PER_OBJECT = (280, 910)
"""Outlines were measured at 282 to 908 tokens."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens and USD: from one object per request to as many as allowed.

    ``requests``: fewest and most. ``input_tokens`` are those of the most. ``cost`` is None where
    the price is not known.
    """

    pictures: int
    requests: tuple[int, int]
    input_tokens: int
    output_tokens: tuple[int, int]
    cost: tuple[float, float] | None


def estimate(
    prompt: Prompt, sizes: Sequence[Size], *, row: ModelCapabilities, day: date
) -> Estimate:
    """For pictures of ``sizes``; thinking, retries and second asks are not in it."""
    words = len(prompt_text(prompt, row=row)) // _LETTERS_PER_TOKEN
    views = [_views(size, prompt) for size in sizes]
    asked = [list(chain.from_iterable(pair[end] for pair in views)) for end in (0, 1)]
    in_low, in_high = (sum(words + row.tokens_of_picture(view) for view in one) for one in asked)
    longest = generation_config(prompt, row)["max_output_tokens"]
    small, large = _TOKENS_PER_OBJECT
    requests = (len(asked[0]), len(asked[1]))
    tokens_out = (requests[0] * small, requests[1] * min(longest, large * prompt.object_cap))
    low = row.cost(Usage(in_low, tokens_out[0]), day=day)
    high = row.cost(Usage(in_high, tokens_out[1]), day=day)
    cost = None if low is None or high is None else (low, high)
    return Estimate(len(sizes), requests, in_high, tokens_out, cost)


def _views(size: Size, prompt: Prompt) -> tuple[list[Size], list[Size]]:
    """What is sent of a picture at least, and at most."""
    whole = sent_size(size, longest=prompt.image_side)
    tiles = [(tile.width, tile.height) for tile in tiles_for(size, prompt)]
    if len(tiles) == 1:
        return [whole], [whole]
    return (tiles, tiles) if prompt.tiling is Tiling.TILES else ([whole], [whole, *tiles])
