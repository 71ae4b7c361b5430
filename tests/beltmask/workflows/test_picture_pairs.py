from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.errors import FormatError
from beltmask.formats.dataset import Dataset, DatasetImage
from beltmask.formats.files import FileNames
from beltmask.workflows.evaluation import evaluate_files
from beltmask.workflows.numbered_names import in_order
from beltmask.workflows.picture_pairs import PicturePairs, picture_pairs

SIZE = (320, 240)


def data(*names: str, size: tuple[int, int] = SIZE, sha256: str = "") -> Dataset:
    images = [
        DatasetImage(name, size, sha256=f"{sha256}{number}" if sha256 else "")
        for number, name in enumerate(names, start=1)
    ]
    return Dataset("file.json", tuple(images), {})


def paired(truth: Dataset, found: Dataset) -> dict[str, str]:
    pairs = picture_pairs(truth, found)
    return {
        image.file_name: pairs.by_truth[image].file_name
        for image in truth.images
        if image in pairs.by_truth
    }


@pytest.mark.parametrize(
    ("folder", "count"),
    [
        ("02-own-detections-against-own-export", 5),
        ("03-evaluate-pairs-the-wrong-pictures", 3),
        ("13-one-name-in-two-unicode-forms", 1),
    ],
)
def test_files_of_one_set_of_pictures_pair_whole(
    shared_data: Path, folder: str, count: int
) -> None:
    place = shared_data / "faults" / folder
    result = evaluate_files(place / "truth.json", place / "predictions.json")
    assert (result["f1"], result["images"]) == (1.0, count)
    assert result["images_without_predictions"] == result["images_without_truth"] == []


@pytest.mark.parametrize(
    ("truth", "found"),
    [
        pytest.param("a/b.png", "a\\b.png", id="backslashes"),
        pytest.param("a/b.png", "./a//b.png", id="dots and doubled slashes"),
        pytest.param("F\u00f6rder.png", "Fo\u0308rder.png", id="Unicode's forms"),
        pytest.param("cam/Belt.PNG", "cam/belt.png", id="capitals"),
        pytest.param("pics/cam1/0001.png", "cam1/0001.png", id="fewer folders"),
        pytest.param("pics/cam1/0001.png", "/data/x/cam1/0001.png", id="other folders above"),
        pytest.param("turned.png", "turned.jpg", id="a turned JPEG"),
        pytest.param("pics/turned.png", "turned.jpeg", id="a turned JPEG in a folder"),
        pytest.param("belt 1.png", "images/3f2a9c1d-belt_1.png", id="Label Studio"),
        pytest.param("line 3/a.png", "0a1b2c3d-a.png", id="a hash and a dash"),
        pytest.param("a.png", "2f1e0c9a-1b2c-4d3e-8f90-a1b2c3d4e5f6-a.png", id="a UUID"),
        pytest.param("a.jpg", "a_jpg.rf.0123456789abcdef.jpg", id="Roboflow"),
    ],
)
def test_a_picture_is_known_by_what_tools_leave_of_its_name(truth: str, found: str) -> None:
    for one, other in ((truth, found), (found, truth)):
        pairs = paired(data(one, "zz.png"), data(other, "zz.png"))
        assert pairs == {one: other, "zz.png": "zz.png"}


def test_the_sha_256_tells_pictures_whatever_their_names() -> None:
    truth = data("0001.png", "0001-2.png", "x.png", sha256="a")
    found = data("0001-2.png", "q.png", "0001.png", sha256="a")
    assert paired(truth, found) == {
        "0001.png": "0001-2.png",
        "0001-2.png": "q.png",
        "x.png": "0001.png",
    }


def test_an_end_that_two_pictures_share_pairs_nothing() -> None:
    assert paired(data("1/a.png", "b.png"), data("2/a.png", "3/a.png", "b.png")) == {
        "b.png": "b.png"
    }
    twins = data("0a1b2c3d-a.png", "1a1b2c3d-a.png", "b.png")
    assert paired(data("line/a.png", "b.png"), twins) == {"b.png": "b.png"}


def test_two_days_of_one_number_are_two_pictures() -> None:
    with pytest.raises(FormatError, match="no image in common"):
        picture_pairs(data("20240501-0001.png"), data("20240502-0001.png"))


def test_a_folder_that_differs_is_no_reason_while_another_picture_has_the_name() -> None:
    truth, found = data("cam1/1.png", "cam2/1.png"), data("cam2/1.png", "cam3/1.png")
    assert paired(truth, found) == {"cam2/1.png": "cam2/1.png"}


def test_a_likely_name_of_another_size_is_another_picture() -> None:
    truth = Dataset("t.json", (*data("a.png").images, DatasetImage("b.png", (9, 9))), {})
    assert paired(truth, data("a.png", "x/b.png")) == {"a.png": "a.png"}


def test_a_name_that_is_the_same_on_another_size_is_refused() -> None:
    with pytest.raises(FormatError, match="not the same picture"):
        picture_pairs(data("a.png"), data("A.png", size=(9, 9)))


def test_pairs_made_by_the_order_of_folders_are_told() -> None:
    truth = data("cam1/1.png", "cam2/1.png", "other.png")
    pairs: PicturePairs = picture_pairs(truth, data("1.png", "1-2.png", "other.png"))
    assert [other.file_name for other in pairs.by_truth.values()] == [
        "1.png",
        "1-2.png",
        "other.png",
    ]
    [said] = pairs.guesses
    assert said.startswith("2 images of file.json without folders were taken in the order")


def test_numbers_that_can_be_read_in_two_ways_pair_nothing() -> None:
    assert in_order(["a.png", "a-2.png"], ["a.png", "a.png", "a-2.png"]) == {}


@given(st.lists(st.sampled_from(["a.png", "a-2.png", "b.png", "b"]), min_size=1, max_size=5))
def test_what_is_told_of_numbered_names_is_never_wrong(meant: list[str]) -> None:
    names = FileNames()
    numbered = [names.free(name) for name in meant]
    told = in_order(numbered, meant)
    orders = [
        order
        for order in itertools.permutations(range(len(meant)))
        if _numbered([meant[at] for at in order]) == numbered
    ]
    for at, place in told.items():
        assert all(meant[order[at]] == meant[place] for order in orders)


def _numbered(meant: list[str]) -> list[str]:
    names = FileNames()
    return [names.free(name) for name in meant]
