from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from beltmask import masks
from beltmask.errors import FormatError
from beltmask.formats.coco import reader
from beltmask.formats.coco.reader import read_coco
from beltmask.formats.coco.shapes import read_bbox, read_segmentation
from beltmask.formats.dataset import DatasetObject
from beltmask.model import Box

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIZE = (20, 10)
SQUARE = [2.0, 1.0, 6.0, 1.0, 6.0, 5.0, 2.0, 5.0]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


def coco(**annotation: Any) -> dict[str, Any]:
    row = {"id": 7, "image_id": 3, "category_id": 9, **annotation}
    return {
        "images": [{"id": 3, "file_name": "a.png", "width": 20, "height": 10}],
        "categories": [{"id": 9, "name": "bolt"}],
        "annotations": [row],
    }


def saved(folder: Path, data: Any) -> Path:
    path = folder / "their.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def only(path: Path) -> DatasetObject:
    data = read_coco(path)
    assert data.classes == {8: "bolt"}
    [found] = data.images[0].objects
    return found


@pytest.mark.parametrize(
    ("segmentation", "box"),
    [
        pytest.param([SQUARE], Box(2, 1, 6, 5), id="polygon"),
        pytest.param([SQUARE, [8, 1, 9, 1, 9, 5, 8, 5]], Box(2, 1, 9, 5), id="two parts"),
        pytest.param({"size": [10, 20], "counts": [20, 10, 170]}, Box(2, 0, 3, 10), id="numbers"),
        pytest.param({"size": [10, 20], "counts": "d0:Z5"}, Box(2, 0, 3, 10), id="text"),
    ],
)
def test_every_kind_of_segmentation_is_read(tmp_path: Path, segmentation: Any, box: Box) -> None:
    found = only(saved(tmp_path, coco(segmentation=segmentation)))
    assert found.mask is not None
    assert (found.box, found.class_position, found.ignored) == (box, 8, False)


@given(st.lists(st.tuples(st.floats(-5, 25), st.floats(-5, 15)), min_size=3, max_size=8))
def test_polygons_are_filled_as_pycocotools_fills_them(
    corners: list[tuple[float, float]],
) -> None:
    flat = [number for corner in corners for number in corner]
    found = read_segmentation([flat], SIZE)
    frame = coco_mask.decode(coco_mask.merge(coco_mask.frPyObjects([flat], 10, 20)))
    assert found == masks.mask_from_frame(frame.astype(np.bool_))


@pytest.mark.pictures
def test_real_truth_is_read_as_pycocotools_reads_it(shared_data: Path) -> None:
    files = sorted((shared_data / "pictures").glob("*/truth.json"))
    read = 0
    for path in files:
        data, theirs = read_coco(path), COCO()
        theirs.dataset = json.loads(path.read_text())
        with redirect_stdout(io.StringIO()):
            theirs.createIndex()
        for image in data.images:
            rows = theirs.loadAnns(theirs.getAnnIds(imgIds=image.id))
            found = [one.mask for one in image.objects]
            read += len(found)
            assert found == [masks.mask_from_frame(theirs.annToMask(r) > 0) for r in rows]
    assert (len(files) > 0, read > 0) == (True, True)


def test_a_box_alone_is_read_and_has_no_mask(tmp_path: Path) -> None:
    found = only(saved(tmp_path, coco(bbox=[1.4, 2, 30, 3.7], segmentation=[])))
    assert (found.mask, found.box) == (None, Box(1, 2, 20, 6))


@pytest.mark.parametrize(
    ("bbox", "box"),
    [
        pytest.param([1.5, 2.5, 3, 4], Box(2, 2, 4, 6), id="halves go to the even pixel"),
        pytest.param([1.4, 1.6, 2, 2], Box(1, 2, 3, 4), id="edges, not sizes, are rounded"),
        pytest.param([1.4, 1.6, 2.2, 2.7], Box(1, 2, 4, 4), id="each edge by itself"),
        pytest.param([3.2, 3.2, 0.1, 0.1], Box(3, 3, 4, 4), id="one pixel at least"),
        pytest.param([-0.4, -0.6, 2, 2], Box(0, 0, 2, 1), id="outside, a little"),
        pytest.param([18.6, 8.6, 9, 9], Box(19, 9, 20, 10), id="beyond, clipped"),
    ],
)
def test_a_box_is_rounded_to_the_pixels_next_to_its_edges(bbox: list[float], box: Box) -> None:
    assert read_bbox(bbox, SIZE) == box


def test_a_shape_without_pixels_falls_back_to_its_box(tmp_path: Path) -> None:
    sliver = [[3, 3, 3, 3, 3, 3]]
    found = only(saved(tmp_path, coco(bbox=[3, 3, 0.2, 0.2], segmentation=sliver)))
    assert (found.mask, found.box) == (None, Box(3, 3, 4, 4))


