"""Strokes over a picture: in what is sent, in the right tile, and never in what is shown."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from math import cos, pi, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from beltmask.detectors.base import Availability, Detector, Event, ReplyFinished
from beltmask.detectors.gemini.request import build_request, prompt_text
from beltmask.detectors.lines import lines_in, ring_of
from beltmask.detectors.openai_compatible import request as chat
from beltmask.detectors.sketch import COLOR, WORDS, stroke_width, with_strokes
from beltmask.detectors.tiling import TilingDetector, tiles_of
from beltmask.geometry import Box, Line, Pixels
from beltmask.model import Picture, Prompt, Reply, Tiling

CIRCLE: Line = tuple(
    (0.25 + 0.1 * cos(turn * pi / 12), 0.5 + 0.2 * sin(turn * pi / 12)) for turn in range(25)
)
PROMPT = Prompt("gemini", "all foreign objects.", model="gemini-3.8-flash", sketch=(CIRCLE,))
PLAIN = replace(PROMPT, sketch=())
JPEG_TOLERANCE = 60


@pytest.fixture
def picture() -> Picture:
    return Picture("belt.png", "ff", np.full((300, 600, 3), 90, dtype=np.uint8))


def magenta(pixels: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    apart = np.abs(pixels.astype(int) - COLOR).max(axis=2)
    return np.asarray(apart < JPEG_TOLERANCE)


def sent(image: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(image)).convert("RGB"))


def test_the_picture_that_is_sent_has_the_strokes_and_the_one_that_is_kept_has_not(
    picture: Picture,
) -> None:
    before = picture.pixels.copy()
    drawn = magenta(sent(build_request(picture, PROMPT).image))
    rows, columns = np.nonzero(drawn)
    assert (columns.min(), columns.max()) == pytest.approx((90, 210), abs=4)
    assert (rows.min(), rows.max()) == pytest.approx((90, 210), abs=4)
    assert not drawn[150, 150]
    assert np.array_equal(picture.pixels, before)
    assert not magenta(sent(build_request(picture, PLAIN).image)).any()


def test_one_sentence_says_what_the_strokes_are(picture: Picture) -> None:
    assert prompt_text(PROMPT).startswith(f"all foreign objects. {WORDS}.\n")
    assert WORDS not in prompt_text(PLAIN)
    assert build_request(picture, PROMPT).text == prompt_text(PROMPT)
    assert f"{WORDS}." in chat.prompt_text(replace(PROMPT, model="any"), outlines=True)


def test_another_sketch_is_another_request(picture: Picture) -> None:
    other = tuple((x + 0.2, y) for x, y in CIRCLE)
    prompts = [PLAIN, PROMPT, replace(PROMPT, sketch=(CIRCLE, other))]
    assert len({build_request(picture, prompt).hash for prompt in prompts}) == len(prompts)
    local = [replace(prompt, model="any") for prompt in prompts]
    hashes = {
        chat.build_request(picture, prompt, address="x", outlines=False).hash for prompt in local
    }
    assert len(hashes) == len(prompts)


def test_a_stroke_is_as_wide_as_the_picture_asks_for() -> None:
    assert stroke_width(1000) == 5
    drawn = magenta(with_strokes(np.zeros((1000, 1000, 3), np.uint8), [((0.1, 0.5), (0.9, 0.5))]))
    assert int(drawn[:, 500].sum()) == pytest.approx(5, abs=2)
    assert magenta(with_strokes(np.zeros((100, 100, 3), np.uint8), [((0.5, 0.5),)])).any()


class AskedDetector(Detector):
    """Remembers what it is asked."""

    name = "looks"

    def __init__(self) -> None:
        self.asked: list[tuple[Picture, Prompt]] = []

    def availability(self) -> Availability:
        return Availability(ready=True, note="")

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        self.asked.append((picture, prompt))
        yield ReplyFinished(Reply("", "aa"))


def test_a_stroke_lands_in_the_tiles_it_runs_through(picture: Picture) -> None:
    looks, tiled = AskedDetector(), replace(PROMPT, tiling=Tiling.TILES, image_side=200)
    list(TilingDetector(looks).detect(picture, tiled))
    whole = magenta(with_strokes(picture.pixels, [CIRCLE]))
    for tile, (cut, prompt) in zip(tiles_of(picture.size, 200), looks.asked, strict=True):
        wanted = whole[tile.y0 : tile.y1, tile.x0 : tile.x1]
        drawn = magenta(with_strokes(cut.pixels, prompt.sketch))
        assert np.count_nonzero(drawn & wanted) >= 0.9 * np.count_nonzero(wanted)
        assert drawn.any() == wanted.any()
        assert (WORDS in prompt_text(prompt)) == wanted.any()


shares = st.floats(-0.5, 1.5, allow_nan=False)


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=6).map(tuple), st.data())
def test_lines_in_a_part_lie_where_they_lay(line: Line, data: st.DataObject) -> None:
    x0, y0 = data.draw(st.integers(0, 300)), data.draw(st.integers(0, 200))
    part = Box(x0, y0, x0 + data.draw(st.integers(1, 300)), y0 + data.draw(st.integers(1, 100)))
    size = (600, 300)
    for moved in lines_in([line], size, part):
        again = ring_of(moved, (part.width, part.height)) + np.array([part.x0, part.y0])
        assert np.allclose(again, ring_of(line, size), atol=1e-6)
    touched = [part.x0 <= x * 600 <= part.x1 and part.y0 <= y * 300 <= part.y1 for x, y in line]
    assert bool(lines_in([line], size, part)) >= any(touched)
