"""The shared objects of an installation in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from beltmask.model import Finding, Image, Project
from beltmask.settings import load_settings
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from beltmask.workflows.task_store import propose
from tests.beltmask.simple_detectors import spotted_belt
from tests.beltmask.store.builders import PROMPT, finding, mask
from tests.beltmask.workflows.person import Person


@pytest.fixture
def replay_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the replay detector looks for recorded replies."""
    folder = tmp_path / "replies"
    folder.mkdir()
    monkeypatch.setenv("BELTMASK_REPLAY_FOLDER", str(folder))
    return folder


@pytest.fixture
def services(replay_folder: Path, data_with_tables: Path) -> Iterator[Services]:
    services = Services.open(load_settings())
    yield services
    services.close()


@pytest.fixture
def in_each_database(
    replay_folder: Path, tables_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """The same on SQLite and on PostgreSQL, for tests that take it as their ``services``."""
    monkeypatch.setenv("BELTMASK_DATABASE_URL", tables_url)
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


@pytest.fixture
def other_image(project: Project, services: Services) -> int:
    """The id of a second picture of the project."""
    added = add_picture("belt-2.png", spotted_belt(1), project_id=project.id, services=services)
    assert added.image is not None
    return added.image.id


@pytest.fixture
def predicted(image: Image, services: Services) -> ReviewSheet:
    """Two proposals: one of the project's class, one whose label no class stands for."""
    detected(image, services, [finding("foreign object", mask(2, 3)), finding("tin", mask(30, 20))])
    return open_sheet(image.id, services=services)


@pytest.fixture
def ann(predicted: ReviewSheet, services: Services) -> Person:
    return Person("Ann", predicted.image.id, services)


@pytest.fixture
def ben(predicted: ReviewSheet, services: Services) -> Person:
    return Person("Ben", predicted.image.id, services)


def detected(image: Image, services: Services, findings: Sequence[Finding]) -> None:
    """Propose findings, as a run does."""
    with services.store.write() as records:
        run = records.runs.add(image.project_id, PROMPT, [image.id], actor=services.actor)
        [task] = records.runs.tasks(run.id, next(iter(records.runs.progress(run.id).counts)))
        found = records.predictions.add(task.id, image.id, findings)
        propose(records, image.id, found, detail={"run": run.id})
