"""Pictures detected in as files, and the same pictures added, approved and exported."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from beltmask.formats.coco.reader import read_coco
from beltmask.formats.dataset import DatasetObject
from beltmask.model import AnnotationState, Change, ReviewState
from beltmask.settings import load_settings
from beltmask.workflows.images import ImageFilter, gallery
from beltmask.workflows.projects import classes_of, project_named
from beltmask.workflows.services import Services
from tests.beltmask.conftest import Call
from tests.beltmask.store.builders import annotation


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data_with_tables: Path) -> None:
    """The offline detector without its network, and a data folder with tables."""
    monkeypatch.setenv("BELTMASK_WEIGHTS", str(tmp_path / "none.onnx"))


def approve_what_was_detected(project_name: str, predictions: Path) -> None:
    """Each picture of the project with the objects found in the same bytes."""
    found = read_coco(predictions)
    objects = {image.sha256: list(image.objects) for image in found.images}
    services = Services.open(load_settings())
    try:
        project = project_named(project_name, services=services)
        where = ImageFilter(project.id)
        for image in gallery(where, services=services, after=0, limit=100).images:
            _approve(image.id, objects[image.facts.sha256], services)
    finally:
        services.close()


def _approve(image_id: int, found: Sequence[DatasetObject], services: Services) -> None:
    with services.store.write() as records:
        image = records.images.get(image_id)
        [first] = classes_of(image.project_id, services=services)
        made = [
            annotation(
                f"{image_id}-{number}",
                image_id,
                state=AnnotationState.ACCEPTED,
                class_id=first.id,
                mask=each.mask,
                box=each.box,
            )
            for number, each in enumerate(found)
        ]
        records.annotations.apply([Change(None, each) for each in made])
        records.images.move(image, review=ReviewState.APPROVED, object_count=len(made))


def without_hashes(path: Path) -> None:
    """As tools leave it that drop what they do not know."""
    data = json.loads(path.read_text(encoding="utf-8"))
    for row in data["images"]:
        del row["sha256"]
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize(
    ("folder", "named", "count"),
    [
        ("02-own-detections-against-own-export", ["pics"], 5),
        (
            "03-evaluate-pairs-the-wrong-pictures",
            ["pics/cam1", "pics/cam2", "pics/0001-2.png"],
            3,
        ),
    ],
)
def test_detections_against_the_export_of_the_same_pictures_are_perfect(
    folder: str, named: list[str], count: int, call: Call, shared_data: Path, tmp_path: Path
) -> None:
    place = shared_data / "faults" / folder
    predictions = tmp_path / "found" / "annotations.json"
    files = [place / name for name in named]
    assert call("detect", *files, "--out", predictions.parent).code == 0
    assert call("add", place / "pics", "--project", "Belt 3").code == 0
    approve_what_was_detected("Belt 3", predictions)
    for export in ("out", "out.json"):
        assert call("export", "--project", "Belt 3", "--out", tmp_path / export).code == 0
    truths = [tmp_path / "out" / "annotations.json", tmp_path / "out.json"]

    def check() -> None:
        for truth in truths:
            said = call("evaluate", "--truth", truth, "--predictions", predictions)
            result = json.loads(said.out)
            assert (said.code, said.err, result["f1"]) == (0, "", 1.0)
            assert result["overall"]["true_positive"] == result["images"] == count

    check()
    for path in (predictions, *truths):
        without_hashes(path)
    check()
