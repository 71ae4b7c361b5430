"""What people settled, out of a project and read back by somebody else's reader."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage
from pycocotools.coco import COCO

from beltmask.errors import BeltMaskError, FormatError, ReviewError
from beltmask.formats.dataset import Loss
from beltmask.masks import mask_from_box
from beltmask.model import AnnotationState, Box, Change, Image, Mask, Project, ReviewState
from beltmask.workflows.export import ExportChoice, export_dataset, export_for_download
from beltmask.workflows.images import add_picture, find_image, move_to_trash, original_pixels
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt
from tests.beltmask.store.builders import annotation, mask
from tests.frames import frame_of

Json = dict[str, Any]


@pytest.fixture
def truth(project: Project, services: Services) -> Project:
    """An approved image of every kind of object, an approved negative, one in review, one new."""
    reviews = [ReviewState.APPROVED, ReviewState.APPROVED, ReviewState.IN_REVIEW, ReviewState.NEW]
    states = [list(AnnotationState), [], [AnnotationState.EDITED, AnnotationState.PROPOSED], []]
    for number, (review, kept) in enumerate(zip(reviews, states, strict=True)):
        image = added(f"line 3/belt-{number}.png", spotted_belt(number), project, services)
        keep(image, review, kept, services)
    return project


def added(name: str, data: bytes, project: Project, services: Services) -> Image:
    image = add_picture(name, data, project_id=project.id, services=services).image
    assert image is not None
    return image


def keep(
    image: Image,
    review: ReviewState,
    states: list[AnnotationState],
    services: Services,
    **other: Any,
) -> None:
    with services.store.write() as records:
        [first] = records.classes.of_project(image.project_id)
        shapes = [mask(2, 3 + 10 * number, seed=number) for number in range(len(states))]
        objects = [
            annotation(
                f"{image.id}-{number}",
                image.id,
                state=state,
                **{"mask": shape, "box": shape.box, "class_id": first.id, **other},
            )
            for number, (shape, state) in enumerate(zip(shapes, states, strict=True))
        ]
        records.annotations.apply([Change(None, each) for each in objects])
        records.images.move(image, review=review, object_count=len(objects))


def exported(
    project: Project, path: Path, services: Services, choice: ExportChoice | None = None
) -> Json:
    export_dataset(project, choice or ExportChoice(), path=path, services=services)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            found: Json = json.loads(archive.read("annotations.json"))
        return found
    file = path if path.suffix == ".json" else path / "annotations.json"
    loaded: Json = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def largest_first(shapes: list[Mask]) -> list[Mask]:
    """As exports list them."""
    return sorted(shapes, key=lambda each: each.area, reverse=True)


def names(data: Json) -> list[str]:
    return [Path(row["file_name"]).name for row in data["images"]]


@pytest.mark.parametrize("where", ["out.zip", "out.json", "out", "new/folders/out.zip"])
def test_approved_images_go_out_negatives_too(
    where: str, truth: Project, services: Services, tmp_path: Path
) -> None:
    data = exported(truth, tmp_path / where, services)
    assert names(data) == ["belt-0.png", "belt-1.png"]
    assert {row["image_id"] for row in data["annotations"]} == {1}
    assert len(data["annotations"]) == 2  # accepted and edited: no proposal, nothing rejected
    assert [row["name"] for row in data["categories"]] == ["foreign object"]


def test_images_in_review_go_out_when_asked_for_and_nothing_is_left_open(
    truth: Project, services: Services, tmp_path: Path
) -> None:
    settled = added("line 3/belt-9.png", spotted_belt(9), truth, services)
    keep(settled, ReviewState.IN_REVIEW, [AnnotationState.EDITED], services)
    data = exported(truth, tmp_path / "out.json", services, ExportChoice(all_reviewed=True))
    assert names(data) == ["belt-0.png", "belt-1.png", "belt-9.png"]
    assert [row["image_id"] for row in data["annotations"]] == [1, 1, 3]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_pycocotools_reads_every_mask_back_bit_for_bit(
    truth: Project, services: Services, tmp_path: Path
) -> None:
    exported(truth, tmp_path / "out.json", services)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(tmp_path / "out.json"))
    shapes = [
        mask(2, 3 + 10 * number, seed=number)
        for number, state in enumerate(AnnotationState)
        if state in (AnnotationState.ACCEPTED, AnnotationState.EDITED)
    ]
    read = [coco.annToMask(coco.anns[number]) for number in (1, 2)]
    for found, wanted in zip(read, largest_first(shapes), strict=True):
        assert np.array_equal(found.astype(bool), frame_of(wanted, (64, 48)))


def test_a_zip_holds_the_pictures_unless_they_are_left_out(
    truth: Project, services: Services, tmp_path: Path
) -> None:
    for pictures, wanted in [(True, 2), (False, 0)]:
        path = tmp_path / f"{pictures}.zip"
        exported(truth, path, services, ExportChoice(pictures=pictures))
        with zipfile.ZipFile(path) as archive:
            found = [name for name in archive.namelist() if name.startswith("images/")]
            assert len(found) == wanted
            assert all(archive.read(name)[:4] == b"\x89PNG" for name in found)


def test_a_folder_holds_what_the_zip_would_and_nothing_else(
    truth: Project, services: Services, tmp_path: Path
) -> None:
    exported(truth, tmp_path / "out", services)
    files = {str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*")}
    wanted = {"annotations.json", "images/line 3/belt-0.png", "images/line 3/belt-1.png"}
    assert files == wanted
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_picture_with_an_exif_tag_comes_out_upright(
    project: Project, services: Services, tmp_path: Path
) -> None:
    pixels = np.zeros((40, 60, 3), dtype=np.uint8)
    pixels[:10, :10] = 255
    turned, exif = io.BytesIO(), PillowImage.Exif()
    exif[0x0112] = 6
    PillowImage.fromarray(pixels).save(turned, "JPEG", quality=95, exif=exif)
    image = added("turned.jpg", turned.getvalue(), project, services)
    assert image.size == (40, 60)
    corner = mask_from_box(Box(30, 0, 40, 10))
    keep(
        image,
        ReviewState.APPROVED,
        [AnnotationState.EDITED],
        services,
        mask=corner,
        box=corner.box,
    )
    data = exported(project, tmp_path / "out", services)
    [row] = data["images"]
    with PillowImage.open(tmp_path / "out" / "images" / row["file_name"]) as picture:
        assert picture.size == (40, 60) == (row["width"], row["height"])
        assert picture.getexif().get(0x0112, 1) == 1
        seen = np.asarray(picture.convert("RGB"))
    assert np.array_equal(seen, original_pixels(image, services=services))
    assert data["annotations"][0]["bbox"] == [30, 0, 10, 10]
    assert seen[0:10, 30:40].mean() > 240


def test_annotations_alone_keep_the_names_people_know(
    project: Project, services: Services, tmp_path: Path
) -> None:
    """The file a person has at home is the turned JPEG, not the upright copy of an export."""
    turned, exif = io.BytesIO(), PillowImage.Exif()
    exif[0x0112] = 6
    PillowImage.new("RGB", (60, 40)).save(turned, "JPEG", exif=exif)
    keep(
        added("turned.jpg", turned.getvalue(), project, services),
        ReviewState.APPROVED,
        [],
        services,
    )
    assert names(exported(project, tmp_path / "out.json", services)) == ["turned.jpg"]
    assert names(exported(project, tmp_path / "out.zip", services)) == ["turned.png"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("belt 1.2 mm", "belt 1.2 mm.png"), ("belt.jpg", "belt.jpg"), ("no suffix", "no suffix.png")],
)
def test_a_picture_gets_a_suffix_readers_know(
    name: str, wanted: str, project: Project, services: Services, tmp_path: Path
) -> None:
    keep(added(name, spotted_belt(0), project, services), ReviewState.APPROVED, [], services)
    assert names(exported(project, tmp_path / "out.zip", services)) == [wanted]


@pytest.mark.parametrize("where", ["out.zip", "out.json", "out"])
def test_nothing_to_export_is_one_sentence_and_leaves_nothing(
    where: str, image: Image, project: Project, services: Services, tmp_path: Path
) -> None:
    before = set(tmp_path.rglob("*"))
    with pytest.raises(FormatError, match='"Belt 3" has nothing to export'):
        exported(project, tmp_path / where, services)
    left = {path for path in set(tmp_path.rglob("*")) - before if "sqlite3" not in path.name}
    assert left == set()


def test_an_object_without_a_class_is_named(
    image: Image, project: Project, services: Services, tmp_path: Path
) -> None:
    keep(image, ReviewState.APPROVED, [AnnotationState.ACCEPTED], services, class_id=None)
    with pytest.raises(ReviewError, match=r'"bottle" in belt-1\.png has no class'):
        exported(project, tmp_path / "out.zip", services)
    assert not (tmp_path / "out.zip").exists()


def test_a_box_without_a_mask_goes_out_as_a_rectangle_and_is_counted(
    image: Image, project: Project, services: Services, tmp_path: Path
) -> None:
    keep(image, ReviewState.APPROVED, [AnnotationState.EDITED], services, mask=None)
    report = export_dataset(project, ExportChoice(), path=tmp_path / "o.zip", services=services)
    assert report.lost == {Loss.NO_MASK: 1}
    assert report.sentence.endswith("1 has a box only and went out as a rectangle.")


def test_an_export_replaces_an_older_one(
    truth: Project, services: Services, tmp_path: Path
) -> None:
    (tmp_path / "out.zip").write_text("older")
    assert len(names(exported(truth, tmp_path / "out.zip", services))) == 2


@pytest.mark.parametrize("where", ["file/out.zip", "file/out", "file", "folder.zip", "folder.json"])
def test_a_path_that_cannot_be_written_is_one_sentence(
    where: str, truth: Project, services: Services, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(BeltMaskError, match="cannot be written") as caught:
        exported(truth, tmp_path / where, services)
    assert "\n" not in caught.value.explanation
    assert (tmp_path / "file").read_text() == "mine"


def test_images_in_the_trash_stay_there(truth: Project, services: Services, tmp_path: Path) -> None:
    with services.store.read() as records:
        first = records.images.get(1)
    move_to_trash([first.id], project_id=truth.id, services=services)
    assert names(exported(truth, tmp_path / "out.json", services)) == ["belt-1.png"]
    assert find_image(first.id, services=services).deleted_at is not None


def test_a_download_waits_in_the_data_folder(services: Services) -> None:
    project = create_project("Line 3/left", services=services)
    keep(added("a.png", spotted_belt(1), project, services), ReviewState.APPROVED, [], services)
    report = export_for_download(project, ExportChoice(), services=services)
    assert report.path.is_relative_to(services.settings.data / "exports")
    assert report.path.name == "line-3-left-coco.zip"
    assert "0 objects in 1 image read back by pycocotools" in report.sentence
    assert zipfile.is_zipfile(report.path)


def test_a_download_never_turns_into_what_somebody_else_asked_for(services: Services) -> None:
    choices = [ExportChoice(a, pictures=p) for a in (False, True) for p in (False, True)]
    paths = []
    for name in ("Line 3/left", "line 3 left"):
        project = create_project(name, services=services)
        keep(added("a.png", spotted_belt(1), project, services), ReviewState.APPROVED, [], services)
        paths += [export_for_download(project, each, services=services).path for each in choices]
    assert len(set(paths)) == len(paths)
