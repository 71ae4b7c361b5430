"""Which models count pixels, and the sizes they are sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.openai_compatible.coordinates import convention_for, counts_pixels, size_for
from beltmask.model import Prompt

PIXEL_MODEL = "qwen2.5vl:7b"


@pytest.mark.parametrize(
    ("model", "pixels"),
    [
        ("qwen2.5vl:7b", True),
        ("Qwen/Qwen2.5-VL-72B-Instruct-AWQ", True),
        ("/models/qwen2_5-omni-7b", True),
        ("qwen2-vl", False),
        ("Qwen/Qwen3-VL-8B-Instruct", False),
        ("gpt-4o", False),
        ("zai-org/GLM-4.5V", False),
        ("moondream", False),
        ("", False),
    ],
)
def test_models_are_known_by_their_names(model: str, pixels: bool) -> None:
    assert counts_pixels(model) is pixels


@pytest.mark.parametrize(
    ("size", "sent"),
    [
        ((4000, 3000), (1008, 756)),
        ((3000, 4000), (756, 1008)),
        ((1920, 1080), (1008, 560)),
        ((20, 10), (28, 28)),
    ],
)
def test_pixels_are_counted_in_pictures_of_whole_patches(
    size: tuple[int, int], sent: tuple[int, int]
) -> None:
    assert size_for(size, model=PIXEL_MODEL, longest=1024) == sent


@given(
    st.tuples(st.integers(300, 5000), st.integers(300, 5000)), st.sampled_from([640, 1024, 2048])
)
def test_whole_patches_distort_little_and_never_enlarge(size: tuple[int, int], side: int) -> None:
    width, height = size_for(size, model=PIXEL_MODEL, longest=side)
    assert width % 28 == height % 28 == 0
    assert max(width, height) <= min(side, max(size))
    if max(size) <= 3 * min(size):
        assert 0.9 < (width / height) / (size[0] / size[1]) < 1.1


def test_places_are_meant_in_the_picture_as_sent() -> None:
    prompt = Prompt("openai", "bolts", model="gpt-4o", image_side=500)
    convention = convention_for(prompt, (1000, 800))
    assert (convention.seen, convention.x_first, convention.counts_pixels) == (
        (500, 400),
        True,
        False,
    )
