"""A stream of Gemini's API -> the one form of it that the SDK reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from beltmask.detectors.llm.error_bodies import error_in_answer
from beltmask.detectors.llm.event_stream import DONE, documents


def sdk_events(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Every document as an event of its own; errors with a number as their code."""
    for document in documents(chunks):
        if document != DONE:
            yield b"data: " + _readable(document).encode() + b"\n\n"


def _readable(document: str) -> str:
    """On one line; what is broken stays so, for the SDK to complain about."""
    try:
        body = json.loads(document, strict=False)
    except (ValueError, RecursionError):
        return document.replace("\n", " ")
    error = error_in_answer(body)
    return json.dumps(body if error is None else {"error": _error(error.status, body)})


def _error(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """As the service wrote it, below a code that the SDK can compare."""
    return {"code": status, "error": body}
