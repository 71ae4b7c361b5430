"""supervision's readers of open models and ours give the same boxes for the same replies.

supervision is no part of BeltMask, and installed nowhere by itself: ``pip install
supervision==0.31.*`` beside the tests runs these. Without it ``test_token_matrix`` has the truth.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.units import Convention
from tests.beltmask.detectors.replies.reply_parts import SIZE, boxes, labels
from tests.beltmask.detectors.replies.token_matrix import OBJECTS, TOKENS

vlm = pytest.importorskip("supervision.detection.vlm")
X_FIRST = Convention(x_first=True)
NAMES = [label for label, _ in OBJECTS]
CORNERS = [list(box) for _, box in OBJECTS]
SENT = (800, 400)
"""(width, height) of the picture as Qwen2.5-VL saw it."""


def ours(text: object, convention: Convention = X_FIRST) -> ReadReply:
    said = text if isinstance(text, str) else json.dumps(text)
    return read_reply(said, size=SIZE, convention=convention)


def same(reply: ReadReply, corners: Any, names: Any = None) -> None:
    """Their corners are not rounded, and clipped by nobody."""
    assert len(corners) == len(reply.findings) > 0
    np.testing.assert_allclose(boxes(reply), np.clip(corners, 0, [*SIZE, *SIZE]), atol=1)
    if names is not None:
        assert labels(reply.findings) == [str(name) for name in names]


@pytest.mark.parametrize(
    "text",
    [TOKENS["PaliGemma"], TOKENS["PaliGemma"] + " ;", TOKENS["PaliGemma"].replace("hex ", "")],
)
def test_paligemma(text: str) -> None:
    corners, _, names = vlm.from_paligemma(text, SIZE)
    same(ours(text), corners, names)


@pytest.mark.parametrize("between", ["", "\n", ", "])
def test_deepseek(between: str) -> None:
    text = TOKENS["DeepSeek-VL2"].replace("<|/det|><|ref|>", f"<|/det|>{between}<|ref|>")
    corners, _, names = vlm.from_deepseek_vl_2(text, SIZE)
    same(ours(text), corners, names)


@pytest.mark.parametrize(
    ("task", "found"),
    [
        ("<OD>", {"bboxes": CORNERS, "labels": NAMES}),
        ("<DENSE_REGION_CAPTION>", {"bboxes": CORNERS, "labels": NAMES}),
        ("<CAPTION_TO_PHRASE_GROUNDING>", {"bboxes": CORNERS, "labels": NAMES}),
        ("<REGION_PROPOSAL>", {"bboxes": CORNERS, "labels": ["", "", ""]}),
        ("<OPEN_VOCABULARY_DETECTION>", {"bboxes": CORNERS, "bboxes_labels": NAMES}),
        ("<OCR_WITH_REGION>", {"quad_boxes": [[9, 9, 60, 12, 55, 50, 4, 47]], "labels": ["M8"]}),
        (
            "<REFERRING_EXPRESSION_SEGMENTATION>",
            {"polygons": [[[20, 10, 60, 10, 60, 50, 20, 50]]], "labels": [""]},
        ),
        ("<REGION_TO_CATEGORY>", "bolt<loc_100><loc_100><loc_300><loc_500>"),
    ],
)
def test_florence(task: str, found: object) -> None:
    corners, names, _, _ = vlm.from_florence_2({task: found}, SIZE)
    told = names if names is not None and any(names) else None
    same(ours({task: found}), corners, told)


@pytest.mark.parametrize("size", [(0.1, 0.1), (0.25, 0.5)])
def test_moondream(size: tuple[float, float]) -> None:
    found = [
        {"x_min": x, "y_min": y, "x_max": x + size[0], "y_max": y + size[1]}
        for x, y in ((0.0, 0.1), (0.5, 0.25))
    ]
    same(ours({"objects": found}), vlm.from_moondream({"objects": found}, SIZE))


def test_kosmos() -> None:
    entities = [[name, [0, 4], [[n / 10, 0.1, n / 10 + 0.25, 0.5]]] for n, name in enumerate(NAMES)]
    corners, _, names = vlm.from_kosmos_2(("Some things.", entities), SIZE)
    same(ours(["Some things.", entities]), corners, names)


@pytest.mark.parametrize("end", ["]", "", ', {"bbox_2d": [1, 2, 3'])
def test_qwen(end: str) -> None:
    pixels = [[4 * at for at in box] for box in CORNERS]
    entries = [{"bbox_2d": at, "label": name} for at, name in zip(pixels, NAMES, strict=True)]
    text = json.dumps(entries)[:-1] + end
    corners, _, names = vlm.from_qwen_2_5_vl(text, SENT, SIZE)
    same(ours(text, Convention(x_first=True, counts_pixels=True, seen=SENT)), corners, names)
    corners, _, names = vlm.from_qwen_3_vl(text, SIZE)
    same(ours(text), corners, names)
