"""What tests of components may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.components.frontend import ESBUILD, CanvasFunctions, asked
from tests.conftest import missing


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CanvasFunctions]:
    """The canvas's own functions; one process for all the questions."""
    if not ESBUILD.exists():
        missing("NODE", "the canvas's tools are not installed: run make frontend")
    with asked(tmp_path_factory.mktemp("frontend")) as browser:
        yield browser
