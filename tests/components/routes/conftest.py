"""The app's routes on a server of their own, over an installation with one picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from beltmask.model import Image, Project
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from components.routes import canvas_routes
from components.services import services
from tests.belts import belt_png


@pytest.fixture
def opened(data_with_tables: Path) -> Iterator[Services]:
    """The services the routes of this test will use, on a data folder of its own."""
    st.cache_resource.clear()
    mine = services()
    yield mine
    mine.close()
    st.cache_resource.clear()


@pytest.fixture
def project(opened: Services) -> Project:
    return create_project("Line 3", services=opened)


@pytest.fixture
def image(project: Project, opened: Services) -> Image:
    """A small belt."""
    data = belt_png(1, object_count=1)
    added = add_picture("belt.png", data, project_id=project.id, services=opened)
    assert added.image is not None
    return added.image


@pytest.fixture
def browser() -> Iterator[TestClient]:
    """Whatever asks for addresses; a bug of the server would end the test."""
    with TestClient(Starlette(routes=canvas_routes())) as client:
        yield client
