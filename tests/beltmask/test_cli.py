"""The command line as people and scripts call it: what it writes, says and returns."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from beltmask.demo import draw_belt
from beltmask.images import encode_png, read_image
from beltmask.settings import load_settings
from beltmask.workflows.images import ImageFilter, gallery
from beltmask.workflows.projects import project_named
from beltmask.workflows.services import Services
from tests.beltmask.conftest import REPLY, Call
from tests.beltmask.simple_detectors import spotted_belt
from tests.gestures import approve


def test_add_says_what_became_of_each_file(call: Call, folder: Path) -> None:
    first = call("add", folder / "a.png", folder / "fake.png", "--project", " Belt  3")
    assert (first.code, first.out) == (1, "1 added, 1 refused\n")
    assert "fake.png" in first.err
    again = call("add", folder / "a.png", folder / "b.png", "--project", "Belt 3")
    assert (again.code, again.out, again.err) == (0, "1 already there, 1 added\n", "")


def test_of_several_pages_the_first_is_taken_and_that_is_said(call: Call, tmp_path: Path) -> None:
    first, second = (Image.fromarray(draw_belt(n, size=(320, 240)).pixels) for n in (1, 2))
    first.save(tmp_path / "scan.tif", save_all=True, append_images=[second])
    said = call("add", tmp_path / "scan.tif", "--project", "Belt 3")
    assert (said.code, said.out) == (0, "1 added\n")
    told = "scan.tif: It has several pages or frames: the first was taken."
    assert told in said.err
    said = call("detect", tmp_path / "scan.tif", "--out", tmp_path / "out")
    assert said.code == 0
    assert told in said.err


def test_a_folder_is_added_with_what_it_holds(call: Call, folder: Path) -> None:
    (folder / "fake.png").unlink()
    said = call("add", folder, "--project", "Belt 3")
    assert (said.code, said.out) == (0, "2 added\n"), said.err


def test_detect_writes_coco_and_overlays(call: Call, tmp_path: Path) -> None:
    belt = draw_belt(1, size=(480, 360), object_count=3)
    (tmp_path / "belt one.png").write_bytes(encode_png(belt.pixels))
    out = tmp_path / "new" / "out"
    said = call("detect", tmp_path / "belt one.png", "--out", out)
    assert (said.code, said.err) == (0, "")
    assert [path.name for path in out.rglob("*.json")] == ["annotations.json"]
    data = json.loads((out / "annotations.json").read_text())
    [row] = data["images"]
    assert (row["file_name"], row["width"], row["height"]) == ("belt one.png", 480, 360)
    assert said.out == f"belt one.png: {len(data['annotations'])} objects\n"
    assert data["annotations"]
    drawn = read_image((out / "belt one-masks.jpg").read_bytes(), name="drawn.jpg")
    assert drawn.pixels.shape == belt.pixels.shape


def test_detect_goes_on_after_a_file_that_failed(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTMASK_REPLAY_FOLDER", str(folder / "replies"))
    (folder / "replies").mkdir()
    (folder / "replies" / "b.json").write_text(REPLY)
    files = [folder / name for name in ("fake.png", "a.png", "b.png")]
    said = call("detect", *files, "--out", folder / "out", "--detector", "replay")
    assert (said.code, said.out) == (1, "b.png: 1 object\n")
    assert len(said.err.splitlines()) == 2
    data = json.loads((folder / "out" / "annotations.json").read_text())
    assert [row["file_name"] for row in data["images"]] == ["b.png"]
    assert [row["name"] for row in data["categories"]] == ["can"]


def test_detect_with_nothing_readable_writes_nothing(call: Call, folder: Path) -> None:
    said = call("detect", folder / "fake.png", folder / "lost.png", "--out", folder / "out")
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 2)
    assert not (folder / "out").exists()


def test_detect_with_nothing_readable_leaves_what_was_written_before(
    call: Call, folder: Path
) -> None:
    before = folder / "empty" / "annotations.json"
    before.write_text("{}")
    call("detect", folder / "fake.png", "--out", folder / "empty")
    assert before.read_text() == "{}"


@pytest.mark.parametrize("taken", ["annotations.json", "b-masks.jpg"])
def test_detect_looks_at_no_picture_when_its_folder_cannot_take_the_result(
    taken: str, call: Call, folder: Path
) -> None:
    (folder / "out" / taken).mkdir(parents=True)
    said = call("detect", folder / "a.png", folder / "b.png", "--out", folder / "out")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"{folder / 'out' / taken} is in the way: it is a folder. "
        "Choose another folder, or move it away.\n"
    )
    assert [path.name for path in (folder / "out").iterdir()] == [taken]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder that even root cannot write")
def test_detect_looks_at_no_picture_when_its_folder_is_not_writable(
    call: Call, folder: Path
) -> None:
    said = call("detect", folder / "fake.png", folder / "a.png", "--out", "/proc/self")
    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert said.err.startswith("/proc/self cannot be written: ")


def test_a_project_that_is_not_there_is_told_which_ones_are(call: Call, folder: Path) -> None:
    said = call("export", "--project", "Belt 9", "--out", folder / "o.zip")
    assert said.err == 'there is no project "Belt 9". There are no projects yet.\n'
    call("add", folder / "a.png", "--project", "Belt 3")
    said = call("export", "--project", "Belt 9", "--out", folder / "o.zip")
    assert said.err == 'there is no project "Belt 9". There is "Belt 3".\n'


def test_parse_prints_objects_and_problems(call: Call, folder: Path) -> None:
    said = call("parse", folder / "reply.json", "--size", "1000x500")
    assert (said.code, said.err) == (0, "")
    found = json.loads(said.out)
    assert set(found) == {"dialect", "objects", "problems"}
    [can] = found["objects"]
    assert set(can) == {"label", "box", "area", "mask_source"}
    assert (can["label"], can["box"]) == ("can", [200, 50, 600, 250])
    assert found["problems"]
    assert all(set(problem) == {"kind", "object", "detail"} for problem in found["problems"])
    assert 2 in {problem["object"] for problem in found["problems"]}


def test_an_empty_belt_is_no_problem(call: Call, tmp_path: Path) -> None:
    (tmp_path / "reply.txt").write_text("[]")
    said = call("parse", tmp_path / "reply.txt", "--size", "10x10")
    assert said.code == 0
    assert json.loads(said.out)["objects"] == []


def test_approved_images_are_exported(call: Call, folder: Path) -> None:
    call("add", folder / "a.png", folder / "b.png", "--project", "Belt 3")
    nothing = call("export", "--project", "Belt 3", "--out", folder / "o.zip")
    assert nothing.code == 2
    assert nothing.err.startswith('"Belt 3" has nothing to export.')
    approve_all("Belt 3")
    for name, options in [("o.zip", []), ("o.json", []), ("o", ["--no-images"])]:
        said = call("export", "--project", "Belt 3", "--out", folder / name, *options)
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(f"{name}: 0 objects in 2 images read back by pycocotools")
    assert zipfile.is_zipfile(folder / "o.zip")
    assert [path.name for path in (folder / "o").iterdir()] == ["annotations.json"]


@pytest.mark.parametrize("out", ["notes.txt", "notes.txt/out.zip", "taken/annotations.json"])
def test_an_export_that_cannot_be_written_is_one_line(out: str, call: Call, folder: Path) -> None:
    call("add", folder / "a.png", "--project", "Belt 3")
    approve_all("Belt 3")
    said = call("export", "--project", "Belt 3", "--out", folder / out)
    assert said.code == 2
    assert len(said.err.splitlines()) == 1
    assert "cannot be written" in said.err


def test_a_perfect_prediction_scores_one(call: Call, folder: Path) -> None:
    write_coco(folder / "truth.json")
    said = call(
        "evaluate", "--truth", folder / "truth.json", "--predictions", folder / "truth.json"
    )
    assert (said.code, said.err) == (0, "")
    scores = json.loads(said.out)
    assert [scores[name] for name in ("precision", "recall", "f1", "mean_iou")] == [1, 1, 1, 1]


def test_a_file_name_that_is_not_text_is_no_reason_to_stop(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, picture = os.fsdecode(os.fsencode(folder) + b"/latin-\xe9.png"), spotted_belt(3)
    Path(odd).write_bytes(picture)
    (folder / f"{hashlib.sha256(picture).hexdigest()}.txt").write_text("[]")
    monkeypatch.setenv("BELTMASK_REPLAY_FOLDER", str(folder))
    said = call("detect", odd, "--out", folder / "out", "--detector", "replay")
    assert (said.code, said.out, said.err) == (0, "latin-\\udce9.png: 0 objects\n", "")
    data = json.loads((folder / "out" / "annotations.json").read_text(encoding="utf-8"))
    assert len(data["images"]) == 1


def approve_all(name: str) -> None:
    services = Services.open(load_settings())
    project = project_named(name, services=services)
    page = gallery(ImageFilter(project.id), services=services, after=0, limit=50)
    for image in page.images:
        approve(image.id, seen=image.revision, services=services)
    services.close()


def write_coco(path: Path) -> None:
    polygon = [1, 1, 9, 1, 9, 9, 1, 9]
    shape: dict[str, Any] = {"segmentation": [polygon], "bbox": [1, 1, 8, 8], "area": 64}
    data = {
        "images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 20}],
        "categories": [{"id": 1, "name": "can"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, **shape}],
    }
    path.write_text(json.dumps(data))
