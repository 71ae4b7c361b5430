"""A reply that is whole: from its text to masks, to the store, to the screen; against supervision.

Run ``python -m tests.benchmarks.reply_parser``. Stored are the run lengths of every mask, on the
screen is the picture at 1600 px with every mask tinted. Without supervision (``supervision_peer``)
only our own figures are printed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from beltmask.detectors.replies.reader import read_reply
from beltmask.model import Pixels, Size
from beltmask.palette import color_for
from beltmask.render import OverlayObject, display_overlay
from beltmask.store.shapes import shape_columns
from tests.benchmarks import supervision_peer
from tests.benchmarks.race import race
from tests.benchmarks.written_replies import with_outlines, with_png_masks

SIZES: tuple[Size, ...] = ((1152, 864), (1920, 1080), (4096, 3000))
COUNTS = (3, 25, 100, 300)
SIDE = 1600


def main() -> None:
    if not supervision_peer.is_installed():
        print("supervision is not installed: only our own figures")
    for kind, written in (("PNG masks", with_png_masks), ("outlines", with_outlines)):
        for size in SIZES:
            for count in COUNTS:
                print(f"{size[0]} x {size[1]}, {count} {kind}")
                print(compared(written(count), size), flush=True)


def compared(text: str, size: Size) -> str:
    pixels = np.full((size[1], size[0], 3), 90, dtype=np.uint8)
    small = np.array(display_overlay(pixels, [], SIDE))
    ways: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "masks": (
            partial(read_reply, text, size=size),
            partial(supervision_peer.parsed, text, size),
        ),
        "stored": (partial(stored, text, size), partial(supervision_peer.stored, text, size)),
        "on the screen": (
            partial(on_screen, text, size, small),
            partial(supervision_peer.on_screen, text, pixels, SIDE),
        ),
    }
    return "\n".join(f"  {name}: {_raced(*both)}" for name, both in ways.items())


def stored(text: str, size: Size) -> list[dict[str, Any]]:
    findings = read_reply(text, size=size).findings
    return [shape_columns(one.box, one.mask) for one in findings]


def on_screen(text: str, size: Size, small: Pixels) -> Pixels:
    """Painted over the copy for screens, which was made when the picture was added."""
    objects = [
        OverlayObject(number, one.box, one.mask, color_for(number))
        for number, one in enumerate(read_reply(text, size=size).findings)
    ]
    return display_overlay(
        small, objects, SIDE, size=size, outlines=False, boxes=False, chips=False
    )


def _raced(ours: Callable[[], Any], peer: Callable[[], Any]) -> str:
    if not supervision_peer.is_installed():
        (milliseconds,) = race(ours)
        return f"{milliseconds:.1f} ms"
    mine, theirs = race(ours, peer)
    return f"{mine:.1f} ms, supervision {theirs:.0f} ms, {theirs / mine:.0f} times"


if __name__ == "__main__":
    main()
