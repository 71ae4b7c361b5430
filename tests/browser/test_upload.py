"""Pictures into a project by the browser, and a link to what its gallery shows of them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.model import Project
from beltmask.workflows.images import add_picture
from tests.browser.hands import Behind, Hands
from tests.browser.script_runs import settled

pytestmark = pytest.mark.browser

NOTHING = b"this is no picture"


@pytest.fixture
def hands(page: Page, url: str, project: Project) -> Hands:
    """On the Images page of the test's own project."""
    hands = Hands(page, url)
    hands.open("Images", project=project.name)
    return hands


def belt(number: int) -> bytes:
    return encode_png(draw_belt(number, size=(48, 36), object_count=0).pixels)


def test_a_folder_comes_with_its_folders_and_what_is_no_picture_is_refused_by_name(
    hands: Hands, see: Behind, project: Project, tmp_path: Path
) -> None:
    for number, name in enumerate(("day/belt.png", "day/late/belt.png", "night/belt.png")):
        file = tmp_path / "shift" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(belt(number))
    (tmp_path / "shift" / "night" / "broken.png").write_bytes(NOTHING)
    (tmp_path / "shift" / "notes.txt").write_text("not for upload")
    hands.unfold("Add pictures")
    hands.page.get_by_role("tab", name="Folder", exact=True).click()
    chooser = hands.page.locator("input[type=file][webkitdirectory]")
    chooser.set_input_files(tmp_path / "shift")
    expect(hands.page.get_by_text("3 added, 1 refused")).to_be_visible()
    folders = {image.facts.folder for image in see.images(project.name)}
    assert folders == {"shift/day", "shift/day/late", "shift/night"}
    assert {image.name for image in see.images(project.name)} == {"belt.png"}


def test_a_zip_and_files_go_through_together_and_the_broken_one_is_named(
    hands: Hands, see: Behind, project: Project, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "belts.zip", "w") as archive:
        archive.writestr("line/one.png", belt(10))
        archive.writestr("line/two.png", belt(11))
        archive.writestr("line/broken.png", NOTHING)
    (tmp_path / "three.png").write_bytes(belt(12))
    (tmp_path / "again.png").write_bytes(belt(12))
    files = [tmp_path / name for name in ("belts.zip", "three.png", "again.png")]
    hands.upload(files, says="3 added")
    report = hands.page.get_by_text("Upload:")
    expect(report).to_contain_text("1 refused")
    expect(report).to_contain_text("1 already there")
    why = hands.page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(why).to_contain_text("line/broken.png")
    expect(why).to_contain_text("not a picture")
    expect(why).to_contain_text('the same picture as "three.png"')
    assert len(see.images(project.name)) == 3
    hands.press("Dismiss")
    expect(report).to_have_count(0)


def test_a_filter_is_part_of_the_link(hands: Hands, see: Behind, project: Project) -> None:
    page = hands.page
    fill(see, project, count=12)
    page.reload()
    hands.press("new")
    page.get_by_label("Name contains").fill("belt-1")
    page.get_by_label("Name contains").press("Enter")
    expect(page.get_by_text("1–2 of 2")).to_be_visible()
    expect(page).to_have_url(re.compile("name=belt-1"))
    expect(page).to_have_url(re.compile("state=new"))
    settled(page)
    link = page.url
    page.reload()
    expect(page.get_by_text("1–2 of 2")).to_be_visible()
    expect(page.get_by_label("Name contains")).to_have_value("belt-1")
    settled(page)
    expect(page).to_have_url(link)


def fill(see: Behind, project: Project, *, count: int) -> None:
    for number in range(count):
        data, name = belt(1000 * project.id + number), f"belt-{number:02d}.png"
        add_picture(name, data, project_id=project.id, services=see.services)
