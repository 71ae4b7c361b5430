"""What Florence-2's own post-processor makes of its tokens: ``{"<OD>": {"bboxes": …, …}}``.

The task is the key, and all below it is in pixels of the picture, x first
(https://huggingface.co/microsoft/Florence-2-large/blob/main/processing_florence2.py). The lists
themselves are read by ``parallel_lists``.
"""

from __future__ import annotations

import re

from beltmask.detectors.replies.units import Convention

CONVENTION = Convention(x_first=True, counts_pixels=True, settled=True)
_TASK = re.compile(r"<[a-z_]{2,40}>")


def convention_at(key: str, convention: Convention | None) -> Convention | None:
    """How places under ``key`` are written, where those around it are in ``convention``."""
    return CONVENTION if _TASK.fullmatch(key) else convention
