"""Where the routes are: paths under the server's base path, and the grants within them."""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st
from starlette.requests import Request

from beltmask.model import Image
from beltmask.workflows.image_access import image_to_see
from components.routes.grants import SIGNER
from components.services import services

IMAGE_PATH = "/beltmask/images/{image}/{digest}/{grant}"
MODULE_PATH = "/beltmask/module/{name}"
ANY_OTHER_PATH = "/beltmask/{rest:path}"


@dataclass(frozen=True, slots=True)
class Visit:
    """An image that whoever asks may see, for so many more seconds."""

    image: Image
    seconds_left: int


def with_base(path: str) -> str:
    """``path`` as browsers must ask for it, where ``server.baseUrlPath`` is set too."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path


def image_address(image: Image) -> str:
    """What the addresses of an image begin with; the image, once deleted, leaves it to no other."""
    digest = image.facts.sha256[:16]
    grant = SIGNER.grant(_thing(str(image.id), digest), now=time.time())
    return with_base(IMAGE_PATH.format(image=image.id, digest=digest, grant=grant))


def visit(request: Request) -> Visit:
    """The image a request is about.

    Raises:
        NotAllowedError: The grant is not for this image or has run out, or access was lost.
        NotFoundError: There is no such image any more, or it is in the trash.
    """
    image, digest, grant = (request.path_params[name] for name in ("image", "digest", "grant"))
    left = SIGNER.seconds_left(_thing(image, digest), grant, now=time.time())
    return Visit(image_to_see(int(image), digest=digest, services=services()), left)


def _thing(image: str, digest: str) -> str:
    return f"image {image} {digest}"
