"""Real belts and their real objects behind a local server, in each unit and shape."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from beltmask.detectors.openai_compatible.client import OpenAICompatibleDetector
from beltmask.masks import iou
from beltmask.model import Box, Picture, Prompt
from tests.beltmask.detectors.openai_compatible.one_belt import ask
from tests.gemini_truth import read_truth
from tests.openai_server import OpenAIServer
from tests.openai_words import SHAPES

pytestmark = pytest.mark.pictures

MODELS = {"parts": "moondream", "thousandths": "qwen3-vl:8b", "pixels": "qwen2.5vl:7b"}
FOLDERS = ("smartbelt_scrap", "intel_belt_video", "fruits_nuts")
TOGETHER = [
    (shape, units, FOLDERS[(one + other) % len(FOLDERS)])
    for one, shape in enumerate(SHAPES)
    for other, units in enumerate(MODELS)
]
"""Each shape in each unit, and either of them on each folder."""


@pytest.mark.parametrize(("shape", "units", "folder"), TOGETHER)
def test_every_real_object_comes_back(
    *, openai: OpenAICompatibleDetector, server: OpenAIServer, shared_data: Path, folder: str,
    units: str, shape: str,
) -> None:  # fmt: skip
    place = shared_data / "pictures" / folder
    server.pictures = list(read_truth(place))
    server.shape, server.units = shape, units
    for known in server.pictures[:2]:
        bgr = cv2.imread(str(place / "images" / known.name))
        assert bgr is not None
        picture = Picture(known.name, "", cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype("uint8"))
        asked = ask(openai, picture, Prompt("openai", "all", model=MODELS[units], image_side=672))
        assert len(asked.findings) == len(known.objects)
        for finding, truth in zip(asked.findings, known.objects, strict=True):
            assert box_iou(finding.box, truth.mask.box) > 0.9
            if shape in {"outlines", "both"}:
                assert finding.mask is not None
                assert iou(finding.mask, truth.mask) > 0.9
        assert not {"units_unsure", "box_clipped", "mask_clipped"} & set(asked.kinds)


def box_iou(first: Box, second: Box) -> float:
    shared = first.overlap(second)
    area = 0 if shared is None else shared.area
    return area / (first.area + second.area - area)
