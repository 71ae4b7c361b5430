"""How models behind OpenAI-compatible servers write known objects: units, shapes, faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from beltmask.masks import rings_of
from beltmask.model import Size
from tests.gemini_truth import KnownObject, KnownPicture

Json = dict[str, Any]
Corners = tuple[float, float, float, float]
Whole = tuple[float, float]


def whole_in(units: str, sent: Size) -> Whole:
    """How large the whole picture is in ``units``; pixels are those of the picture as sent."""
    return {"parts": (1.0, 1.0), "thousandths": (1000.0, 1000.0), "pixels": sent}[units]


def entries(picture: KnownPicture, *, shape: str, whole: Whole) -> list[Json]:
    return [
        {"label": known.label} | SHAPES[shape](known, picture.size, whole)
        for known in picture.objects
    ]


def _box(known: KnownObject, size: Size, whole: Whole) -> list[float]:
    corners = np.array(known.mask.box.corners).reshape(2, 2)
    return [*_counted(corners, size, whole).ravel().tolist()]


def _named(known: KnownObject, size: Size, whole: Whole) -> Json:
    return dict(zip(("x_min", "y_min", "x_max", "y_max"), _box(known, size, whole), strict=True))


def _outline(known: KnownObject, size: Size, whole: Whole) -> Json:
    rings = [
        cv2.approxPolyDP(ring.astype(np.float32)[:, None], 0.5, closed=True)[:, 0]
        for ring in rings_of(known.mask)
    ]
    return {"polygon": _counted(max(rings, key=cv2.contourArea), size, whole).tolist()}


def _counted(points: Any, size: Size, whole: Whole) -> Any:
    scaled = points * (np.array(whole, dtype=np.float64) / np.array(size))
    return np.round(scaled, 4) if max(whole) <= 1 else np.round(scaled).astype(int)


SHAPES: dict[str, Callable[[KnownObject, Size, Whole], Json]] = {
    "boxes": lambda known, size, whole: {"bbox_2d": _box(known, size, whole)},
    "named": _named,
    "outlines": _outline,
    "both": lambda *known: {"bbox_2d": _box(*known)} | _outline(*known),
}


def _error(status: int, message: str, **more: Any) -> tuple[int, Json]:
    return status, {"error": {"message": message, "type": "error", "param": None, **more}}


def whole_body(text: str | None, reason: str | None = "stop", **more: Any) -> Json:
    message = {"role": "assistant", "content": text, **more}
    return {"choices": [{"index": 0, "message": message, "finish_reason": reason}]}


HTML = "<html><head><title>Sign in</title></head><body>Give {key}</body></html>"
LOOP = '{"label": "bolt", "bbox_2d": [1, 2, 3, 4]}, '
BODIES: dict[str, tuple[int, Json | str]] = {
    "400": _error(400, "Unknown field 'foo'."),
    "400-context": _error(400, "This model's maximum context length is 4096 tokens."),
    "400-blind": _error(400, "This model does not support image input."),
    "400-filter": _error(400, "Filtered.", code="content_filter"),
    "401": _error(401, "Incorrect API key provided: {key}."),
    "403": _error(403, "You may not use this model."),
    "404": _error(404, "The model `bolt` does not exist."),
    "404-plain": (404, {"detail": "Not Found"}),
    "404-html": (404, "<html><head><title>404 Not Found</title></head></html>"),
    "413": _error(413, "Too large."),
    "301": (301, ""),
    "408": _error(408, "The request took too long."),
    "429": _error(429, "Rate limit reached."),
    "429-quota": _error(429, "You exceeded your quota.", code="insufficient_quota"),
    "500": _error(500, "The server had an error."),
    "500-text": (500, {"error": "model runner has unexpectedly stopped"}),
    "503-html": (503, "<html><body>Service unavailable</body></html>"),
    "504": _error(504, "Gateway timeout."),
    "error-in-200": (200, {"error": {"message": "CUDA out of memory", "code": 500}}),
    "error-object": (200, {"object": "error", "message": "Out of blocks", "code": 503}),
    "html": (200, HTML),
    "nothing": (200, ""),
    "broken_json": (200, '{"choices": [{"message": {"cont'),
    "wrong_json": (200, '{"choices": 5}'),
    "list_json": (200, "[1, 2]"),
    "no_choices": (200, {"choices": []}),
    "no_content": (200, whole_body(None)),
    "refusal": (200, whole_body(None, refusal="I cannot help with that.")),
    "filter": (200, whole_body("", "content_filter")),
    "thinking_only": (200, whole_body("", "length", reasoning_content="Let me see…")),
    "thought_cut": (200, whole_body("<think>Let me see: [1, 2, 3", "length")),
}
"""Status and body instead of an answer."""
CONNECTION = ("hang", "disconnect")
MID_STREAM = ("cut", "error_in_stream", "no_end")
NO_GOODBYE = "no_goodbye"
TEXTS: dict[str, Callable[[str], str]] = {
    "prose": lambda text: "I looked at the belt and nothing should worry you.",
    "half": lambda text: text[: len(text) * 2 // 3],
    "full_length": str,
    "loop": lambda text: text[: text.index("[") + 1] + LOOP * 3_000,
    "thought": lambda text: f'<think>Is it [{{"bbox_2d": [1, 2, 3, 4]}}]? No.</think>\n{text}',
    "half_thought": lambda text: f"Is it [1, 2, 3, 4]? No.</think>\n{text}",
    "glm": lambda text: f"Here: <|begin_of_box|>{text}<|end_of_box|>",
    "fence": lambda text: f"```json\n{json.dumps(json.loads(text)['boxes'], indent=1)}\n```",
}
"""What happens to the model's words."""
