"""A picture and a prompt -> the request Gemini gets. Pure: no network, no SDK."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from beltmask.detectors.llm.models import DEFAULT_MODEL, ModelCapabilities, shipped_models
from beltmask.detectors.llm.picture_payload import encoded_image, sent_size
from beltmask.detectors.llm.strategy import FallbackStep, asked_like
from beltmask.detectors.question import query_words
from beltmask.model import Picture, Prompt

_TOKENS_PER_OBJECT = 1_000  # outlines were measured at 282 to 908
_TOKENS_BESIDES = 8_192  # room for thinking, which counts as output
_MOST_TOKENS = 65_536

_POLYGONS = """\
{query}.

Answer with JSON only: {{"boxes": [...]}}, one entry per object, at most {cap} objects, \
the clearest first, each object once. If nothing fits, answer {{"boxes": []}}.
Every entry has
- "box_2d": [ymin, xmin, ymax, xmax]
- "label": a short name of the object
- "mask": the outline of the visible object as a polygon [[y, x], [y, x], ...], \
16 to 40 points in order around it
- "holes": a list of such polygons, one for each hole one can see through; [] when there is none
All coordinates are whole numbers from 0 to 1000 relative to the whole picture, y before x."""

_CLASSIC = """\
{query}. Output a JSON list of segmentation masks where each entry contains the 2D bounding box \
in the key "box_2d", the segmentation mask in key "mask", and the text label in the key "label". \
{labels}At most {cap} objects, each object once. If nothing fits, answer []."""

_BOXES = """\
{query}.

Answer with JSON only: {{"boxes": [...]}}, one entry per object, at most {cap} objects, \
the clearest first, each object once. If nothing fits, answer {{"boxes": []}}.
Every entry has
- "box_2d": [ymin, xmin, ymax, xmax], whole numbers from 0 to 1000 relative to the whole picture
- "label": a short name of the object"""

_STRICT = """

An earlier answer to this could not be used to its end. Write short labels and few points, close \
every bracket, repeat nothing, and stop after the last object."""

_POINTS = {"type": "ARRAY", "items": {"type": "ARRAY", "items": {"type": "INTEGER"}}}
_BOX = {"type": "ARRAY", "items": {"type": "INTEGER"}, "minItems": 4, "maxItems": 4}
_ENTRY = {
    "type": "OBJECT",
    "properties": {
        "box_2d": _BOX,
        "label": {"type": "STRING"},
        "mask": _POINTS,
        "holes": {"type": "ARRAY", "items": _POINTS},
    },
    "required": ["box_2d", "label", "mask"],
    "propertyOrdering": ["box_2d", "label", "mask", "holes"],
}
RESPONSE_SCHEMA: dict[str, Any] = {
    "type": "OBJECT",
    "properties": {"boxes": {"type": "ARRAY", "items": _ENTRY}},
    "required": ["boxes"],
}
_PLACED = {
    "type": "OBJECT",
    "properties": {"box_2d": _BOX, "label": {"type": "STRING"}},
    "required": ["box_2d", "label"],
}
BOXES_SCHEMA: dict[str, Any] = RESPONSE_SCHEMA | {
    "properties": {"boxes": {"type": "ARRAY", "items": _PLACED}}
}


@dataclass(frozen=True, slots=True)
class GeminiRequest:
    """One request as it is sent. ``config`` holds ``GenerateContentConfig``'s snake-case keys.

    ``object_cap`` is how many objects its words ask for at most.
    """

    model: str
    text: str
    image: bytes
    config: dict[str, Any]
    hash: str
    object_cap: int
    media_type: str = "image/jpeg"


def prompt_text(
    prompt: Prompt, *, row: ModelCapabilities | None = None, step: FallbackStep = FallbackStep.FIRST
) -> str:
    """The exact words sent with the picture."""
    asked = _row(prompt) if row is None else row
    wording = _POLYGONS if asked.ask == "polygons" else _CLASSIC
    wording = _BOXES if step is FallbackStep.BOXES else wording
    wording += _STRICT if step is FallbackStep.AGAIN else ""
    labels = "" if prompt.classes else "Use descriptive labels. "
    return wording.format(query=query_words(prompt), cap=prompt.object_cap, labels=labels)


def build_request(
    picture: Picture,
    prompt: Prompt,
    *,
    row: ModelCapabilities | None = None,
    step: FallbackStep = FallbackStep.FIRST,
) -> GeminiRequest:
    """The request for one picture; ``row`` says what the model can do (default: the table's)."""
    prompt, asked = asked_like(step, prompt, _row(prompt) if row is None else row)
    model = prompt.model.removeprefix("models/") or DEFAULT_MODEL
    text, config = prompt_text(prompt, row=asked, step=step), generation_config(prompt, asked)
    if step is FallbackStep.BOXES:
        config["response_schema"] = BOXES_SCHEMA
    size = sent_size(picture.size, longest=prompt.image_side)
    image = encoded_image(picture.pixels, size=size, sketch=prompt.sketch)
    sent = {"model": model, "text": text, "config": config, "image": _sha256(image)}
    hash_ = _sha256(_canonical(sent))
    return GeminiRequest(model, text, image, config, hash_, prompt.object_cap)


def generation_config(prompt: Prompt, row: ModelCapabilities) -> dict[str, Any]:
    """Only what the model heeds: a parameter it refuses would cost the whole answer."""
    tokens = _TOKENS_BESIDES + _TOKENS_PER_OBJECT * prompt.object_cap
    config: dict[str, Any] = {"max_output_tokens": min(tokens, _MOST_TOKENS)}
    temperature = row.default_temperature if prompt.temperature is None else prompt.temperature
    if row.temperature and temperature is not None:
        config["temperature"] = temperature
    thinking = row.thinking_for(prompt.thinking)
    if thinking is not None:
        config["thinking_config"] = _thinking(thinking)
    if row.schema_:
        config["response_mime_type"] = "application/json"
        config["response_schema"] = RESPONSE_SCHEMA
    return config


def _row(prompt: Prompt) -> ModelCapabilities:
    return shipped_models().find(prompt.model)


def _thinking(wish: str | int) -> dict[str, str | int]:
    if isinstance(wish, int):
        return {"thinking_budget": wish}
    return {"thinking_level": wish.upper()}


def _canonical(sent: dict[str, Any]) -> bytes:
    return json.dumps(sent, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
