"""What stops adding pictures half way: which picture, how many before, and where to look."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from beltmask.errors import StoreError
from beltmask.model import Project
from beltmask.workflows.images import add_paths, told_where_it_stopped
from beltmask.workflows.services import Services
from tests.beltmask.conftest import Call
from tests.beltmask.simple_detectors import spotted_belt


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "shift"
    folder.mkdir()
    for number in range(3):
        (folder / f"belt-{number}.png").write_bytes(spotted_belt(number))
    return folder


def test_a_store_that_takes_no_more_names_the_picture_the_count_and_the_data_folder(
    pictures: Path, project: Project, services: Services
) -> None:
    arriving = add_paths([pictures], project_id=project.id, services=services)
    told = told_where_it_stopped(arriving, services=services)
    assert next(told).name == "shift/belt-0.png"
    assert next(told).name == "shift/belt-1.png"
    store = services.settings.data / "store"
    store.rename(store.with_name("moved"))
    store.write_text("a file where a folder was")
    with pytest.raises(StoreError) as caught:
        next(told)
    said = caught.value.explanation
    assert said.startswith("shift/belt-2.png: ")
    assert "; 2 pictures went in before. " in said
    assert f"the data folder {services.settings.data.absolute()}" in said
    assert "BELTMASK_" not in said


def test_a_database_that_fails_names_the_picture_and_no_variable_nobody_set(
    pictures: Path, project: Project, services: Services
) -> None:
    arriving = add_paths([pictures], project_id=project.id, services=services)
    told = told_where_it_stopped(arriving, services=services)
    next(told)
    with services.store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE images RENAME TO elsewhere")
    with pytest.raises(StoreError) as caught:
        next(told)
    said = caught.value.explanation
    assert said.startswith("shift/belt-1.png: ")
    assert "; 1 picture went in before. " in said
    assert f"the data folder {services.settings.data.absolute()}" in said
    assert "BELTMASK_" not in said


def test_a_data_folder_that_cannot_be_used_is_named_on_the_command_line(
    pictures: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTMASK_DATA", str(tmp_path / "data"))
    (tmp_path / "data").write_text("a file")
    said = call("add", pictures, "--project", "Belt 3")
    assert (said.code, said.out) == (2, "")
    assert str(tmp_path / "data") in said.err
    assert "BELTMASK_DATABASE_URL" not in said.err
    assert "Check the environment variables" not in said.err


def test_plain_files_are_detected_in_where_the_data_folder_cannot_be_used(
    pictures: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTMASK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("BELTMASK_WEIGHTS", str(tmp_path / "none.onnx"))
    (tmp_path / "data").write_text("a file")
    said = call("detect", pictures, "--out", tmp_path / "out")
    assert (said.code, said.err) == (0, "")
    assert len(said.out.splitlines()) == 3
    assert (tmp_path / "data").read_text() == "a file"


def test_plain_files_need_no_data_folder_at_all(
    pictures: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTMASK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("BELTMASK_WEIGHTS", str(tmp_path / "none.onnx"))
    assert call("detect", pictures / "belt-1.png", "--out", tmp_path / "out").code == 0
    assert not (tmp_path / "data").exists()


def test_a_model_is_asked_without_a_store_unless_what_it_may_cost_is_kept_there(
    pictures: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTMASK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("BELTMASK_OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("BELTMASK_OPENAI_MODEL", "any")
    monkeypatch.setenv("BELTMASK_OPENAI_TIMEOUT", "0.1")
    (tmp_path / "data").write_text("a file")
    asked = ("detect", pictures / "belt-1.png", "--detector", "openai", "--out", tmp_path / "out")
    said = call(*asked)
    assert "answers are not kept" in said.err.splitlines()[0]
    assert len(said.err.splitlines()) == 2  # and that nobody answers there
    monkeypatch.setenv("BELTMASK_DAILY_BUDGET", "1")
    assert "answers are not kept" not in call(*asked).err


def test_places_are_named_without_passwords(services: Services) -> None:
    settings = services.settings
    assert str(settings.places) == f"the data folder {settings.data.absolute()}"
    elsewhere = settings.model_copy(
        update={"database_url": "postgresql://me:secret@host/belts", "storage_url": "s3://k:v@b"}
    )
    assert str(elsewhere.places) == (
        "the database of BELTMASK_DATABASE_URL or the store of BELTMASK_STORAGE_URL"
    )
    assert replace(services, settings=elsewhere).settings.places == elsewhere.places
