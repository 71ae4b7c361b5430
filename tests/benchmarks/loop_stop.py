"""What stopping a looping model saves: letters sent and seconds, against hearing it out.

Run ``python -m tests.benchmarks.loop_stop``. The local server writes 200 letters every 5 ms,
some 100 times as fast as a real model; after half of its answer it repeats itself until its
tokens are used up, as recorded replies did. The peer is the SDK's own stream, read to its end.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from google import genai
from google.genai import types
from pydantic import SecretStr

from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.detectors.gemini.request import build_request
from beltmask.masks import mask_from_box
from beltmask.model import Box, Picture, Prompt
from beltmask.runs import TaskAnswer
from tests.gemini_server import GeminiServer
from tests.gemini_truth import KnownObject, known_picture

PAUSE = 0.005
BELT = Picture("belt", "00" * 32, np.full((300, 400, 3), 90, dtype=np.uint8))
PROMPT = Prompt("gemini", "bolts")
BOLTS = [KnownObject("bolt", mask_from_box(Box(x, 30, x + 60, 80))) for x in (40, 140)]
FAULTS = ("loop", "loop_true", "loop_object")


def main() -> None:
    with GeminiServer(truth=[known_picture("belt", BELT.pixels, BOLTS)]) as server:
        server.pause = PAUSE
        for fault in FAULTS:
            server.every_fault = fault
            letters, seconds = measured(server, heard_out)
            ours, our_seconds = measured(server, stopped)
            print(
                f"{fault}: {ours:,} letters instead of {letters:,} (1/{letters / ours:.0f}), "
                f"{our_seconds:.2f} s instead of {seconds:.2f} s (1/{seconds / our_seconds:.0f})"
            )


def stopped(url: str) -> None:
    gemini = GeminiDetector(api_key=SecretStr("any"), base_url=url)
    TaskAnswer().take(gemini.detect(BELT, PROMPT))
    gemini.close()


def heard_out(url: str) -> None:
    request = build_request(BELT, PROMPT)
    image = types.Part.from_bytes(data=request.image, mime_type=request.media_type)
    with genai.Client(api_key="any", http_options=types.HttpOptions(base_url=url)) as client:
        for _ in client.models.generate_content_stream(model=request.model, contents=image):
            pass


def measured(server: GeminiServer, way: Callable[[str], None]) -> tuple[int, float]:
    """Letters the server sent, and seconds."""
    before, start = server.served["letters streamed"], time.perf_counter()
    way(server.url)
    taken = time.perf_counter() - start
    return server.served["letters streamed"] - before, taken


if __name__ == "__main__":
    main()
