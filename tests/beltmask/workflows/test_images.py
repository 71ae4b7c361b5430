"""Pictures into a project, through its gallery, into the trash and back."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from beltmask.errors import NotFoundError
from beltmask.images import read_image
from beltmask.model import Image, Project
from beltmask.workflows.images import (
    Added,
    AddOutcome,
    ImageFilter,
    add_paths,
    add_picture,
    add_zip,
    count_images,
    find_image,
    gallery,
    image_ids,
    move_to_trash,
    original_pixels,
    page_before,
    restore,
)
from beltmask.workflows.previews import preview, thumbnail
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt


def outcomes(added: Sequence[Added]) -> list[tuple[str, AddOutcome]]:
    return [(each.name, each.outcome) for each in added]


def add_many(count: int, project: Project, services: Services) -> list[int]:
    ids = []
    for number in range(count):
        data = spotted_belt(number)
        name = f"belt-{number}.png"
        added = add_picture(name, data, project_id=project.id, services=services)
        assert added.image is not None
        ids.append(added.image.id)
    return ids


def test_a_picture_keeps_its_name_folder_and_pixels(project: Project, services: Services) -> None:
    data = spotted_belt(1)
    added = add_picture("line 3\\am/a.png", data, project_id=project.id, services=services)
    assert added.image is not None
    found = find_image(added.image.id, services=services)
    assert (found.name, found.facts.folder, found.size) == ("a.png", "line 3/am", (64, 48))
    pixels = read_image(data, name="a.png").pixels
    assert np.array_equal(original_pixels(found, services=services), pixels)
    for shown in (preview(found, services=services), thumbnail(found, services=services)):
        assert read_image(shown, name="shown.jpg").pixels.shape == pixels.shape


def test_the_same_bytes_under_another_name_are_not_added_again(
    image: Image, project: Project, services: Services
) -> None:
    data = spotted_belt(0)
    again = add_picture("copy.png", data, project_id=project.id, services=services)
    assert (again.outcome, again.image) == (AddOutcome.DUPLICATE, image)
    assert again.note == 'the same picture as "belt-1.png"'
    other = create_project("Belt 4", services=services)
    elsewhere = add_picture("copy.png", data, project_id=other.id, services=services)
    assert elsewhere.outcome is AddOutcome.ADDED


def test_a_picture_in_the_trash_is_taken_out_when_it_is_added_again(
    image: Image, project: Project, services: Services
) -> None:
    move_to_trash([image.id], project_id=project.id, services=services)
    assert image_ids(ImageFilter(project.id), services=services) == []
    again = add_picture("a.png", spotted_belt(0), project_id=project.id, services=services)
    assert again.outcome is AddOutcome.RESTORED
    assert image_ids(ImageFilter(project.id), services=services) == [image.id]


def test_the_trash_gives_back_what_it_was_given(
    image: Image, project: Project, services: Services
) -> None:
    trash = ImageFilter(project.id, trash=True)
    move_to_trash([image.id], project_id=project.id, services=services)
    assert image_ids(trash, services=services) == [image.id]
    restore([image.id], project_id=project.id, services=services)
    assert image_ids(trash, services=services) == []
    assert find_image(image.id, services=services) == image


def test_a_file_that_is_no_picture_is_refused_by_name_and_the_rest_goes_through(
    project: Project, services: Services, tmp_path: Path
) -> None:
    (tmp_path / "good.png").write_bytes(spotted_belt(1))
    (tmp_path / "notes.png").write_text("not a picture")
    paths = [tmp_path / name for name in ("notes.png", "missing.png", "good.png")]
    added = list(add_paths(paths, project_id=project.id, services=services))
    assert outcomes(added) == [
        ("notes.png", AddOutcome.REFUSED),
        ("missing.png", AddOutcome.REFUSED),
        ("good.png", AddOutcome.ADDED),
    ]
    assert "notes.png" in added[0].note
    assert "missing.png cannot be read: No such file" in added[1].note


def test_a_zip_is_added_picture_by_picture(project: Project, services: Services) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("line 3/a.png", spotted_belt(1))
        archive.writestr("broken.png", b"\x89PNG\r\n\x1a\n")
        archive.writestr("line 4/a.png", spotted_belt(2))
        archive.writestr("again.png", spotted_belt(1))
    added = list(add_zip(packed, project_id=project.id, services=services))
    assert outcomes(added) == [
        ("line 3/a.png", AddOutcome.ADDED),
        ("broken.png", AddOutcome.REFUSED),
        ("line 4/a.png", AddOutcome.ADDED),
        ("again.png", AddOutcome.DUPLICATE),
    ]
    folders = [
        each.image.facts.folder for each in added if each.outcome is AddOutcome.ADDED and each.image
    ]
    assert folders == ["line 3", "line 4"]


def test_folders_and_zips_of_this_machine_keep_their_folders(
    project: Project, services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "belts"
    (folder / "am").mkdir(parents=True)
    (folder / "am" / "a.png").write_bytes(spotted_belt(1))
    (folder / "b.png").write_bytes(spotted_belt(2))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("pm/c.png", spotted_belt(3))
    (tmp_path / "d.zip").write_bytes(b"not a ZIP")
    paths = [folder, tmp_path / "c.zip", tmp_path / "d.zip", tmp_path / "missing.zip"]
    added = list(add_paths(paths, project_id=project.id, services=services))
    kept = {each.image.facts.folder for each in added if each.image is not None}
    assert kept == {"belts/am", "belts", "pm"}
    assert [each.outcome for each in added][3:] == [AddOutcome.REFUSED, AddOutcome.REFUSED]


@pytest.mark.parametrize("name", ["zero\0byte.png", "latin-\udce9.png"])
def test_a_name_no_database_takes_is_kept_with_question_marks(
    name: str, project: Project, services: Services
) -> None:
    added = add_picture(name, spotted_belt(1), project_id=project.id, services=services)
    assert added.image is not None
    assert find_image(added.image.id, services=services).name == added.name
    assert "?" in added.name


def test_a_file_name_that_is_not_text_is_added(
    project: Project, services: Services, tmp_path: Path
) -> None:
    odd = os.fsencode(tmp_path) + b"/latin-\xe9.png"
    Path(os.fsdecode(odd)).write_bytes(spotted_belt(1))
    added = list(add_paths([tmp_path], project_id=project.id, services=services))
    assert [each.outcome for each in added] == [AddOutcome.ADDED]


def test_two_who_add_the_same_picture_at_the_same_moment_get_one_image(
    project: Project, services: Services
) -> None:
    def add(name: str) -> Added:
        return add_picture(name, spotted_belt(1), project_id=project.id, services=services)

    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(add, "abcd"))
    assert len({each.image.id for each in added if each.image}) == 1
    assert sorted(each.outcome for each in added)[:1] == [AddOutcome.ADDED]


def test_a_picture_for_a_project_that_is_gone_is_refused_in_words(services: Services) -> None:
    with pytest.raises(NotFoundError, match="no project 41"):
        add_picture("a.png", spotted_belt(1), project_id=41, services=services)


def test_the_gallery_turns_its_pages_forwards_and_back(
    project: Project, services: Services
) -> None:
    ids = add_many(7, project, services)
    where = ImageFilter(project.id)
    first = gallery(where, services=services, after=0, limit=3)
    second = gallery(where, services=services, after=first.images[-1].id, limit=3)
    last = gallery(where, services=services, after=second.images[-1].id, limit=3)
    pages = [[image.id for image in page.images] for page in (first, second, last)]
    assert pages == [ids[:3], ids[3:6], ids[6:]]
    assert [page.first for page in (first, second, last)] == [0, 3, 6]
    assert {page.total for page in (first, second, last)} == {7}
    back = page_before(where, services=services, before=ids[6], limit=3)
    assert gallery(where, services=services, after=back, limit=3).images == second.images
    assert page_before(where, services=services, before=ids[3], limit=3) == 0
    assert count_images(where, services=services) == 7
