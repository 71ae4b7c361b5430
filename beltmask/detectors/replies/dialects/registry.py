"""The dialects of tokens a reply is tried for, and its objects in the one it is written in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from beltmask.detectors.replies.dialects.deepseek import DEEPSEEK_VL2
from beltmask.detectors.replies.dialects.florence import FLORENCE_2
from beltmask.detectors.replies.dialects.internvl import INTERNVL
from beltmask.detectors.replies.dialects.molmo import MOLMO
from beltmask.detectors.replies.dialects.paligemma import PALIGEMMA
from beltmask.detectors.replies.dialects.qwen import QWEN2_BARE, QWEN2_VL, QWEN_VL
from beltmask.detectors.replies.loose_json import ObjectNode, TopValue
from beltmask.detectors.replies.object_entries import ObjectEntry

TOKEN_DIALECTS = (
    PALIGEMMA,
    FLORENCE_2,
    DEEPSEEK_VL2,
    QWEN2_VL,
    QWEN_VL,
    INTERNVL,
    MOLMO,
    QWEN2_BARE,
)
"""In the order they are tried: what needs no tokens comes last."""
MAX_ENTRIES = 20_000
_AROUND = " \t\r\n`\"'"


def has_marks(text: str) -> bool:
    """Whether ``text`` may be written in one of them."""
    return any(one.mark.search(text) for one in TOKEN_DIALECTS)


def read_tokens(text: str) -> tuple[list[ObjectEntry], int]:
    """The objects of ``text``, at most ``MAX_ENTRIES``, and where that begins which was not read.

    None where it is written in no dialect of tokens.
    """
    for dialect in TOKEN_DIALECTS:
        if not dialect.mark.search(text):
            continue
        entries = list(islice(dialect.read(text), MAX_ENTRIES + 1))
        if len(entries) > MAX_ENTRIES:
            last = entries.pop().node
            return entries, 0 if last is None else last.span[0]
        if entries:
            return entries, len(text)
    return [], len(text)


def says_nothing(text: str, values: Sequence[TopValue]) -> bool:
    """Whether a reply is what a dialect says where it found nothing, alone or as one string."""
    said = text.strip(_AROUND)
    if len(values) == 1 and isinstance(values[0].node, ObjectNode):
        strings = [value for value in values[0].node.values() if isinstance(value, str)]
        said = strings[0].strip(_AROUND) if len(strings) == len(values[0].node) == 1 else said
    return any(one.nothing == said for one in TOKEN_DIALECTS if one.nothing)
