from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from beltmask import masks
from beltmask.errors import FormatError
from beltmask.formats.coco.certificate import certify_coco
from beltmask.formats.coco.format import Coco
from beltmask.formats.coco.reader import read_coco
from beltmask.formats.coco.writer import write_coco
from beltmask.formats.dataset import DatasetImage, DatasetObject, Loss, WrittenDataset
from beltmask.formats.files import replaced
from beltmask.model import Box, Mask
from tests.frames import frame_of

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIZE = (60, 40)
COCO_FORMAT = Coco()
CLASSES = {0: "bolt", 2: "Schraube ≥ 5 µm"}


def shape(*rows: str, at: tuple[int, int] = (0, 0)) -> Mask:
    bits = np.array([[letter == "#" for letter in row] for row in rows])
    mask = masks.mask_from_crop(bits, *at)
    assert mask is not None
    return mask


RING = shape("#####", "#...#", "#.#.#", "#...#", "#####", at=(3, 4))
DIAGONAL = shape("#..", ".#.", "..#", at=(57, 37))
DOT = shape("#", at=(0, 39))
APART = shape("##...##", "##...##", at=(20, 0))
FULL = masks.mask_from_box(Box(0, 0, *SIZE))
ALL = (RING, DIAGONAL, DOT, APART, FULL)


def item(mask: Mask, **facts: Any) -> DatasetObject:
    return DatasetObject(facts.pop("class_position", 0), mask.box, mask, **facts)


def images() -> Iterator[DatasetImage]:
    yield DatasetImage("line1/a.png", SIZE, [item(mask) for mask in ALL], lambda: b"first")
    yield DatasetImage("line1/empty.png", SIZE, [], lambda: b"second")
    late = item(DOT, class_position=2, attributes={"source": "human"}, score=0.5)
    rectangle = DatasetObject(0, Box(1, 2, 11, 6), None)
    yield DatasetImage("line1/A.png", (70, 50), [late, rectangle], lambda: b"third")


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, WrittenDataset]:
    path = tmp_path / "annotations.json"
    with path.open("w", encoding="utf-8") as out:
        return path, write_coco(out, images(), CLASSES, description="line 3")


def quietly(call: Callable[[], Any]) -> Any:
    with redirect_stdout(io.StringIO()):
        return call()


def test_pycocotools_reads_every_pixel_back(written: tuple[Path, WrittenDataset]) -> None:
    coco = quietly(lambda: COCO(str(written[0])))
    found = [coco.annToMask(row).astype(bool) for row in coco.loadAnns(coco.getAnnIds(imgIds=1))]
    for mask, frame in zip(ALL, found, strict=True):
        assert np.array_equal(frame, frame_of(mask, SIZE))


def test_ids_count_from_one_and_nothing_is_a_crowd(written: tuple[Path, WrittenDataset]) -> None:
    data = json.loads(written[0].read_text(encoding="utf-8"))
    assert [row["id"] for row in data["annotations"]] == list(range(1, 8))
    assert [row["id"] for row in data["images"]] == [1, 2, 3]
    assert {row["iscrowd"] for row in data["annotations"]} == {0}
    assert [(row["id"], row["name"]) for row in data["categories"]] == [
        (1, "bolt"),
        (3, "Schraube ≥ 5 µm"),
    ]
    assert data["info"] == {"description": "line 3"}
    assert data["licenses"] == []


def test_box_and_area_are_those_of_the_pixels(written: tuple[Path, WrittenDataset]) -> None:
    rows = json.loads(written[0].read_text(encoding="utf-8"))["annotations"]
    assert (rows[0]["bbox"], rows[0]["area"]) == ([3.0, 4.0, 5.0, 5.0], 17)
    assert (rows[2]["bbox"], rows[2]["area"]) == ([0.0, 39.0, 1.0, 1.0], 1)


