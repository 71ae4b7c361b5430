"""The pixels of objects, for a browser that knows where it has seen them before."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from beltmask.workflows.image_access import crops, proposed_crops
from components.routes.addresses import visit
from components.routes.responses import NOT_KEPT
from components.services import services


def send_shapes(request: Request) -> Response:
    """JSON: x, y, width, height and counts by object id.

    Of every object of the image, or of those named in ``objects``, joined by commas. Some may
    have been deleted since the browser heard of them, and are left out. With ``of=model`` it is
    a list of what detectors proposed, as it was before people worked on it.
    """
    if request.query_params.get("of") == "model":
        proposed = proposed_crops(visit(request).image, services=services())
        return JSONResponse(proposed, headers=NOT_KEPT)
    asked = request.query_params.get("objects")
    wanted = None if asked is None else [name for name in asked.split(",") if _plain(name)]
    found = crops(visit(request).image, wanted, services=services())
    return JSONResponse(found, headers=NOT_KEPT)


def _plain(name: str) -> bool:
    """Whether it can be an id; some databases refuse to look for other text."""
    return name.isascii() and name.isalnum()
