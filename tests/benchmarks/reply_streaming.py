"""A reply that comes in pieces: all our work on it, told early and read whole, but the request.

Run ``python -m tests.benchmarks.reply_streaming``. The peer hears it out, reads the whole once
with json and supervision, and tells nothing before the end; without supervision it is json alone.
"""

from __future__ import annotations

import json
from functools import partial

import numpy as np

from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.streaming import StreamReader
from beltmask.model import Picture
from tests.benchmarks import supervision_peer
from tests.benchmarks.race import race
from tests.benchmarks.written_replies import with_outlines, with_png_masks

LETTERS = 200
"""In one piece."""
PICTURE = Picture("belt", "00" * 32, np.full((1080, 1920, 3), 90, dtype=np.uint8))


def main() -> None:
    for kind, written in (("PNG masks", with_png_masks), ("outlines", with_outlines)):
        for count in (10, 25, 100):
            text = written(count)
            along, whole, peer = race(
                partial(read_along, text),
                partial(read_reply, text, size=PICTURE.size),
                partial(heard_out, text),
            )
            print(
                f"{count:3} {kind}: streamed {along:.1f} ms, at once {whole:.1f} ms, "
                f"peer {peer:.1f} ms, {peer / along:.1f} times",
                flush=True,
            )


def read_along(text: str) -> ReadReply:
    reader = StreamReader(PICTURE)
    for start in range(0, len(text), LETTERS):
        reader.take(text[start : start + LETTERS])
    read = read_reply(text, size=PICTURE.size, decoded=reader.decoded)
    finished = reader.finished(read)
    assert reader.agrees_with(finished)
    return finished


def heard_out(text: str) -> object:
    pieces = [text[start : start + LETTERS] for start in range(0, len(text), LETTERS)]
    whole = "".join(pieces)
    entries = json.loads(whole.strip("`").removeprefix("json"))
    return (
        supervision_peer.parsed(whole, PICTURE.size) if supervision_peer.is_installed() else entries
    )


if __name__ == "__main__":
    main()
