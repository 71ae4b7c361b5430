from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from beltmask import masks
from beltmask.errors import FormatError
from beltmask.formats.coco.writer import write_coco
from beltmask.formats.dataset import DatasetImage, DatasetObject
from beltmask.model import Box
from beltmask.workflows.evaluation import evaluate_files

SIZE = (100, 80)
CLASSES = {0: "Bolt", 1: "nut"}


def thing(x: int, y: int = 0, *, kind: int = 0, width: int = 10) -> DatasetObject:
    box = Box(x, y, x + width, y + 10)
    return DatasetObject(kind, box, masks.mask_from_box(box))


def coco(path: Path, *images: DatasetImage, classes: dict[int, str] | None = None) -> Path:
    with path.open("w", encoding="utf-8") as out:
        write_coco(out, images, classes or CLASSES)
    return path


def picture(name: str, *objects: DatasetObject, size: tuple[int, int] = SIZE) -> DatasetImage:
    return DatasetImage(name, size, objects)


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    first = picture("line1/a.png", thing(0), thing(30, kind=1))
    return coco(tmp_path / "truth.json", first, picture("line1/b.png", thing(0)))


def test_a_file_against_itself_is_perfect(truth: Path) -> None:
    result = evaluate_files(truth, truth)
    figures = {name: result[name] for name in ("precision", "recall", "f1", "mean_iou")}
    assert set(figures.values()) == {1.0}
    assert result["overall"] | figures == result["overall"]
    assert result["per_class"].keys() == {"Bolt", "nut"}
    assert (result["images"], result["iou_threshold"]) == (2, 0.5)
    json.dumps(result, allow_nan=False)


def test_ids_and_order_do_not_matter_names_do(truth: Path, tmp_path: Path) -> None:
    other = coco(
        tmp_path / "p.json",
        picture("line1/b.png", thing(0, kind=1)),
        picture("line1/a.png", thing(30), thing(0, kind=1)),
        classes={0: "NUT ", 1: "bolt"},
    )
    result = evaluate_files(truth, other)
    assert result["f1"] == 1.0
    assert [score["f1"] for score in result["per_class"].values()] == [1.0, 1.0]


def test_a_wrong_class_shows_per_class_and_not_overall(truth: Path, tmp_path: Path) -> None:
    both = (thing(0, kind=1), thing(30, kind=1))
    images = (picture("line1/a.png", *both), picture("line1/b.png", thing(0)))
    result = evaluate_files(truth, coco(tmp_path / "p.json", *images))
    assert result["overall"]["f1"] == 1.0
    assert result["per_class"]["Bolt"]["recall"] == 0.5
    assert result["per_class"]["nut"]["precision"] == 0.5


def test_base_names_serve_when_folders_differ(truth: Path, tmp_path: Path) -> None:
    found = coco(tmp_path / "p.json", picture("b.png", thing(0)), picture("x\\a.png"))
    result = evaluate_files(truth, found)
    assert result["overall"]["true_positive"] == 1
    assert result["images_without_predictions"] == []


def test_a_base_name_of_two_images_is_not_guessed(tmp_path: Path) -> None:
    wanted = coco(tmp_path / "t.json", picture("a.png"), picture("c.png", thing(0)))
    twins = (picture("1/c.png", thing(0)), picture("2/c.png", thing(0)), picture("a.png"))
    result = evaluate_files(wanted, coco(tmp_path / "p.json", *twins))
    assert result["images_without_predictions"] == ["c.png"]
    assert result["images_without_truth"] == ["1/c.png", "2/c.png"]


def test_one_image_of_predictions_serves_one_image_of_truth(tmp_path: Path) -> None:
    wanted = coco(tmp_path / "t.json", picture("a.png", thing(0)), picture("x/a.png", thing(0)))
    result = evaluate_files(wanted, coco(tmp_path / "p.json", picture("a.png", thing(0))))
    assert (result["precision"], result["recall"]) == (1.0, 0.5)


def test_a_missing_image_is_listed_and_its_objects_are_missed(truth: Path, tmp_path: Path) -> None:
    images = (picture("line1/b.png", thing(0)), picture("more.png", thing(0), thing(20)))
    result = evaluate_files(truth, coco(tmp_path / "p.json", *images))
    assert result["images_without_predictions"] == ["line1/a.png"]
    assert result["images_without_truth"] == ["more.png"]
    assert (result["precision"], result["recall"]) == (1.0, pytest.approx(1 / 3))
    assert result["images"] == 2


def test_a_results_list_uses_the_ids_of_the_truth(truth: Path, tmp_path: Path) -> None:
    rows = json.loads(truth.read_text())["annotations"]
    kept = ("image_id", "category_id", "segmentation")
    results = [{key: row[key] for key in kept} | {"score": 0.9} for row in rows[:2]]
    path = tmp_path / "results.json"
    path.write_text(json.dumps(results))
    result = evaluate_files(truth, path)
    assert (result["precision"], result["recall"]) == (1.0, pytest.approx(2 / 3))


