"""What models behind an OpenAI-compatible server count places in.

Nearly all of them write thousandths when asked to, and Qwen3-VL, GLM-V and InternVL were trained
on them. Qwen2.5-VL was trained on pixels of the picture as its own preprocessor resized it
(https://github.com/QwenLM/Qwen3-VL/issues/721): it is asked for pixels, and sent sizes that the
preprocessor leaves alone.
"""

from __future__ import annotations

import math
import re

from beltmask.detectors.llm.picture_payload import sent_size
from beltmask.detectors.replies.units import Convention
from beltmask.model import Prompt, Size

_COUNT_PIXELS = re.compile(r"qwen[-_]?2[._-]?5[-_]?(?:vl|omni)", re.IGNORECASE)
_PATCH = 28


def counts_pixels(model: str) -> bool:
    """Whether a model of this name is asked for pixels, not for thousandths."""
    return _COUNT_PIXELS.search(model) is not None


def size_for(size: Size, *, model: str, longest: int) -> Size:
    """(width, height) at which a picture of ``size`` is sent to a model."""
    sent = sent_size(size, longest=longest)
    return _in_patches(sent) if counts_pixels(model) else sent


def convention_for(prompt: Prompt, size: Size) -> Convention:
    """How places in a picture of ``size`` were asked for; ``prompt`` names the model."""
    seen = size_for(size, model=prompt.model, longest=prompt.image_side)
    return Convention(x_first=True, counts_pixels=counts_pixels(prompt.model), seen=seen)


def _in_patches(size: Size) -> Size:
    """The largest size of whole patches that distorts a picture about as little as can be."""
    longer, ratio = max(size), size[0] / size[1]
    most = max(1, longer // _PATCH)
    fitting = [_with_sides(n, ratio) for n in range(most, math.ceil(0.9 * most) - 1, -1)]
    return min(fitting, key=lambda fit: round(abs(math.log(fit[0] / fit[1] / ratio)), 2))


def _with_sides(patches: int, ratio: float) -> Size:
    shorter = max(1, round(patches * min(ratio, 1 / ratio)))
    width, height = (patches, shorter) if ratio >= 1 else (shorter, patches)
    return (width * _PATCH, height * _PATCH)
