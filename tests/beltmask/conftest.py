"""The command line, called as people call it, files good and bad, and a line at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from beltmask.cli import main
from beltmask.store.blobs import Blobs
from beltmask.store.database import Database
from beltmask.store.records import Store
from tests.beltmask.line_at_work import ANN, WORKERS, Line
from tests.beltmask.simple_detectors import spotted_belt

REPLY = '[{"box_2d": [100, 200, 500, 600], "label": "can"}, {"label": "no box"}]'


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """One command in this process."""

    def called(*arguments: str | Path) -> Said:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return called


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Good files and bad ones."""
    (tmp_path / "a.png").write_bytes(spotted_belt(1))
    (tmp_path / "b.png").write_bytes(spotted_belt(2))
    (tmp_path / "notes.txt").write_text("belts are nice")
    (tmp_path / "fake.png").write_text("not a picture")
    (tmp_path / "reply.json").write_text(REPLY)
    (tmp_path / "prose.txt").write_text("I see nothing unusual.\nReally.")
    (tmp_path / "empty").mkdir()
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "annotations.json").mkdir()
    (tmp_path / "broken.json").write_text('{"images": [{"id": 1}], "annotations": [')
    (tmp_path / "no-coco.json").write_text('{"images": 3}')
    return tmp_path


@pytest.fixture
def line(database: Database, tmp_path: Path) -> Iterator[Line]:
    store = Store(database, Blobs(str(tmp_path / "store")))
    with store.write() as records:
        project = records.projects.add("Belt 3", actor=ANN)
    with ThreadPoolExecutor(WORKERS) as pool:
        yield Line(store, project, pool)
