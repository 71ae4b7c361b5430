"""Masks written as codes of a codebook: ``<start_of_mask><seg_12><seg_7>...``, 16 of them.

Gemini's codebook is not public; PaliGemma's is (``<seg042>``), and weighs 8 MB that not everybody
has. So nothing here decodes them: whoever has a decoder hands it to ``reader.read_reply``;
without one the object keeps its box.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from beltmask.errors import UnusableValueError
from beltmask.messages import Message
from beltmask.model import Pixels

MOST_CODES = 1024
_CODE = re.compile(r"<seg_?(\d{1,5})>")
_ANY_CODE = re.compile(r"<seg_?\d|<seg_|<start_of_mask>")


class TokenDecoder(Protocol):
    """Codes of one mask -> how sure each place of the object's box is."""

    def __call__(self, codes: Sequence[int]) -> Pixels:
        """Grey levels 0..255, shape (rows, columns) of any size, laid over the box.

        Raises:
            ValueError: These codes are no mask.
        """
        ...


def looks_like_tokens(text: str) -> bool:
    return _ANY_CODE.search(text) is not None


def read_tokens(text: str, decoder: TokenDecoder | None) -> Pixels:
    """What ``decoder`` makes of the codes in ``text``.

    Raises:
        ValueError: There is no decoder, or it cannot read them.
    """
    if decoder is None:
        raise UnusableValueError(Message("replies.codes_unknown"))
    codes = [int(code) for code in _CODE.findall(text[: 16 * MOST_CODES])]
    grey = np.asarray(decoder(codes))
    if grey.ndim != 2 or grey.size == 0 or grey.dtype != np.uint8:
        raise UnusableValueError(Message("replies.codes_without_picture"))
    return grey
