"""Two people on one object: both versions side by side, and either may stay."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from beltmask.masks import mask_from_box
from beltmask.model import Box
from beltmask.workflows.history import new_id
from beltmask.workflows.reviewing import Edit, EditKind, apply_edits
from tests.browser.canvas_hands import COLORED
from tests.browser.hands import Behind, Hands
from tests.browser.reviewed import picture_with_objects

pytestmark = pytest.mark.browser

THEIRS = mask_from_box(Box(200, 150, 240, 190))


def test_two_versions_stand_side_by_side_until_one_of_them_or_both_are_chosen(
    url: str, see: Behind, page: Page
) -> None:
    project = new_id()
    image, [drawn] = picture_with_objects(see, 1, project=project)
    hands = Hands(page, url)
    canvas = hands.canvas
    hands.open_review(image, project=project)
    canvas.select(1)
    with canvas.dragging((40, 40), (70, 90)):
        edit = Edit(new_id(), EditKind.RESHAPE, drawn, 1, THEIRS)
        apply_edits(image.id, [edit], services=see.services)
    both = page.get_by_role("region", name="Two versions of one object")
    expect(both.get_by_role("figure")).to_have_count(2)
    canvas.saved()
    assert all(colored > 0 for colored in both_colored(page))
    mine = see.sheet(image).annotations[1].mask

    both.get_by_role("button", name="Take mine").click()
    expect(both).to_be_hidden()
    canvas.saved()
    assert [(each.id, each.mask) for each in see.sheet(image).annotations] == [(drawn, mine)]

    canvas.press("ControlOrMeta+z")
    both.get_by_role("button", name="Keep theirs").click()
    expect(both).to_be_hidden()
    canvas.saved()
    assert [(each.id, each.mask) for each in see.sheet(image).annotations] == [(drawn, THEIRS)]

    canvas.press("ControlOrMeta+z")
    both.get_by_role("button", name="Keep both").click()
    expect(both).to_be_hidden()
    canvas.saved()
    kept = see.sheet(image).annotations
    assert [(each.mask, each.kept_apart) for each in kept] == [(THEIRS, False), (mine, False)]


def both_colored(page: Page) -> list[int]:
    """How many pixels the masks colour, theirs and mine."""
    masks = page.locator(".versions canvas:nth-of-type(2)")
    return [int(each.evaluate(COLORED)) for each in masks.all()]
