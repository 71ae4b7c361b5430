"""Objects cut out of their pictures, as a contact sheet shows them."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from components import cached
from components.routes.addresses import visit
from components.routes.responses import kept

_COLOR = re.compile(r"[0-9a-f]{6}")


def send_crop(request: Request) -> Response:
    """JPEG of an object of the shape ``?shape=`` names, outlined in ``?color=rrggbb``."""
    asked, name = visit(request), request.path_params["object"]
    color = request.query_params.get("color", "")
    if not (name.isascii() and name.isalnum() and _COLOR.fullmatch(color)):
        raise NotFoundError(Message("pages.no_object_here"), hint=Message("pages.reload"))
    sha256, shape = asked.image.facts.sha256, request.query_params.get("shape", "")
    data = cached.crop(sha256, name, shape, f"#{color}", asked.image)
    return Response(data, headers=kept(asked.seconds_left), media_type="image/jpeg")
