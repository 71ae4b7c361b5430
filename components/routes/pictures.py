"""Pictures as a browser shows them: whole and small, or in squares of any level.

``?window=100,4000.5`` shows one of more than 8 bits through a window of the person's own.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.workflows.previews import preview
from beltmask.workflows.pyramids import Window, preview_through, square_jpeg, window_of
from components.routes.addresses import visit
from components.routes.responses import kept
from components.services import services

_MOST_DIGITS = 6


def send_picture(request: Request) -> Response:
    """The preview: JPEG, at most 2048 px."""
    asked, window = visit(request), _window(request)
    if window is None:
        data = preview(asked.image, services=services())
    else:
        data = preview_through(asked.image, window, services=services())
    return _jpeg(data, asked.seconds_left)


def send_square(request: Request) -> Response:
    """A square of a large picture: JPEG."""
    asked, window = visit(request), _window(request)
    level, column, row = (_count(request, name) for name in ("level", "column", "row"))
    data = square_jpeg(asked.image, (level, column, row), services=services(), window=window)
    return _jpeg(data, asked.seconds_left)


def _window(request: Request) -> Window | None:
    text = request.query_params.get("window")
    return None if text is None else window_of(text)


def _count(request: Request, name: str) -> int:
    text = request.path_params[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise NotFoundError(Message("pages.no_such_part", kind=name, number=text[:_MOST_DIGITS]))
    return int(text)


def _jpeg(data: bytes, seconds_left: int) -> Response:
    return Response(data, headers=kept(seconds_left), media_type="image/jpeg")
