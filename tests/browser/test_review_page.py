"""The Review page's keys, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.masks import mask_from_box
from beltmask.model import Box, Image
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import classes_of, create_project
from beltmask.workflows.reviewing import Edit, EditKind, apply_edits
from tests.browser.hands import Behind, Hands, behind
from tests.browser.script_runs import settled
from tests.browser.serving import ROOT, AppRunner

pytestmark = pytest.mark.browser

PROJECT = "Line 3"
NARROW = 20
"""Screen pixels; the row of an object is narrow."""


def test_undo_in_a_text_field_takes_back_words_and_no_object(
    running_app: AppRunner, page: Page, tmp_path: Path
) -> None:
    with running_app(ROOT / "app.py", data=tmp_path) as url, behind(tmp_path) as see:
        image, drawn = picture_with_objects(see, 1)
        hands = Hands(page, url)
        hands.open_review(image, project=PROJECT)
        page.get_by_role("button", name="Reject", exact=True).click()
        reason = page.get_by_label("Why is the picture of no use?")
        reason.press_sequentially("blurred")
        reason.press("ControlOrMeta+z")
        expect(reason).to_have_value("")
        settled(page)
        assert [each.id for each in see.sheet(image).annotations] == drawn
        page.keyboard.press("Escape")
        page.get_by_role("heading", name="Review").click()
        page.keyboard.press("ControlOrMeta+z")
        expect(page.get_by_text("No objects. Draw what is missing")).to_be_visible()


def test_every_button_of_the_object_list_says_what_it_does_and_to_which_object(
    running_app: AppRunner, page: Page, tmp_path: Path
) -> None:
    with running_app(ROOT / "app.py", data=tmp_path) as url, behind(tmp_path) as see:
        image, drawn = picture_with_objects(see, 3)
        hands = Hands(page, url)
        hands.open_review(image, project=PROJECT)
        for kind in ("Accept", "Reject", "Delete"):
            for number in (1, 2, 3):
                named = page.get_by_role("button", name=f"{kind} object {number}", exact=True)
                expect(named).to_be_visible()
                box = named.bounding_box()
                assert box is not None
                assert box["width"] < NARROW
        hands.press("Reject object 3")
        expect(page.get_by_role("button", name="Reject object 3", exact=True)).to_be_disabled()
        assert [each.id for each in see.sheet(image).kept] == drawn[:2]


def test_an_object_moved_while_a_colleague_moved_it_is_shown_in_both_places(
    running_app: AppRunner, page: Page, tmp_path: Path
) -> None:
    with running_app(ROOT / "app.py", data=tmp_path) as url, behind(tmp_path) as see:
        image, [drawn] = picture_with_objects(see, 1)
        hands = Hands(page, url)
        hands.open_review(image, project=PROJECT)
        theirs = mask_from_box(Box(200, 150, 240, 190))
        edit = Edit(new_id(), EditKind.RESHAPE, drawn, 1, theirs)
        with hands.dragging(image, (40, 40), (70, 90)):
            apply_edits(image.id, [edit], services=see.services)
        expect(page.get_by_text("somebody else changed this object")).to_be_visible()
        expect(page.get_by_text("Your shape is kept as object 2")).to_be_visible()
        expect(page.get_by_text("second version")).to_be_visible()
        first, second = see.sheet(image).annotations
        assert (first.mask, second.kept_apart) == (theirs, True)
        assert (second.box.width, second.box.height) == (40, 40)
        hands.press("Delete object 1")
        expect(page.get_by_text("somebody else")).not_to_be_visible()
        hands.press("Accept object 1")
        assert [each.box for each in see.sheet(image).kept] == [second.box]


def picture_with_objects(see: Behind, count: int) -> tuple[Image, list[str]]:
    """A picture in a project of its own, with objects a person drew; and their ids."""
    project = create_project(PROJECT, services=see.services)
    belt = encode_png(draw_belt(1, size=(320, 240), object_count=1).pixels)
    image = add_picture("a.png", belt, project_id=project.id, services=see.services).image
    assert image is not None
    [metal] = classes_of(project.id, services=see.services)
    shapes = [mask_from_box(Box(20 + 60 * n, 20, 60 + 60 * n, 60)) for n in range(count)]
    drawn = [Edit(new_id(), EditKind.ADD, new_id(), mask=s, to_class=metal) for s in shapes]
    apply_edits(image.id, drawn, services=see.services)
    return image, [each.annotation_id for each in drawn]
