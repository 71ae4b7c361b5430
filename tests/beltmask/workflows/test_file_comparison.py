from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from beltmask.cli import main
from beltmask.formats.dataset import DatasetImage, DatasetObject
from beltmask.scoring.error_kinds import ErrorKind
from beltmask.workflows.evaluation import evaluate_files
from beltmask.workflows.file_comparison import compare_files
from tests.beltmask.workflows.test_evaluation import changed, coco, picture, thing

PICTURES = 12
FIGURES = ("precision", "recall", "f1", "mean_iou")


def images(*objects: DatasetObject, count: int = PICTURES) -> list[DatasetImage]:
    return [picture(f"{n:02}.png", *objects) for n in range(count)]


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return coco(tmp_path / "truth.json", *images(thing(0), thing(30, kind=1)))


@pytest.fixture
def poor(tmp_path: Path) -> Path:
    """One of two objects in most pictures, none in the others, which are not in the file."""
    return coco(tmp_path / "poor.json", *images(thing(0), count=PICTURES - 3))


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        code = main(["compare", *map(str, arguments)])
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_figures_are_those_of_evaluate_whatever_the_threshold(truth: Path, poor: Path) -> None:
    found = compare_files(truth, {"poor": poor, "same": truth})
    for name, path in {"poor": poor, "same": truth}.items():
        other = evaluate_files(truth, path)
        assert {f: found["prompts"][name][f] for f in FIGURES} == {f: other[f] for f in FIGURES}
        assert found["prompts"][name]["missed"] == other["overall"]["false_negative"]
    assert found["pictures"] == PICTURES
    loose = coco(truth.with_name("loose.json"), *images(thing(0, width=12), thing(30, width=20)))
    for iou in (0.4, 0.6, 0.9):
        figures = compare_files(truth, {"loose": loose}, iou=iou)["prompts"]["loose"]
        assert figures["f1"] == evaluate_files(truth, loose, iou=iou)["f1"]


def test_a_picture_without_predictions_counts_as_objects_missed(truth: Path, poor: Path) -> None:
    found = compare_files(truth, {"same": truth, "poor": poor})
    row = found["prompts"]["poor"]
    assert (row["missed"], row["extra"], row["precision"]) == (PICTURES + 3, 0, 1.0)
    assert row["errors"] == dict.fromkeys(map(str, ErrorKind), 0) | {"missed": PICTURES + 3}
    assert found["remarks"] == [
        "3 images of truth.json without predictions, all missed: 09.png, 10.png, 11.png."
    ]


