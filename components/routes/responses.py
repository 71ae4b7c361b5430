"""What a route says, and how long a browser may keep it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from beltmask.errors import (
    BeltMaskError,
    DatabaseUnavailableError,
    ImageError,
    NotAllowedError,
    NotFoundError,
)
from beltmask.messages import Message

Endpoint = Callable[[Request], Response]
"""Not async, so that Starlette calls it in a thread of its own and nobody waits for its work."""

NOT_KEPT = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
_STATUS: dict[type[BeltMaskError], int] = {
    NotAllowedError: 403,
    NotFoundError: 404,
    ImageError: 400,
    DatabaseUnavailableError: 503,
}


def kept(seconds: int) -> dict[str, str]:
    """Headers of what never changes under its address."""
    return {**NOT_KEPT, "Cache-Control": f"private, max-age={seconds}, immutable"}


def explaining(endpoint: Endpoint) -> Endpoint:
    """The endpoint, its expected errors told in words; bugs reach the log."""

    @wraps(endpoint)
    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except BeltMaskError as error:
            return PlainTextResponse(error.explanation, _status(error), NOT_KEPT)

    return answer


def refuse(_request: Request) -> Response:
    """What Streamlit would answer with its page."""
    raise NotFoundError(Message("pages.nothing_here"), hint=Message("pages.reload_for_new"))


def _status(error: BeltMaskError) -> int:
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
