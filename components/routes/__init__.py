"""Addresses a browser fetches by itself, beside the pages: pictures, objects, the canvas's code.

``canvas_urls`` hands out addresses to whoever may see an image. They are signed, so whoever
holds one needs nothing else; ``docs/adr/0012`` says why.
"""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from beltmask.model import Image
from beltmask.workflows.looking import check_access
from components.routes.addresses import IMAGE_PATH, MODULE_PATH, image_address, with_base
from components.routes.answers import explaining
from components.routes.module import module_url, send_module
from components.routes.pictures import send_picture
from components.routes.shapes import send_shapes
from components.services import services

__all__ = ["canvas_routes", "canvas_urls", "module_url"]


def canvas_routes() -> list[BaseRoute]:
    """What the server answers besides pages; made once, with the server."""
    endpoints = {
        f"{IMAGE_PATH}/picture": send_picture,
        f"{IMAGE_PATH}/shapes": send_shapes,
        MODULE_PATH: send_module,
    }
    return [Route(with_base(path), explaining(answer)) for path, answer in endpoints.items()]


def canvas_urls(image: Image) -> dict[str, object]:
    """The addresses of an image: ``picture``, ``shapes`` and ``tiles``.

    They stay the same until the next day begins (UTC), and hold for a day more. ``tiles`` is None
    while the picture is no larger than its preview.

    Raises:
        NotAllowedError: This person may not see the image.
    """
    check_access(image, services=services())
    address = image_address(image)
    return {"picture": f"{address}/picture", "shapes": f"{address}/shapes", "tiles": None}
