"""What a person circles or strikes is found, however faint it is; what is found already is not."""

from __future__ import annotations

import numpy as np
import pytest

from beltmask.detectors.base import ObjectFound, ProblemFound
from beltmask.detectors.offline import OfflineDetector
from beltmask.detectors.sketch_prompts import find_pointed, pointed_at
from beltmask.geometry import Box, Line
from beltmask.masks import iou, mask_from_box
from beltmask.model import MaskSource, Picture, Pixels, Prompt

SIZE = (640, 480)
FAINT = Box(300, 200, 340, 260)
CLEAR = Box(100, 100, 160, 150)


def circle(box: Box, *, slack: float = 25.0) -> Line:
    """Around a box, by hand: it ends where it began, nearly."""
    turns = np.linspace(0, 2 * np.pi - 0.2, 40)
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    across, down = box.width / 2 + slack, box.height / 2 + slack
    return tuple(
        ((x + across * float(np.cos(t))) / SIZE[0], (y + down * float(np.sin(t))) / SIZE[1])
        for t in turns
    )


def strike(box: Box) -> Line:
    x = (box.x0 + box.x1) / 2 / SIZE[0]
    return ((x, (box.y0 + 8) / SIZE[1]), (x, (box.y1 - 8) / SIZE[1]))


@pytest.fixture
def rgb() -> Pixels:
    """A noisy belt with an object nobody misses and one hardly to be seen."""
    random = np.random.default_rng(3)
    pixels = np.full((SIZE[1], SIZE[0], 3), 90.0) + random.normal(0, 4, (SIZE[1], SIZE[0], 1))
    pixels[FAINT.y0 : FAINT.y1, FAINT.x0 : FAINT.x1] += 12
    pixels[CLEAR.y0 : CLEAR.y1, CLEAR.x0 : CLEAR.x1] += 120
    return np.clip(pixels, 0, 255).astype(np.uint8)


def boxes_found(rgb: Pixels, *sketch: Line) -> tuple[list[float], list[MaskSource], list[str]]:
    """How well the faint object was found by any finding, their sources, and the problems."""
    prompt = Prompt("offline", "", sketch=sketch)
    events = list(OfflineDetector().detect(Picture("belt", "ff", rgb), prompt))
    found = [event.finding for event in events if isinstance(event, ObjectFound)]
    fits = [iou(one.mask, mask_from_box(FAINT)) for one in found if one.mask is not None]
    problems = [event.problem.kind for event in events if isinstance(event, ProblemFound)]
    return fits, [one.mask_source for one in found], problems


def test_a_faint_object_is_missed_until_somebody_circles_it(rgb: Pixels) -> None:
    fits, sources, problems = boxes_found(rgb)
    assert (max(fits), len(sources), problems) == (0.0, 1, [])
    fits, sources, problems = boxes_found(rgb, circle(FAINT))
    assert max(fits) > 0.7
    assert (sorted(sources), problems) == ([MaskSource.MODEL, MaskSource.REFINED], [])


def test_a_stroke_over_an_object_points_at_it_too(rgb: Pixels) -> None:
    [mask], missed = find_pointed(rgb, [strike(FAINT)], [])
    assert missed == []
    assert iou(mask, mask_from_box(FAINT)) > 0.5


def test_what_was_found_without_the_circle_is_not_found_twice(rgb: Pixels) -> None:
    _, sources, problems = boxes_found(rgb, circle(CLEAR), strike(CLEAR))
    assert (sources, problems) == ([MaskSource.MODEL], [])


def test_where_nothing_stands_out_that_is_said() -> None:
    plain = np.full((SIZE[1], SIZE[0], 3), 90, dtype=np.uint8)
    assert find_pointed(plain, [circle(FAINT)], []) == ([], [1])
    fits, _, problems = boxes_found(plain, circle(FAINT))
    assert (fits, problems) == ([], ["nothing_pointed_at"])


def test_a_line_that_comes_back_to_its_beginning_is_no_circle() -> None:
    there_and_back: Line = ((0.2, 0.2), (0.6, 0.6), (0.2, 0.21))
    pointed = pointed_at(there_and_back, SIZE)
    assert pointed is not None
    assert pointed.core is not None
    assert pointed_at(((1.5, 1.5), (1.6, 1.6)), SIZE) is None
