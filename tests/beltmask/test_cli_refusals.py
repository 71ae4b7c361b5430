"""What the command line says to input it can do nothing with: one line, and 2."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.beltmask.conftest import Call

BAD: dict[str, tuple[str, ...]] = {
    "no command": (),
    "unknown command": ("paint",),
    "parse: no size": ("parse", "reply.json"),
    "parse: size is nonsense": ("parse", "reply.json", "--size", "big"),
    "parse: size is nothing": ("parse", "reply.json", "--size", "0x10"),
    "parse: size without a height": ("parse", "reply.json", "--size", "10"),
    "parse: size is negative": ("parse", "reply.json", "--size", "-4x10"),
    "parse: size is enormous": ("parse", "reply.json", "--size", "99999999x99999999"),
    "parse: size has too many digits": ("parse", "reply.json", "--size", "9" * 5000 + "x2"),
    "parse: no such file": ("parse", "lost.json", "--size", "9x9"),
    "parse: a folder": ("parse", "empty", "--size", "9x9"),
    "parse: prose": ("parse", "prose.txt", "--size", "9x9"),
    "parse: no such picture": ("parse", "reply.json", "--size", "9x9", "--image", "lost.png"),
    "parse: no picture": ("parse", "reply.json", "--size", "9x9", "--image", "fake.png"),
    "detect: no such file": ("detect", "lost.png", "--out", "out"),
    "detect: no picture": ("detect", "fake.png", "--out", "out"),
    "detect: empty folder": ("detect", "empty", "--out", "out"),
    "detect: unknown detector": ("detect", "a.png", "--out", "out", "--detector", "oracle"),
    "detect: no key": ("detect", "a.png", "--out", "out", "--detector", "gemini"),
    "detect: no replies": ("detect", "a.png", "--out", "out", "--detector", "replay"),
    "detect: out is a file": ("detect", "a.png", "--out", "notes.txt"),
    "detect: out in a file": ("detect", "a.png", "--out", "notes.txt/out"),
    "detect: out is taken": ("detect", "a.png", "--out", "taken"),
    "detect: no out": ("detect", "a.png"),
    "detect: too hot": ("detect", "a.png", "--out", "out", "--temperature", "nan"),
    "add: no such file": ("add", "lost.png", "--project", "Belt 3"),
    "add: no picture": ("add", "fake.png", "--project", "Belt 3"),
    "add: empty folder": ("add", "empty", "--project", "Belt 3"),
    "add: project without a name": ("add", "a.png", "--project", " "),
    "export: unknown project": ("export", "--project", "Belt 9", "--out", "out.zip"),
    "export: unknown format": ("export", "--project", "x", "--out", "o", "--format", "fax"),
    "evaluate: no such file": ("evaluate", "--truth", "lost.json", "--predictions", "lost.json"),
    "evaluate: a folder": ("evaluate", "--truth", "empty", "--predictions", "empty"),
    "evaluate: broken": ("evaluate", "--truth", "broken.json", "--predictions", "broken.json"),
    "evaluate: no COCO": ("evaluate", "--truth", "no-coco.json", "--predictions", "no-coco.json"),
}


@pytest.mark.parametrize("arguments", BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_on_standard_error_and_2(
    arguments: Sequence[str], call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    said = call(*arguments)
    assert said.code == 2
    assert len(said.err.splitlines()) == 1, said.err
    assert len(said.err.strip()) > 20
    assert "Traceback" not in said.err
    assert " _" not in said.err, "a name of ours says nothing to anybody else"


@pytest.mark.parametrize(
    "settings",
    [
        {"BELTMASK_DATABASE_URL": "nonsense"},
        {"BELTMASK_DATABASE_URL": "postgresql://ann:hunter2@127.0.0.1:1/belts"},
        {"BELTMASK_DATABASE_URL": "oracle://host/db"},
        {"BELTMASK_DATABASE_URL": "sqlite:////dev/null/belts.db"},
        {"BELTMASK_DATA": "/dev/null/data"},
        {"BELTMASK_STORAGE_URL": "nosuch://bucket"},
        {"BELTMASK_STORAGE_URL": "/dev/null/store"},
        {"BELTMASK_WORKERS": "many"},
    ],
    ids=lambda settings: " ".join(map("=".join, settings.items())),
)
def test_an_installation_that_cannot_work_is_one_line(
    settings: dict[str, str], call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    said = call("add", folder / "a.png", "--project", "Belt 3")
    assert said.code == 2
    assert len(said.err.splitlines()) == 1, said.err
    assert "hunter2" not in said.err
