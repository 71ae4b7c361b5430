"""Reading a reply with PNG masks: ours against supervision's parser, in turns in one process.

Run ``python -m tests.benchmarks.reply_parser``. supervision is no part of BeltMask: install
``supervision==0.31.*`` beside it first; without it only our own figures are printed.
"""

from __future__ import annotations

import base64
import importlib.util
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import cv2
import numpy as np

from beltmask.detectors.replies.reader import read_reply
from beltmask.model import Size
from tests.benchmarks.overlay import race

SIZES: tuple[Size, ...] = ((1152, 864), (1920, 1080), (4096, 3000))
COUNTS = (3, 25, 100, 300)


def main() -> None:
    peer = supervision_parser()
    if peer is None:
        print("supervision is not installed: only our own figures")
    for size in SIZES:
        for count in COUNTS:
            print(f"{size[0]} x {size[1]}, {count:3} objects: {compared(reply(count), size, peer)}")


def compared(text: str, size: Size, peer: Callable[..., Any] | None) -> str:
    ours = partial(read_reply, text, size=size)
    if peer is None:
        (milliseconds,) = race(ours)
        return f"{milliseconds:.1f} ms"
    mine, theirs = race(ours, partial(peer, text, size))
    same = len(ours().findings) == len(peer(text, size)[0])
    told = "as many objects" if same else "NOT as many objects"
    return f"{mine:.1f} ms, supervision {theirs:.0f} ms, {theirs / mine:.0f} times; {told}"


def supervision_parser() -> Callable[..., Any] | None:
    if importlib.util.find_spec("supervision") is None:
        return None
    from supervision.detection.vlm import from_google_gemini_2_5  # noqa: PLC0415

    def parse(text: str, size: Size) -> Any:
        return from_google_gemini_2_5(text, size)

    return parse


def reply(count: int) -> str:
    """A fenced list of objects of 4 to 15 % of the picture's sides, masks of 256 x 256."""
    random = np.random.default_rng(count)
    entries = [_entry(random, number) for number in range(count)]
    return "```json\n[\n  " + ",\n  ".join(map(json.dumps, entries)) + "\n]\n```"


def _entry(random: np.random.Generator, number: int) -> dict[str, object]:
    y, x = (int(value) for value in random.integers(0, 800, 2))
    height, width = (int(value) for value in random.integers(40, 150, 2))
    mask = "data:image/png;base64," + base64.b64encode(_png(random)).decode()
    return {"box_2d": [y, x, y + height, x + width], "mask": mask, "label": f"part {number}"}


def _png(random: np.random.Generator) -> bytes:
    """As every recorded mask: 256 x 256, grey, 0 and 255, one IDAT, no filter."""
    grey = np.zeros((256, 256), dtype=np.uint8)
    angle = float(random.integers(0, 180))
    cv2.ellipse(grey, (128, 128), (120, int(random.integers(60, 120))), angle, 0, 360, 255, -1)
    written, data = cv2.imencode(
        ".png", grey, [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE]
    )
    assert written
    return data.tobytes()


if __name__ == "__main__":
    main()