def test_a_crowd_is_marked_as_ignored(tmp_path: Path) -> None:
    runs = {"size": [10, 20], "counts": [20, 10, 170]}
    assert only(saved(tmp_path, coco(segmentation=runs, iscrowd=1))).ignored


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "their.json"
    path.write_text(json.dumps(coco(bbox=[1, 1, 2, 2])), encoding="utf-8-sig")
    assert only(path).box == Box(1, 1, 3, 3)


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({}, "annotation 7: it has neither pixels nor a box"),
    ({"bbox": [1, 2, 0, 4]}, "no area"),
    ({"bbox": [30, 2, 4, 4]}, "outside its image"),
    ({"bbox": [1, 2, 3]}, "not 4 numbers"),
    ({"bbox": [1, 2, True, 4]}, "not a number"),
    ({"bbox": [1, 2, float("nan"), 4]}, "not a usable number"),
    ({"bbox": [1, 2, 10**400, 4]}, "not a usable number"),
    ({"segmentation": [[1, 2, 3, 4]]}, "no list of corners"),
    ({"segmentation": [1, 2, 3, 4, 5, 6]}, "not a list of numbers"),
    ({"segmentation": [[0, 0, 1e8, 0, 5, 5]]}, "by far"),
    ({"segmentation": "ring"}, "neither polygons nor run lengths"),
    ({"segmentation": {"size": [20, 10], "counts": "0"}}, "another size"),
    ({"segmentation": {"size": [10, 20], "counts": "0"}}, "sum of run lengths"),
    ({"segmentation": {"size": [10, 20], "counts": "é"}}, "ascii"),
    ({"segmentation": {"size": [10, 20], "counts": [10, 10]}}, "do not add up"),
    ({"segmentation": {"size": [10, 20], "counts": [-10, 210]}}, "whole numbers"),
    ({"segmentation": {"size": [10, 20]}}, "whole numbers"),
    ({"bbox": [1, 2, 3, 4], "score": "high"}, "not a number"),
    ({"image_id": 4}, "annotation 7: there is no image 4"),
    ({"category_id": 4}, "annotation 7: there is no category 4"),
    ({"category_id": None}, "annotation 7: not a number"),
]


@pytest.mark.parametrize(("annotation", "reason"), BROKEN)
def test_a_broken_annotation_is_named(
    tmp_path: Path, annotation: dict[str, Any], reason: str
) -> None:
    path = saved(tmp_path, coco(**annotation))
    with pytest.raises(FormatError, match=rf"their\.json.*{reason}"):
        only(path)


def test_an_error_says_which_file_and_annotation(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"^their\.json, annotation 7: bbox has no area"):
        only(saved(tmp_path, coco(bbox=[1, 2, 0, 4])))


DAMAGE: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda d: d.pop("images"), "no list of images"),
    (lambda d: d["images"].append(d["images"][0]), "image 3 occurs more than once"),
    (lambda d: d["categories"].append(d["categories"][0]), "category 9 occurs more than once"),
    (lambda d: d["images"].append({"id": 4}), "entry 2 of images: it has no width"),
    (lambda d: d["images"].append(None), "entry 2 of images"),
    (lambda d: d["images"][0].update(width=0), "no image is 0 x 10 px"),
    (lambda d: d["images"][0].update(width=10**9), "no image is 1000000000 x 10 px"),
    (lambda d: d["images"][0].update(file_name=" "), "not a name"),
    (lambda d: d["annotations"].append("x"), "entry 2 of the annotations"),
]


@pytest.mark.parametrize(("damage", "reason"), DAMAGE, ids=[reason for _, reason in DAMAGE])
def test_a_damaged_file_is_explained(
    tmp_path: Path, damage: Callable[[dict[str, Any]], Any], reason: str
) -> None:
    data = coco(bbox=[1, 1, 2, 2])
    damage(data)
    with pytest.raises(FormatError, match=reason):
        read_coco(saved(tmp_path, data))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"text"', "7", "null"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "their.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"their\.json"):
        read_coco(path)


def test_bytes_that_are_no_text_and_no_file_at_all_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "their.json"
    with pytest.raises(FormatError, match="cannot be opened"):
        read_coco(path)
    path.write_bytes(b"\xff\xfe\x00\x00")
    with pytest.raises(FormatError, match="not JSON"):
        read_coco(path)


def test_a_file_too_large_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 10)
    with pytest.raises(FormatError, match="larger than"):
        read_coco(saved(tmp_path, coco()))


def test_results_must_fit_the_truth(tmp_path: Path) -> None:
    truth = read_coco(saved(tmp_path, coco(bbox=[1, 1, 2, 2])))
    results = saved(tmp_path, [{"image_id": 5, "category_id": 9, "bbox": [1, 1, 2, 2]}])
    with pytest.raises(FormatError, match="entry 1 of the annotations: there is no image 5"):
        read_coco(results, truth=truth)
    with pytest.raises(FormatError, match="no object at its top"):
        read_coco(saved(tmp_path, "x"), truth=truth)


@given(json_values)
def test_no_shape_makes_anything_but_a_refusal(found: Any) -> None:
    for read in (read_segmentation, read_bbox):
        try:
            read(found, SIZE)
        except (TypeError, ValueError):
            continue


@given(json_values, st.sampled_from(["images", "categories", "annotations"]))
def test_no_file_makes_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, found: Any, where: str
) -> None:
    data = coco(bbox=[1, 1, 2, 2]) | {where: [found]}
    path = saved(tmp_path_factory.mktemp("fuzz"), data)
    with pytest.raises(FormatError):
        only(path)
