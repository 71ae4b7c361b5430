"""A server with the app's routes, which tells the addresses a page would be given."""

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project, list_projects
from components.routes import canvas_routes, canvas_urls
from components.services import services


def addresses(_request: Request) -> JSONResponse:
    """Those of one small belt, there since the first call."""
    known = list_projects(services())
    project = known[0] if known else create_project("Line 3", services=services())
    data = encode_png(draw_belt(1, size=(480, 360), object_count=1).pixels)
    added = add_picture("belt.png", data, project_id=project.id, services=services())
    assert added.image is not None
    return JSONResponse(canvas_urls(added.image))


if __name__ != "__main__":
    app = st.App(__file__, routes=[*canvas_routes(), Route("/addresses", addresses)])
