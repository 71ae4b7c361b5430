"""DeepSeek-VL2: ``<|ref|>bolt<|/ref|><|det|>[[x0, y0, x1, y1], …]<|/det|>``.

x first, on a grid of 0..999 over the whole picture: its authors divide by 999
(https://github.com/deepseek-ai/DeepSeek-VL2, "grounding" in the README, and
deepseek_vl2/serve/app_modules/utils.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from beltmask.detectors.replies.dialects.tagged_boxes import Tags, read_tagged
from beltmask.detectors.replies.dialects.token_dialect import TokenDialect
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.detectors.replies.units import Convention, Units

CONVENTION = Convention(x_first=True, whole=Units(999.0, 999.0), settled=True)
_TAGS = Tags(label=("<|ref|>", "<|/ref|>"), box=("<|det|>", "<|/det|>"))
_PATTERN = _TAGS.pattern


def _read(text: str) -> Iterator[ObjectEntry]:
    return read_tagged(text, tags=_TAGS, pattern=_PATTERN, convention=CONVENTION)


DEEPSEEK_VL2 = TokenDialect(re.compile(r"<\|(?:ref|det)\|>"), _TAGS.opening, _read)
