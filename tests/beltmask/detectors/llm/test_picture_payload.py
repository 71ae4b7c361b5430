"""A picture -> the JPEG that is sent of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from beltmask.detectors.llm.picture_payload import encoded_image, sent_size
from beltmask.model import Pixels, Size


def _decoded(jpeg: bytes) -> Pixels:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert pixels is not None
    return pixels.astype(np.uint8)


@pytest.mark.parametrize(
    ("size", "longest", "sent"),
    [
        ((400, 300), 200, (200, 150)),
        ((300, 400), 200, (150, 200)),
        ((400, 300), 400, (400, 300)),
        ((30, 20), 2048, (30, 20)),
        ((100_000, 2), 1024, (1024, 1)),
    ],
)
def test_the_longer_side_is_limited_and_nothing_is_blown_up(
    size: Size, longest: int, sent: Size
) -> None:
    assert sent_size(size, longest=longest) == sent


def test_a_picture_keeps_its_colours_and_takes_the_size_that_is_sent() -> None:
    red = np.zeros((20, 30, 3), np.uint8)
    red[:, :, 0] = 200
    for size in ((30, 20), (15, 10)):
        sent = _decoded(encoded_image(red, size=size))
        assert sent.shape == (size[1], size[0], 3)
        assert np.abs(sent.astype(int) - (200, 0, 0)).max() < 12
