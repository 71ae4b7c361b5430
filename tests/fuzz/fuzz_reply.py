"""Any bytes at all into the reader of replies: objects inside the picture, or a declared error.

By hand, best for ten minutes or more:

    pip install atheris
    python -m tests.fuzz.fuzz_reply -max_total_time=600 [FOLDER OF REPLIES]

atheris follows which lines are reached; it is no part of requirements-dev.txt because it has
wheels for few platforms. Without it the script mutates the replies of the folder (or a few of its
own) at random, for as many seconds as ``-max_total_time`` says. What breaks is printed as
``repr`` and ends the script; make it a test before mending it.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from beltmask.detectors.replies.reader import MAX_OBJECTS, read_reply
from beltmask.errors import UnreadableReplyError
from beltmask.model import Size
from tests.beltmask.detectors.replies.reply_parts import SQUARE_YX, entry, png_uri

SIZES: Sequence[Size] = ((64, 48), (200, 100), (1, 1), (1920, 1080))
SLOW = 3.0
_GLUE = [*"[]{},:\"'`\\\n .-+e", "null", "NaN", "1e999", "1001", "0.5", "```json\n", "}, {", "</"]


def fuzz_one(data: bytes) -> None:
    """Raises AssertionError, or whatever the reader should not have raised."""
    text = data.decode("utf-8", "surrogateescape")
    size = SIZES[len(data) % len(SIZES)]
    started = time.perf_counter()
    try:
        reply = read_reply(text, size=size, object_cap=2)
    except UnreadableReplyError:
        return
    finally:
        assert time.perf_counter() - started < SLOW, "too slow"
    assert len(reply.findings) == len(reply.numbers) == len(reply.spans or reply.findings)
    assert len(reply.findings) <= MAX_OBJECTS
    for finding in reply.findings:
        assert finding.box.clipped(size) == finding.box
        if finding.mask is not None:
            assert finding.mask.area > 0
            assert finding.box.hull(finding.mask.box) == finding.box
    for problem in reply.problems:
        assert problem.detail.isprintable(), problem
        if problem.span is not None:
            assert 0 <= problem.span[0] < problem.span[1] <= len(text), problem


def main(arguments: Sequence[str]) -> None:
    if importlib.util.find_spec("atheris") is not None:
        atheris = importlib.import_module("atheris")
        atheris.instrument_all()
        atheris.Setup(list(arguments), fuzz_one)
        atheris.Fuzz()
        return
    seconds = [a.partition("=")[2] for a in arguments if a.startswith("-max_total_time=")]
    folders = [Path(a) for a in arguments[1:] if not a.startswith("-")]
    mutate(seeds(folders), seconds=float(seconds[0]) if seconds else 60.0)


def seeds(folders: Sequence[Path]) -> list[str]:
    found = [p.read_text("utf-8", "replace") for f in folders for p in sorted(f.glob("*.txt"))]
    png = png_uri(np.tri(16, dtype=np.bool_))
    masks = [png, SQUARE_YX, [True] * 9, "<start_of_mask><seg_1><seg_2>", {"counts": "0o1Q"}, None]
    entries = [entry(label=f"o{number}", mask=mask) for number, mask in enumerate(masks)]
    body = {"candidates": [{"content": {"parts": [{"text": f"[{entries[0]}]"}]}}]}
    return [*found, f"```json\n[{', '.join(entries)}]\n```", json.dumps(body), "[]"]


def mutate(texts: Sequence[str], *, seconds: float) -> None:
    seed = time.time_ns()
    chance, end, count = random.Random(seed), time.monotonic() + seconds, 0  # noqa: S311
    while time.monotonic() < end:
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 6)):
            text = _changed(text, chance, texts)
        data = text.encode("utf-8", "surrogateescape")
        try:
            fuzz_one(data)
        except BaseException:
            print(f"seed {seed}, after {count} texts:\n{data!r}")
            raise
        count += 1
    print(f"{count} texts in {seconds:.0f} s, nothing found")


def _changed(text: str, chance: random.Random, texts: Sequence[str]) -> str:
    start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    end = min(end, start + chance.choice((1, 5, 50, 5000)))
    match chance.randrange(6):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return f"{text[:start]}{chance.choice(_GLUE)}{text[start:]}"
        case 2:
            return text[:end] + text[start:end] * chance.randint(1, 40) + text[end:]
        case 3:
            return text[:start]
        case 4:
            return text[:start] + chance.choice(texts)[:20_000] + text[end:]
        case _:
            return (
                text[:start] + chr(chance.choice((0, 9, 34, 92, 125, 0x2028, 0x1F600))) + text[end:]
            )


if __name__ == "__main__":
    main(sys.argv)
