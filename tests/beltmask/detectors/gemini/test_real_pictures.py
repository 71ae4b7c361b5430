"""Real belts, the real SDK and the real objects behind a local server."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.masks import iou
from beltmask.model import Picture, Prompt
from tests.beltmask.detectors.gemini.one_belt import ask
from tests.gemini_server import GeminiServer
from tests.gemini_truth import read_truth

pytestmark = pytest.mark.pictures


@pytest.mark.parametrize(("dialect", "least"), [("polygons", 0.9), ("png", 0.9)])
@pytest.mark.parametrize("folder", ["smartbelt_scrap", "intel_belt_video"])
def test_every_real_object_comes_back(
    *, gemini: GeminiDetector, server: GeminiServer, shared_data: Path, folder: str, dialect: str,
    least: float,
) -> None:  # fmt: skip
    place = shared_data / "pictures" / folder
    server.pictures = list(read_truth(place))
    server.dialect = dialect
    for known in server.pictures[:3]:
        bgr = cv2.imread(str(place / "images" / known.name))
        assert bgr is not None
        picture = Picture(known.name, "", cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype("uint8"))
        found = ask(gemini, picture, Prompt("gemini", "scrap", image_side=640)).findings
        assert len(found) == len(known.objects)
        for finding, truth in zip(found, known.objects, strict=True):
            assert finding.mask is not None
            assert iou(finding.mask, truth.mask) > least
    assert server.served["unrecognised"] == 0