def test_what_is_known_beside_the_shape_is_kept(written: tuple[Path, WrittenDataset]) -> None:
    *_, late, rectangle = json.loads(written[0].read_text(encoding="utf-8"))["annotations"]
    assert (late["attributes"], late["score"]) == ({"source": "human"}, 0.5)
    assert rectangle["attributes"] == {"box_only": True}
    assert rectangle["area"] == 40
    assert written[1].lost == {Loss.NO_MASK: 1}


def test_evaluating_the_export_against_itself_is_perfect(
    written: tuple[Path, WrittenDataset],
) -> None:
    truth = quietly(lambda: COCO(str(written[0])))
    found = copy.deepcopy(truth)
    for row in found.dataset["annotations"]:
        row["score"] = 0.9
    evaluation = COCOeval(truth, found, "segm")
    quietly(lambda: (evaluation.evaluate(), evaluation.accumulate(), evaluation.summarize()))
    assert evaluation.stats[0] == pytest.approx(1.0)


def test_our_own_reader_restores_what_was_written(written: tuple[Path, WrittenDataset]) -> None:
    data = read_coco(written[0])
    assert [image.file_name for image in data.images] == [
        "line1/a.png",
        "line1/empty.png",
        "line1/A-2.png",
    ]
    assert [found.mask for found in data.images[0].objects] == list(ALL)
    late, rectangle = data.images[2].objects
    assert (late.class_position, late.score, late.mask) == (2, 0.5, DOT)
    assert data.classes == CLASSES
    assert (rectangle.mask, rectangle.box) == (None, Box(1, 2, 11, 6))


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        pytest.param([item(FULL)], "object 1 of a.png leaves its image", id="outside"),
        pytest.param([item(DOT, class_position=1)], "unknown class", id="no such class"),
        pytest.param([item(DOT, score=float("nan"))], "cannot be written", id="no number"),
    ],
)
def test_what_cannot_be_written_is_named(objects: list[DatasetObject], reason: str) -> None:
    image = DatasetImage("a.png", (59, 40), objects)
    with pytest.raises(FormatError, match=reason):
        write_coco(io.StringIO(), [image], CLASSES)


def test_images_are_taken_one_at_a_time() -> None:
    alive: list[int] = []

    def many() -> Iterator[DatasetImage]:
        for number in range(50):
            alive.append(out.tell())
            yield DatasetImage(f"{number}.png", SIZE, [item(DOT)])

    out = io.StringIO()
    write_coco(out, many(), CLASSES)
    assert len(set(alive)) == 50


def test_an_archive_holds_each_picture_under_the_name_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    summary = COCO_FORMAT.write(path, images(), CLASSES)
    with zipfile.ZipFile(path) as archive:
        rows = json.loads(archive.read("annotations.json"))["images"]
        found = [archive.read(f"images/{row['file_name']}") for row in rows]
        assert {i.compress_type for i in archive.infolist()[:3]} == {zipfile.ZIP_STORED}
    assert found == [b"first", b"second", b"third"]
    assert summary.picture_count == 3
    assert certify_coco(path, summary).objects == 7


def test_a_hostile_name_stays_inside_the_archive(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "/root.png", "C:\\x\\y.png", "..", "", "a\x00b.png", "\ud800.png"]
    path = tmp_path / "export.zip"
    bad = [DatasetImage(name, SIZE, [], lambda: b"x") for name in names]
    certify_coco(path, COCO_FORMAT.write(path, bad, CLASSES))
    with zipfile.ZipFile(path) as archive:
        found = archive.namelist()
        archive.extractall(tmp_path / "out")
    assert found[:3] == ["images/etc/passwd", "images/root.png", "images/C_/x/y.png"]
    assert len(set(found)) == len(names) + 1


def test_the_certificate_names_its_reader_and_counts(written: tuple[Path, WrittenDataset]) -> None:
    certificate = certify_coco(*written)
    assert (certificate.reader, certificate.differing) == ("pycocotools", 0)
    assert (certificate.images, certificate.objects) == (3, 7)


