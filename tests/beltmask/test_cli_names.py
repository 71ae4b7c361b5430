"""Names of files on the command line: from adding and detecting to export and evaluation."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from beltmask.settings import load_settings
from beltmask.workflows.images import ImageFilter, gallery
from beltmask.workflows.projects import project_named
from beltmask.workflows.services import Services
from tests.beltmask.conftest import Call
from tests.beltmask.simple_detectors import spotted_belt
from tests.beltmask.zips import packed


def kept(project: str) -> list[str]:
    """What the project's pictures are called, with their folders."""
    services = Services.open(load_settings())
    try:
        where = ImageFilter(project_named(project, services=services).id)
        images = gallery(where, services=services, after=0, limit=100).images
        return [f"{each.facts.folder}/{each.name}".lstrip("/") for each in images]
    finally:
        services.close()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The offline detector without its network."""
    monkeypatch.setenv("BELTMASK_WEIGHTS", str(tmp_path / "none.onnx"))


@pytest.fixture
def faults(shared_data: Path) -> Path:
    return shared_data / "faults"


def test_a_zip_of_a_japanese_desk_is_added_whole_and_under_its_names(
    call: Call, faults: Path
) -> None:
    said = call("add", faults / "11-zip-names-of-other-desks/cp932.zip", "--project", "Belt 3")
    assert (said.code, said.out, said.err) == (0, "3 added\n", "")
    assert kept("Belt 3") == ["検査/傷あり.png", "ソ表.png", "表示/能力.png"]


def test_a_colon_in_a_name_is_added_from_a_zip_as_from_a_folder(
    call: Call, faults: Path, tmp_path: Path
) -> None:
    archive = faults / "12-colon-in-zip-name/time_in_name.zip"
    said = call("add", archive, "--project", "packed")
    assert (said.code, said.err) == (0, "")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "out")
    call("add", tmp_path / "out", "--project", "unpacked")
    assert {f"out/{name}" for name in kept("packed")} == set(kept("unpacked"))


def test_files_beside_the_pictures_are_passed_over_and_counted_in_one_sentence(
    call: Call, tmp_path: Path
) -> None:
    folder = tmp_path / "shift"
    folder.mkdir()
    files = {"scan": spotted_belt(1), "README": b"words", "a.txt": b"words", "b.json": b"{}"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    wanted = "3 files beside the pictures were passed over: {0}README, {0}a.txt, {0}b.json."
    said = call("add", folder, "--project", "Belt 3")
    assert (said.code, said.out) == (0, "1 added\n")
    assert said.err == wanted.format("shift/") + "\n"
    (tmp_path / "b.zip").write_bytes(packed({name.encode(): each for name, each in files.items()}))
    said = call("add", tmp_path / "b.zip", "--project", "Belt 4")
    assert (said.code, said.out, said.err) == (0, "1 added\n", wanted.format("") + "\n")
    said = call("detect", folder, "--out", tmp_path / "out")
    assert (said.code, said.err) == (0, wanted.format("") + "\n")


def test_nothing_but_other_files_is_no_picture(call: Call, tmp_path: Path) -> None:
    (tmp_path / "README").write_text("words")
    said = call("add", tmp_path, "--project", "Belt 3")
    assert (said.code, said.out) == (2, "no pictures\n")
    assert "there is no picture in what was named" in said.err


def test_a_name_with_letters_nobody_sees_is_added_without_them(call: Call, tmp_path: Path) -> None:
    (tmp_path / "bel\u200bt\u202egnp.png").write_bytes(spotted_belt(1))
    call("add", tmp_path / "bel\u200bt\u202egnp.png", "--project", "Be\u200blt\u20663")
    assert kept("Belt3") == ["beltgnp.png"]


def test_awkward_names_are_detected_in_and_written_as_every_system_can_store(
    call: Call, tmp_path: Path
) -> None:
    folder, out = tmp_path / "pics", tmp_path / "out"
    folder.mkdir()
    for number, name in enumerate(("CON", "nul", "aux.png", "COM1.jpg", "a:b", "dot..png", "e ")):
        (folder / name).write_bytes(spotted_belt(number))
    said = call("detect", folder, "--out", out)
    assert (said.code, said.err) == (0, "")
    rows = json.loads((out / "annotations.json").read_text(encoding="utf-8"))["images"]
    names = {row["file_name"] for row in rows}
    assert names == {"_CON", "_nul", "_aux.png", "_COM1.jpg", "a_b", "dot..png", "e"}
    overlays = {path.name for path in out.glob("*-masks.jpg")}
    assert overlays == {
        "_CON-masks.jpg",
        "_nul-masks.jpg",
        "_aux-masks.jpg",
        "_COM1-masks.jpg",
        "a_b-masks.jpg",
        "dot.-masks.jpg",
        "e-masks.jpg",
    }
