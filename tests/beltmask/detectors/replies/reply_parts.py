"""Small pieces that tests of replies are put together from."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable

import numpy as np
from PIL import Image

from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.model import BoolArray, Finding, Mask, Size

SIZE: Size = (200, 100)
BOX = [100, 100, 500, 300]
"""x 20..60, y 10..50 in a picture of SIZE."""
SQUARE_YX = [[100, 100], [100, 300], [500, 300], [500, 100]]


def png_uri(bits: BoolArray, *, mode: str = "L") -> str:
    """The bits as a PNG data URI of 0 and 255 in any of Pillow's modes."""
    return "data:image/png;base64," + png_base64(bits, mode=mode)


def png_base64(bits: BoolArray, *, mode: str = "L") -> str:
    grey = Image.fromarray(np.where(bits, 255, 0).astype(np.uint8))
    image = grey.convert(mode)
    if mode == "RGBA":
        image = Image.new("RGBA", grey.size, (255, 0, 0))
        image.putalpha(grey)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def entry(**fields: object) -> str:
    """One entry as JSON, with a box and a label unless told otherwise."""
    return json.dumps({"box_2d": BOX, "label": "bolt"} | fields)


def read(text: str, size: Size = SIZE) -> ReadReply:
    return read_reply(text, size=size)


def read_one(**fields: object) -> Finding:
    """The only object of a reply with one entry."""
    (finding,) = read(f"[{entry(**fields)}]").findings
    return finding


def mask_of(finding: Finding) -> Mask:
    assert finding.mask is not None
    return finding.mask


def kinds(reply: ReadReply) -> list[str]:
    return [problem.kind for problem in reply.problems]


def boxes(reply: ReadReply) -> list[tuple[int, int, int, int]]:
    return [finding.box.corners for finding in reply.findings]


def labels(findings: Iterable[Finding]) -> list[str]:
    return [finding.label for finding in findings]
