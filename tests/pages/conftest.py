"""The app as AppTest meets it: from ``app.py``, with a project of small drawn belts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from beltmask.model import Image, Project
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from components.services import services
from tests.belts import belt_png

APP = Path(__file__).parents[2] / "app.py"
SECONDS = 60


@pytest.fixture(scope="session", autouse=True)
def scanned_once() -> Iterator[None]:
    """Every app made anew looks for components in all installed packages, and these stay."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        scan = cache(manifest_scanner.scan_component_manifests)
        monkeypatch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def weights() -> Path:
    """Where the saliency network is looked for: nowhere, for it takes its time.

    A test that is to meet it names its place.
    """
    return Path("no weights")


@pytest.fixture
def opened(
    data_with_tables: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """The services the app of this test will use, on a data folder of its own."""
    monkeypatch.setenv("BELTMASK_WEIGHTS", str(weights))
    st.cache_resource.clear()
    st.cache_data.clear()
    mine = services()
    yield mine
    mine.close()
    st.cache_resource.clear()


@pytest.fixture
def project(opened: Services) -> Project:
    return create_project("Line 3", services=opened)


@pytest.fixture
def images(project: Project, opened: Services) -> list[Image]:
    """Three small belts; the last one is empty."""
    added = []
    for seed, count in ((1, 3), (2, 2), (3, 0)):
        data = belt_png(seed, object_count=count)
        one = add_picture(f"belt-{seed}.png", data, project_id=project.id, services=opened)
        assert one.image is not None
        added.append(one.image)
    return added


@pytest.fixture
def app(project: Project) -> AppTest:
    """The app at its first page."""
    return fresh(AppTest.from_file(str(APP), default_timeout=SECONDS).run())


def at(app: AppTest, page: str) -> AppTest:
    """Another page of the app, through the menu."""
    return fresh(app.switch_page(f"pages/{page}.py").run())


def fresh(app: AppTest) -> AppTest:
    """The app, once it is sure that nothing crashed."""
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    """Everything the page says in words."""
    said = (app.info, app.error, app.success, app.warning, app.subheader)
    kinds = (*said, app.caption, app.markdown, app.text)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def press(page: AppTest, key: str) -> AppTest:
    """Press the button of this key."""
    return fresh(page.button(key=key).click().run())