SPOILT: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("a mask of another object", lambda d: d["annotations"][0].update(
        {k: d["annotations"][1][k] for k in ("segmentation", "bbox", "area")})),
    ("a wrong area", lambda d: d["annotations"][0].update(area=16)),
    ("a wrong box", lambda d: d["annotations"][0].update(bbox=[3.0, 4.0, 4.0, 5.0])),
    ("a crowd", lambda d: d["annotations"][0].update(iscrowd=1)),
    ("another image", lambda d: d["annotations"][4].update(image_id=2)),
    ("another class", lambda d: d["annotations"][0].update(category_id=3)),
    ("another class name", lambda d: d["categories"][0].update(name="nut")),
    ("another file name", lambda d: d["images"][1].update(file_name="x.png")),
    ("a mask of another size", lambda d: d["annotations"][0]["segmentation"].update(size=[40, 61])),
    ("another size", lambda d: d["images"][0].update(width=61)),
    ("a lost object", lambda d: d["annotations"].pop()),
    ("a lost image", lambda d: d["images"].pop()),
    ("a repeated id", lambda d: d["annotations"][1].update(id=1)),
    ("ids from 0", lambda d: d["annotations"][0].update(id=0)),
    ("no images", lambda d: d.pop("images")),
]  # fmt: skip


@pytest.mark.parametrize(("what", "spoil"), SPOILT, ids=[what for what, _ in SPOILT])
def test_a_spoilt_file_gets_no_certificate(
    written: tuple[Path, WrittenDataset], what: str, spoil: Callable[[dict[str, Any]], Any]
) -> None:
    path, summary = written
    data = json.loads(path.read_text(encoding="utf-8"))
    spoil(data)
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(FormatError, match=r"annotations\.json"):
        certify_coco(path, summary)


def test_a_file_cut_short_gets_no_certificate(written: tuple[Path, WrittenDataset]) -> None:
    path, summary = written
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FormatError, match="cannot be read back"):
        certify_coco(path, summary)


def test_an_archive_with_a_lost_or_harmed_picture_gets_no_certificate(tmp_path: Path) -> None:
    path, copied = tmp_path / "export.zip", tmp_path / "copy.zip"
    summary = COCO_FORMAT.write(path, images(), CLASSES)
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(copied, "w") as part:
        for name in whole.namelist()[1:]:
            part.writestr(name, whole.read(name))
    with pytest.raises(FormatError, match="2 of 3 pictures"):
        certify_coco(copied, summary)
    path.write_bytes(path.read_bytes().replace(b"second", b"sec0nd"))
    with pytest.raises(FormatError, match="damaged"):
        certify_coco(path, summary)


def test_a_refused_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text("old")
    image = DatasetImage("a.png", (1, 1), [item(FULL)])
    with pytest.raises(FormatError), replaced(path) as temporary:
        COCO_FORMAT.write(temporary, [image], CLASSES)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


crops = st.integers(1, 9).flatmap(
    lambda width: st.lists(st.lists(st.booleans(), min_size=width, max_size=width), min_size=1)
)


@given(st.lists(st.tuples(crops, st.integers(0, 30), st.integers(0, 20)), max_size=5))
def test_any_shapes_survive_the_journey(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[list[list[bool]], int, int]]
) -> None:
    made = [masks.mask_from_crop(np.array(bits), x, y) for bits, x, y in drawn]
    objects = [item(mask) for mask in made if mask is not None]
    path = tmp_path_factory.mktemp("coco") / "a.json"
    with path.open("w", encoding="utf-8") as out:
        summary = write_coco(out, [DatasetImage("a", (100, 100), objects)], CLASSES)
    certify_coco(path, summary)
    data = read_coco(path)
    assert [f.mask for f in data.images[0].objects] == [o.mask for o in objects]
