"""What visitors may add from the machine the pages are served from."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from beltmask.errors import NotAllowedError
from beltmask.model import Project
from beltmask.workflows.images import AddOutcome
from beltmask.workflows.server_folders import add_from_server
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An offered folder; beside it lies one that is not."""
    for name in ("offered/shift/a.png", "offered/b.png", "secret/c.png", "offered too/d.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(spotted_belt(len(name)))
    (tmp_path / "offered" / "leads out").symlink_to(tmp_path / "secret")
    (tmp_path / "offered" / "out.png").symlink_to(tmp_path / "secret" / "c.png")
    return tmp_path / "offered"


@pytest.fixture
def offering(root: Path, services: Services) -> Services:
    settings = services.settings.model_copy(update={"server_folders": (root,)})
    return replace(services, settings=settings)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("{root}/shift", ["shift/a.png"]),
        ("{root}", ["offered/b.png", "offered/shift/a.png"]),
        ("{root}/b.png", ["b.png"]),
        ("shift", ["shift/a.png"]),
        ("{root}/shift/../b.png", ["b.png"]),
    ],
)
def test_what_lies_in_an_offered_folder_is_added(
    path: str, names: list[str], root: Path, project: Project, offering: Services
) -> None:
    added = list(add_from_server(path.format(root=root), project_id=project.id, services=offering))
    assert [each.name for each in added] == names
    assert {each.outcome for each in added} == {AddOutcome.ADDED}


@pytest.mark.parametrize(
    "path",
    [
        "/dev/zero",
        "/etc/passwd",
        "{root}/../secret",
        "{root}/../secret/c.png",
        "{root}/../no such file",
        "{root} too",
        "{root}/leads out",
        "{root}/leads out/c.png",
        "{root}/out.png",
        "../secret",
        "x" * 5000,
        "/" + "x" * 5000,
        "a\0b",
        "~",
        "{root}/no such file",
    ],
)
def test_everything_else_is_refused_in_the_same_words_whether_it_is_there_or_not(
    path: str, root: Path, project: Project, offering: Services
) -> None:
    with pytest.raises(NotAllowedError) as caught:
        add_from_server(path.format(root=root), project_id=project.id, services=offering)
    said = str(caught.value)
    assert said.endswith(" is in no folder that is offered here")
    assert len(said) < 300
    assert caught.value.hint == f"Name a file or folder in {root}."


def test_nothing_is_offered_unless_folders_are_listed(
    root: Path, project: Project, services: Services
) -> None:
    with pytest.raises(NotAllowedError, match="in no folder that is offered here"):
        add_from_server(str(root), project_id=project.id, services=services)


def test_pipes_in_an_offered_folder_are_refused_and_the_rest_goes_through(
    root: Path, project: Project, offering: Services
) -> None:
    os.mkfifo(root / "a pipe.png")
    added = list(add_from_server(str(root), project_id=project.id, services=offering))
    assert [each.outcome for each in added] == [
        AddOutcome.REFUSED,
        AddOutcome.ADDED,
        AddOutcome.ADDED,
    ]
    assert "a pipe.png is no file with bytes of its own" in added[0].note
