"""The shared objects of an installation in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from beltmask.model import Image, Project
from beltmask.settings import load_settings
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt


@pytest.fixture
def replay_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the replay detector looks for recorded replies."""
    folder = tmp_path / "replies"
    folder.mkdir()
    monkeypatch.setenv("BELTMASK_REPLAY_FOLDER", str(folder))
    return folder


@pytest.fixture
def services(replay_folder: Path, sqlite_tables: Path) -> Iterator[Services]:
    data = Path(os.environ["BELTMASK_DATA"])
    data.mkdir()
    copy(sqlite_tables, data / "beltmask.sqlite3")
    services = Services.open(load_settings())
    yield services
    services.close()


@pytest.fixture
def project(services: Services) -> Project:
    return create_project("Belt 3", services=services)


@pytest.fixture
def image(project: Project, services: Services) -> Image:
    """One picture of 64 x 48 pixels with two bright spots."""
    data = spotted_belt(0)
    added = add_picture("belt-1.png", data, project_id=project.id, services=services)
    assert added.image is not None
    return added.image
