"""Qwen-VL and Qwen2-VL: a label, then ``(x0,y0),(x1,y1)``, both between tokens.

Qwen-VL: ``<ref>bolt</ref><box>(…),(…)</box>``, and ``<quad>`` with four corners; 0..999 of a
picture that measures 1000 (https://github.com/QwenLM/Qwen-VL, TUTORIAL.md).

Qwen2-VL: ``<|object_ref_start|>bolt<|object_ref_end|><|box_start|>(…),(…)<|box_end|>``, 0..999
as well (https://arxiv.org/abs/2409.12191, section 2.2.1). Qwen2.5-VL keeps the tokens and
counts pixels (https://arxiv.org/abs/2502.13923, section 2.2): there the numbers decide, and
what was asked for. Servers that strip special tokens leave ``bolt(…),(…)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from beltmask.detectors.replies.dialects.tagged_boxes import Tags, read_tagged
from beltmask.detectors.replies.dialects.token_dialect import (
    TokenDialect,
    corners,
    entry_of,
    label_in,
)
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.detectors.replies.units import Convention

CONVENTION = Convention(x_first=True, settled=True)
EITHER = Convention(x_first=True)
"""Thousandths or pixels."""
_TAGS = Tags(label=("<ref>", "</ref>"), box=("<box>", "</box>"), quad=("<quad>", "</quad>"))
_TAGS_2 = Tags(
    label=("<|object_ref_start|>", "<|object_ref_end|>"),
    box=("<|box_start|>", "<|box_end|>"),
    quad=("<|quad_start|>", "<|quad_end|>"),
)
_PATTERN, _PATTERN_2 = _TAGS.pattern, _TAGS_2.pattern
_BARE = re.compile(r"\(\d{1,5},\s?\d{1,5}\),\s?\(\d{1,5},\s?\d{1,5}\)")
_BROKEN = re.compile(
    r"\(\d{1,5}(?:,(?:\s?\d{1,5}(?:\)(?:,(?:\s?\((?:\d{1,5}(?:,\s?\d*)?)?)?)?)?)?)?\Z"
)
_LONGEST_LABEL, _LONGEST_BOX = 200, 40


def _read(text: str) -> Iterator[ObjectEntry]:
    return read_tagged(text, tags=_TAGS, pattern=_PATTERN, convention=CONVENTION)


def _read_2(text: str) -> Iterator[ObjectEntry]:
    return read_tagged(text, tags=_TAGS_2, pattern=_PATTERN_2, convention=EITHER)


def _read_bare(text: str) -> Iterator[ObjectEntry]:
    """Boxes that touch their label, or stand where a line or the box before ends."""
    end, label = 0, None
    for match in _BARE.finditer(text):
        before = text[max(end, match.start() - _LONGEST_LABEL) : match.start()]
        line = before.rpartition("\n")[2]
        if line.strip(" ,;") and line[-1].isspace():
            continue
        label = label_in(line) if line.strip(" ,;") else (None if "\n" in before else label)
        numbers = [float(number) for number in re.findall(r"\d+", match[0])]
        fields = {"label": label, "box": corners(numbers)}
        yield entry_of(fields, match.span(), EITHER, beside=f"\n{label}")
        end = match.end()
    broken = _BROKEN.search(text, max(end, len(text) - _LONGEST_BOX))
    if broken is not None and end:
        yield entry_of({}, broken.span(), EITHER, cut=True)


QWEN_VL = TokenDialect(re.compile(r"<(?:box|quad)>\s*+\("), _TAGS.opening, _read)
QWEN2_VL = TokenDialect(re.compile(r"<\|(?:box|quad)_start\|>"), _TAGS_2.opening, _read_2)
QWEN2_BARE = TokenDialect(_BARE, None, _read_bare)
