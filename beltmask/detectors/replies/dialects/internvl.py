"""InternVL: ``<ref>bolt</ref><box>[[x0, y0, x1, y1], …]</box>``.

x first, in thousandths of the whole picture
(https://internvl.readthedocs.io/en/latest/get_started/chat_data_format.html#grounding-detection-data).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from beltmask.detectors.replies.dialects.tagged_boxes import Tags, read_tagged
from beltmask.detectors.replies.dialects.token_dialect import TokenDialect
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.detectors.replies.units import Convention

CONVENTION = Convention(x_first=True, settled=True)
_TAGS = Tags(label=("<ref>", "</ref>"), box=("<box>", "</box>"))
_PATTERN = _TAGS.pattern


def _read(text: str) -> Iterator[ObjectEntry]:
    return read_tagged(text, tags=_TAGS, pattern=_PATTERN, convention=CONVENTION)


INTERNVL = TokenDialect(re.compile(r"<box>\s*+\["), _TAGS.opening, _read)
