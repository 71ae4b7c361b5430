"""Pictures as a browser shows them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from beltmask.workflows.images import preview
from components.routes.addresses import visit
from components.routes.answers import kept
from components.services import services

_JPEG = "image/jpeg"


def send_picture(request: Request) -> Response:
    """The preview: JPEG, at most 2048 px."""
    asked = visit(request)
    data = preview(asked.image.facts.sha256, services=services())
    return Response(data, headers=kept(asked.seconds_left), media_type=_JPEG)
