"""What requests will take, before they are sent: a guess, and called one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from beltmask.detectors.base import Estimate
from beltmask.detectors.llm.models import ModelCapabilities
from beltmask.detectors.llm.picture_payload import sent_size
from beltmask.model import Prompt, Size, Usage

_LETTERS_PER_TOKEN = 4
_TOKENS_PER_OBJECT = (280, 910)
"""Outlines were measured at 282 to 908 tokens."""


def estimated(
    prompt: Prompt,
    sizes: Sequence[Size],
    *,
    words: str,
    most_tokens: int,
    row: ModelCapabilities,
    day: date,
) -> Estimate:
    """A request with ``words`` for each picture; thinking, retries and second asks are not in it.

    ``most_tokens`` is where an answer is cut off.
    """
    sent = (sent_size(size, longest=prompt.image_side) for size in sizes)
    each = len(words) // _LETTERS_PER_TOKEN
    tokens_in = sum(each + row.tokens_of_picture(size) for size in sent)
    small, large = _TOKENS_PER_OBJECT
    most = min(most_tokens, large * prompt.object_cap)
    tokens_out = (len(sizes) * small, len(sizes) * most)
    low, high = (row.cost(Usage(tokens_in, out), day=day) for out in tokens_out)
    cost = None if low is None or high is None else (low, high)
    return Estimate(len(sizes), (len(sizes), len(sizes)), tokens_in, tokens_out, cost)
