"""The Review page's keys, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.masks import mask_from_box
from beltmask.model import Box
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import classes_of, create_project
from beltmask.workflows.reviewing import Edit, EditKind, apply_edits
from tests.browser.hands import Hands, behind
from tests.browser.serving import ROOT, AppRunner, settled

pytestmark = pytest.mark.browser


def test_undo_in_a_text_field_takes_back_words_and_no_object(
    running_app: AppRunner, page: Page, tmp_path: Path
) -> None:
    with running_app(ROOT / "app.py", data=tmp_path) as url, behind(tmp_path) as see:
        project = create_project("Line 3", services=see.services)
        belt = encode_png(draw_belt(1, size=(320, 240), object_count=1).pixels)
        image = add_picture("a.png", belt, project_id=project.id, services=see.services).image
        assert image is not None
        [metal] = classes_of(project.id, services=see.services)
        shape = mask_from_box(Box(20, 20, 60, 60))
        drawn = Edit(new_id(), EditKind.ADD, new_id(), mask=shape, to_class=metal)
        apply_edits(image.id, [drawn], services=see.services)
        hands = Hands(page, url)
        hands.open_review(image, project=project.name)
        page.get_by_test_id("stPopover").get_by_role("button").click()
        reason = page.get_by_label("Why is the picture of no use?")
        reason.press_sequentially("blurred")
        reason.press("ControlOrMeta+z")
        expect(reason).to_have_value("")
        settled(page)
        assert [each.id for each in see.sheet(image).annotations] == [drawn.annotation_id]
        page.keyboard.press("Escape")
        page.get_by_role("heading", name="Review").click()
        page.keyboard.press("ControlOrMeta+z")
        expect(page.get_by_text("No objects. Draw what is missing")).to_be_visible()