def test_json_has_the_shape_other_tools_rely_on(
    truth: Path, poor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(
        capsys, "--truth", truth, "--predictions", f"poor={poor}", f"good={truth}", "--json"
    )
    assert code == 0
    assert "without predictions" in err
    found: dict[str, Any] = json.loads(out)
    assert (found["pictures"], found["baseline"]) == (PICTURES, "poor")
    assert found["prompts"].keys() == {"poor", "good"}
    assert found["prompts"]["good"].keys() >= {
        *FIGURES,
        *("pq", "boundary_f", "missed", "extra", "errors"),
    }
    difference = found["differences"]["good"]["f1"]
    assert difference["delta"] == pytest.approx(1 - found["prompts"]["poor"]["f1"])
    assert 0 < difference["low"] <= difference["delta"] <= difference["high"]
    assert (difference["won"], difference["lost"], difference["tied"]) == (PICTURES, 0, 0)
    assert difference["p_sign"] == pytest.approx(2 * 0.5**PICTURES)
    assert (difference["verdict"], difference["pictures_needed"]) == ("better", 0)


def test_the_table_begins_with_what_to_do(
    truth: Path, poor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ("--truth", truth, "--predictions", f"poor={poor}", f"good={truth}")
    _, out, _ = told(capsys, *files)
    assert out.startswith("Ship good: F1 1.000 against 0.545 of poor on 12 pictures, +0.455 (95 % ")
    assert "\n12 pictures, against poor\n" in out
    _, out, _ = told(capsys, *files, "--baseline", "good")
    assert out.startswith("Don't ship poor: it is worse. F1 0.545 against")


def test_a_small_gain_on_few_pictures_asks_for_more(truth: Path, tmp_path: Path) -> None:
    few = images(thing(0), count=PICTURES - 1)
    one_more = [*few[1:], picture("00.png", thing(0), thing(30))]
    found = compare_files(
        truth,
        {"a": coco(tmp_path / "a.json", *few), "b": coco(tmp_path / "b.json", *one_more)},
    )
    needed = found["differences"]["b"]["f1"]["pictures_needed"]
    assert needed is not None
    assert needed > 0
    assert found["sentence"].startswith(f"Needs about {needed} more pictures to tell b from a.")


def test_pictures_of_one_group_are_one_unit(
    truth: Path, poor: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    groups = tmp_path / "groups.csv"
    rows = [f"{n:02}.png,burst {n // 2}\n" for n in range(PICTURES)]
    groups.write_text("file_name,group,note\n" + "".join(f"{row.strip()},x\n" for row in rows))
    files = ("--truth", truth, "--predictions", f"a={poor}", f"b={truth}", "--json")
    _, out, _ = told(capsys, *files, "--groups", groups)
    found = json.loads(out)
    assert (found["pictures"], found["groups"]) == (12, 6)
    assert found["differences"]["b"]["f1"]["p_sign"] == pytest.approx(2 * 0.5**6)
    assert found["differences"]["b"]["f1"]["won"] == 12


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("file_name,burst\n", "groups.csv has no column group"),
        ("", "groups.csv has no column file_name"),
        ("file_name,group\n00.png,x\n", "groups.csv says no group of 01.png"),
        ("file_name,group\nzz.png,x\n", "groups.csv names zz.png, which is not in truth.json"),
        ("file_name,group\n00.png,x\n00.png,y\n", "groups.csv names 00.png twice"),
        (b"file_name,group\n\xff\xfe\n", "groups.csv is no CSV file in UTF-8"),
    ],
)
def test_groups_that_do_not_fit_the_truth_are_refused(
    truth: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | bytes, reason: str
) -> None:
    groups = tmp_path / "groups.csv"
    groups.write_bytes(text.encode() if isinstance(text, str) else text)
    code, out, err = told(
        capsys, "--truth", truth, "--predictions", f"a={truth}", "--groups", groups
    )
    assert (code, out) == (2, "")
    assert err.startswith(reason)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "there are no predictions to compare with the truth. Name them: --predictions"),
        (["a"], "argument --predictions: 'a' is not NAME=FILE"),
        (["=truth.json"], "argument --predictions: '=truth.json' is not NAME=FILE"),
        (["a="], "argument --predictions: 'a=' is not NAME=FILE"),
        (["a=truth.json", "a=truth.json"], "there are two predictions named a."),
        (["a=missing.json"], "missing.json cannot be opened"),
        (["a=truth.json", "--baseline", "b"], "there are no predictions named b. Name one of a."),
        (["a=truth.json", "--iou", "0"], "argument --iou: '0' is not a number above 0"),
        (["a=truth.json", "--iou", "nan"], "argument --iou: 'nan' is not a number above 0"),
        (["a=truth.json", "--seed", "-1"], "argument --seed: '-1' is not a whole number"),
        (["a=truth.json", "--gate", "f2:0"], "argument --gate: 'f2:0' is not FIGURE:NUMBER"),
        (["a=truth.json", "--gate", "f1"], "argument --gate: 'f1' is not FIGURE:NUMBER"),
        (["a=truth.json", "--groups", "no.csv"], "no.csv cannot be opened"),
        (["a=truth.json", "--junit", "no/j.xml"], "no/j.xml cannot be written"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_sentence(
    truth: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    reason: str,
) -> None:
    monkeypatch.chdir(truth.parent)
    predictions = ["--predictions", *arguments] if arguments else []
    code, _, err = told(capsys, "--truth", "truth.json", *predictions)
    assert code == 2
    assert err.startswith(reason)
    assert err.count("\n") == 1


def test_a_truth_without_pictures_or_objects_compares_nothing_and_says_so(tmp_path: Path) -> None:
    for name, pictures in (("no.json", []), ("empty.json", images())):
        path = coco(tmp_path / name, *pictures)
        found = compare_files(path, {"a": path, "b": path})
        assert found["differences"]["b"]["f1"]["delta"] is None
        assert found["sentence"].startswith("Don't ship b: no gain is shown.")


def test_a_gate_that_may_be_broken_ends_with_code_3_and_is_written_for_ci(
    truth: Path, poor: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    junit = tmp_path / "junit.xml"
    files = ("--truth", truth, "--predictions", f"good={truth}", f"<&>={poor}", f"same={truth}")
    gates = ("--gate", "f1:-0.01", "--gate", "precision:-0.01")
    code, _, err = told(capsys, *files, *gates, "--junit", junit)
    assert code == 3
    assert err.startswith("<&>: f1 is -0.")
    suite = ElementTree.fromstring(junit.read_bytes())  # noqa: S314  # we wrote it
    assert (suite.get("tests"), suite.get("failures")) == ("4", "1")
    [failed] = [case for case in suite.iter("testcase") if case.find("failure") is not None]
    assert (failed.get("classname"), failed.get("name")) == ("<&>", "f1:-0.01")
    assert told(capsys, *files[:-2], f"same={truth}", *gates)[0] == 0


def test_a_prediction_whose_mask_has_no_pixel_or_cannot_be_read_is_an_empty_mask(
    truth: Path,
) -> None:
    nothing = {"size": [80, 100], "counts": [80 * 100]}
    for box in ([0, 0, 10, 10], [0, 0, 0, 0]):
        broken = changed(truth, segmentation=nothing, bbox=box)
        found = compare_files(truth, {"a": broken})
        assert found["prompts"]["a"]["errors"]["empty_mask"] == 1
        assert found["prompts"]["a"]["f1"] == evaluate_files(truth, broken)["f1"]


def test_the_same_pictures_in_another_order_give_the_same_answer(
    truth: Path, poor: Path, tmp_path: Path
) -> None:
    def turned(path: Path) -> Path:
        data = json.loads(path.read_text())
        data |= {key: data[key][::-1] for key in ("images", "annotations", "categories")}
        copy = tmp_path / "turned" / path.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(json.dumps(data))
        return copy

    one = compare_files(truth, {"a": poor, "b": truth})
    other = compare_files(turned(truth), {"a": turned(poor), "b": turned(truth)})
    assert one | {"remarks": []} == other | {"remarks": []}
