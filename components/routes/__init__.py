"""Addresses a browser fetches by itself, beside the pages: pictures, objects, the canvas's code.

``canvas_urls`` hands out addresses to whoever may see an image. They are signed, so whoever
holds one needs nothing else; ``docs/adr/0012`` says why.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.routing import BaseRoute, Route

from beltmask.model import Annotation, Image
from beltmask.workflows.image_access import check_access, crop_of, shape_key
from beltmask.workflows.pyramids import SQUARE_SIDE, pyramid
from components.routes.addresses import (
    ANY_OTHER_PATH,
    IMAGE_PATH,
    MODULE_PATH,
    image_address,
    with_base,
)
from components.routes.crops import send_crop
from components.routes.module import LOADER, module_part, send_module
from components.routes.pictures import send_picture, send_square
from components.routes.responses import explaining, refuse
from components.routes.shapes import send_shapes
from components.services import services

__all__ = ["LOADER", "canvas_routes", "canvas_urls", "crop_url", "module_part"]


def canvas_routes() -> list[BaseRoute]:
    """What the server answers besides pages; made once, with the server."""
    endpoints = {
        f"{IMAGE_PATH}/picture": send_picture,
        f"{IMAGE_PATH}/tiles/{{level}}/{{column}}/{{row}}": send_square,
        f"{IMAGE_PATH}/shapes": send_shapes,
        f"{IMAGE_PATH}/crops/{{object}}": send_crop,
        MODULE_PATH: send_module,
        ANY_OTHER_PATH: refuse,
    }
    return [Route(with_base(path), explaining(answer)) for path, answer in endpoints.items()]


def crop_url(image: Image, annotation: Annotation, color: str) -> str:
    """The address of an object cut out of its picture, outlined in ``color`` (#rrggbb).

    Raises:
        NotAllowedError: This person may not see the image.
    """
    check_access(image, services=services())
    asked = urlencode({"shape": shape_key(crop_of(annotation)), "color": color.lstrip("#").lower()})
    return f"{image_address(image)}/crops/{annotation.id}?{asked}"


def canvas_urls(image: Image) -> dict[str, object]:
    """The addresses of an image: ``picture``, ``shapes`` and ``tiles``.

    They stay the same until the next day begins (UTC), and hold for a day more. ``tiles`` is None
    where the preview shows every pixel; otherwise it has ``levels``, the ``side`` of a square in
    px and a ``url`` with places for ``{level}``, ``{column}`` and ``{row}``. Square (level, column,
    row) begins at pixel (column, row) * side * 2**level. To ``picture`` and ``tiles`` of pictures
    with ``facts.window``, ``?window=low,high`` may be added.

    Raises:
        NotAllowedError: This person may not see the image.
    """
    check_access(image, services=services())
    address = image_address(image)
    return {
        "picture": f"{address}/picture",
        "shapes": f"{address}/shapes",
        "tiles": _tiles(image, address),
    }


def _tiles(image: Image, address: str) -> dict[str, object] | None:
    levels = pyramid(image.size).levels
    url = f"{address}/tiles/{{level}}/{{column}}/{{row}}"
    return {"url": url, "side": SQUARE_SIDE, "levels": levels} if levels else None
