"""What supervision does with a reply of Gemini, for comparison. It is no part of BeltMask:
install ``supervision==0.31.*`` beside it first.
"""

from __future__ import annotations

import importlib.util
import json
from typing import Any

import numpy as np

from beltmask.images import shrunk
from beltmask.model import Pixels, Size


def is_installed() -> bool:
    return importlib.util.find_spec("supervision") is not None


def parsed(text: str, size: Size) -> Any:
    """Its detections; outlines, which its reader does not know, are read as its users do."""
    import supervision  # noqa: PLC0415

    if "data:image/png" in text:
        source = supervision.VLM.GOOGLE_GEMINI_2_5
        return supervision.Detections.from_vlm(source, text, resolution_wh=size)
    entries = json.loads(text.strip("`").removeprefix("json"))
    scale = np.array(size) / 1000
    rings = [np.array(entry["mask"])[:, ::-1] * scale for entry in entries]
    masks = [supervision.polygon_to_mask(ring.round().astype(int), size) for ring in rings]
    boxes = np.array([entry["box_2d"] for entry in entries])[:, [1, 0, 3, 2]] * np.tile(scale, 2)
    return supervision.Detections(xyxy=boxes, mask=np.array(masks, dtype=bool))


def stored(text: str, size: Size) -> list[Any]:
    """Compressed run lengths of every mask."""
    import supervision  # noqa: PLC0415

    return [supervision.mask_to_rle(mask, compressed=True) for mask in parsed(text, size).mask]


def on_screen(text: str, pixels: Pixels, side: int) -> Pixels:
    """The masks painted over the picture, which is then shrunk."""
    import supervision  # noqa: PLC0415

    found = parsed(text, (pixels.shape[1], pixels.shape[0]))
    lookup = supervision.ColorLookup.INDEX
    painted = supervision.MaskAnnotator(color_lookup=lookup).annotate(pixels.copy(), found)
    return shrunk(painted, side)