def test_nothing_to_find_and_nothing_found_is_undefined(tmp_path: Path) -> None:
    path = coco(tmp_path / "t.json", picture("a.png"))
    result = evaluate_files(path, path)
    assert [result[name] for name in ("precision", "recall", "f1", "mean_iou")] == [None] * 4
    assert result["images"] == 1


def test_a_crowd_is_neither_missed_nor_false(truth: Path, tmp_path: Path) -> None:
    data: dict[str, Any] = json.loads(truth.read_text())
    data["annotations"][0]["iscrowd"] = 1
    crowded = tmp_path / "crowded.json"
    crowded.write_text(json.dumps(data))
    result = evaluate_files(crowded, truth)
    assert (result["overall"]["true_positive"], result["precision"]) == (2, 1.0)
    nothing = coco(tmp_path / "p.json", picture("line1/a.png"), picture("line1/b.png"))
    assert evaluate_files(crowded, nothing)["overall"]["false_negative"] == 2


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        pytest.param(picture("z.png"), "no image in common", id="other pictures"),
        pytest.param(picture("line1/a.png", size=(9, 9)), "not the same picture", id="resized"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(
    truth: Path, tmp_path: Path, image: DatasetImage, reason: str
) -> None:
    with pytest.raises(FormatError, match=reason):
        evaluate_files(truth, coco(tmp_path / "p.json", image))


def changed(path: Path, **fields: Any) -> Path:
    """A copy of a COCO file whose first annotation has other fields."""
    data: dict[str, Any] = json.loads(path.read_text())
    data["annotations"][0].update(fields)
    copy = path.with_name("changed.json")
    copy.write_text(json.dumps(data))
    return copy


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"segmentation": [[1, 2, 3]]}, "no list of corners", id="polygon"),
        pytest.param(
            {"segmentation": {"size": [80, 100], "counts": "0"}}, "sum of run lengths", id="RLE"
        ),
        pytest.param({"segmentation": [[0, 0, float("nan"), 1, 2, 2]]}, "usable", id="NaN"),
        pytest.param({"image_id": 99}, "there is no image 99", id="image"),
        pytest.param({"category_id": 99}, "there is no category 99", id="category"),
        pytest.param({"category_id": None}, "not a number", id="no category"),
        pytest.param({"segmentation": None, "bbox": None}, "neither pixels nor a box", id="none"),
    ],
)
@pytest.mark.parametrize("side", ["truth", "predictions"])
def test_an_object_that_cannot_be_read_is_left_out_and_told_and_the_rest_counts(
    truth: Path, fields: dict[str, Any], reason: str, side: str
) -> None:
    broken = changed(truth, **fields)
    files = {"truth": truth, "predictions": truth} | {side: broken}
    result = evaluate_files(files["truth"], files["predictions"])
    [said] = result["left_out"]
    assert said.startswith("changed.json, annotation 1: ")
    assert reason in said
    counts = {name: result["overall"][name] for name in ("false_positive", "false_negative")}
    assert result["overall"]["true_positive"] == 2
    assert sum(counts.values()) == 1
    assert counts["false_positive" if side == "truth" else "false_negative"] == 1


@pytest.mark.parametrize("flag", ["iscrowd", "ignore"])
def test_a_truth_in_which_nothing_counts_says_so(truth: Path, flag: str) -> None:
    data: dict[str, Any] = json.loads(truth.read_text())
    for row in data["annotations"]:
        row[flag] = 1
    crowded = truth.with_name("crowded.json")
    crowded.write_text(json.dumps(data))
    result = evaluate_files(crowded, truth)
    assert result["f1"] is None
    assert result["overall"]["false_positive"] == 0
    [said] = result["remarks"]
    assert said.startswith("every object of crowded.json is marked as a crowd or to be ignored")
    assert evaluate_files(truth, truth)["remarks"] == []


def test_ignored_truth_is_neither_missed_nor_false(truth: Path) -> None:
    ignoring = changed(truth, ignore=1)
    assert evaluate_files(ignoring, truth)["overall"] == evaluate_files(truth, truth)["overall"] | {
        "true_positive": 2
    }
    assert evaluate_files(changed(truth, ignore=0), truth)["overall"]["true_positive"] == 3


def test_images_that_are_not_paired_are_told(truth: Path, tmp_path: Path) -> None:
    found = coco(tmp_path / "p.json", picture("line1/b.png", thing(0)), picture("more.png"))
    assert evaluate_files(truth, found)["remarks"] == [
        "1 image of truth.json without predictions, all missed: line1/a.png.",
        "1 image of p.json without truth, not judged: more.png.",
    ]


def test_class_names_in_two_forms_of_unicode_are_one_class(tmp_path: Path) -> None:
    one, other = (
        coco(tmp_path / name, picture("a.png", thing(0)), classes={0: label})
        for name, label in (("t.json", "F\u00f6rder"), ("p.json", "FO\u0308RDER\u200b"))
    )
    assert evaluate_files(one, other)["per_class"].keys() == {"F\u00f6rder"}
