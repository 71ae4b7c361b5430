"""A picture and a prompt -> the request a server gets. Pure: no network."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from beltmask.detectors.llm.picture_payload import encoded_image
from beltmask.detectors.openai_compatible.coordinates import counts_pixels, size_for
from beltmask.detectors.question import query_words
from beltmask.model import Picture, Prompt

_TOKENS_BESIDES = 4_096  # thinking counts as output
_TOKENS_PER_BOX = 80
_TOKENS_PER_OUTLINE = 500
_MOST_TOKENS = 32_768

_BOXES = """\
{query}.

Answer with JSON only: {{"boxes": [...]}}, one entry per object, at most {cap} objects, \
the clearest first, each object once. If nothing fits, answer {{"boxes": []}}.
Every entry has
- "bbox_2d": [x0, y0, x1, y1], {numbers}
- "label": a short name of the object"""

_OUTLINES = """
- "polygon": the outline of the visible object as [[x, y], [x, y], ...], 8 to 40 points in order \
around it, counted like the box"""

_THOUSANDTHS = "whole numbers from 0 to 1000 relative to the whole picture, x before y"
_PIXELS = "in pixels of this picture as it is given to you, x before y"

OPTIONAL_SETTINGS = ("max_tokens", "temperature", "stream_options")
"""What a server may refuse and is then asked without."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One request. ``body`` is the JSON that is sent; ``object_cap`` is what its words ask for."""

    model: str
    text: str
    body: dict[str, Any]
    hash: str
    object_cap: int


def prompt_text(prompt: Prompt, *, outlines: bool) -> str:
    """The exact words sent with the picture; with ``outlines`` polygons are asked for too."""
    numbers = _PIXELS if counts_pixels(prompt.model) else _THOUSANDTHS
    words = _BOXES.format(query=query_words(prompt), cap=prompt.object_cap, numbers=numbers)
    return words + _OUTLINES if outlines else words


def build_request(picture: Picture, prompt: Prompt, *, address: str, outlines: bool) -> ChatRequest:
    """The request for one picture; ``prompt`` names the model.

    ``address`` tells apart models of the same name on different servers.
    """
    size = size_for(picture.size, model=prompt.model, longest=prompt.image_side)
    jpeg = encoded_image(picture.pixels, size=size, sketch=prompt.sketch)
    text, settings = prompt_text(prompt, outlines=outlines), _settings(prompt, outlines=outlines)
    known = [address, prompt.model, text, settings, hashlib.sha256(jpeg).hexdigest()]
    body = {
        "model": prompt.model,
        "messages": [{"role": "user", "content": [_image(jpeg), {"type": "text", "text": text}]}],
        "stream": True,
        "stream_options": {"include_usage": True},
        **settings,
    }
    return ChatRequest(prompt.model, text, body, _hash(known), prompt.object_cap)


def _settings(prompt: Prompt, *, outlines: bool) -> dict[str, Any]:
    each = _TOKENS_PER_BOX + outlines * _TOKENS_PER_OUTLINE
    tokens = min(_MOST_TOKENS, _TOKENS_BESIDES + each * prompt.object_cap)
    chosen = {} if prompt.temperature is None else {"temperature": prompt.temperature}
    return {"max_tokens": tokens, **chosen}


def _image(jpeg: bytes) -> dict[str, Any]:
    url = "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
    return {"type": "image_url", "image_url": {"url": url}}


def _hash(known: list[Any]) -> str:
    text = json.dumps(["openai", *known], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
