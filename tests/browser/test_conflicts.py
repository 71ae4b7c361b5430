"""Two people on one object: both versions side by side, and either may stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from beltmask.masks import mask_from_box, moved
from beltmask.model import AnnotationState, Box, Mask, Project
from beltmask.review import Edit, EditKind
from beltmask.workflows.history import new_id
from tests.browser.canvas_hands import COLORED, Spot
from tests.browser.conftest import crashes_on
from tests.browser.hands import Behind, Hands
from tests.browser.review_scenes import add_with_objects, at_review
from tests.gestures import apply_edits

pytestmark = pytest.mark.browser

THEIRS = mask_from_box(Box(200, 150, 240, 190))


def test_two_versions_stand_side_by_side_until_one_of_them_or_both_are_chosen(
    url: str, see: Behind, page: Page
) -> None:
    hands, [image] = at_review(page, url, see, 1)
    canvas = hands.canvas
    [drawn] = [each.id for each in see.sheet(image).annotations]
    canvas.select(1)
    with canvas.dragging((40, 40), (70, 90)):
        edit = Edit(new_id(), EditKind.RESHAPE, drawn, 1, THEIRS)
        apply_edits(image.id, [edit], services=see.services)
    both = page.get_by_role("region", name="Two versions of one object")
    expect(both.get_by_role("figure")).to_have_count(2)
    canvas.saved()
    canvas.ready(image)
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
    assert [(each.mask, each.conflict_copy) for each in kept] == [(THEIRS, False), (mine, False)]


def test_a_shape_of_an_object_somebody_deleted_meanwhile_is_kept_or_deleted_too(
    url: str, see: Behind, page: Page
) -> None:
    hands, [image] = at_review(page, url, see, 1)
    [drawn] = [each.id for each in see.sheet(image).annotations]
    hands.canvas.select(1)
    with hands.canvas.dragging((40, 40), (70, 90)):
        apply_edits(image.id, [Edit(new_id(), EditKind.DELETE, drawn, 1)], services=see.services)
    choice = page.get_by_role("region", name="Two versions of one object")
    expect(choice.get_by_role("button")).to_have_text(["Delete mine", "Keep mine"])
    choice.get_by_role("button", name="Keep mine").click()
    expect(choice).to_be_hidden()
    hands.canvas.saved()
    [kept] = see.sheet(image).annotations
    assert (kept.id == drawn, kept.conflict_copy) == (False, False)


@pytest.mark.pictures
def test_two_browsers_on_one_real_picture_lose_neither_s_work(
    url: str, see: Behind, shared_data: Path, project: Project, browser: Browser, page: Page
) -> None:
    file = sorted((shared_data / "pictures" / "smartbelt_scrap" / "images").iterdir())[0]
    picture = (file.name, file.read_bytes())
    [image] = add_with_objects(see, project, [(picture, 2)])
    colleague = browser.new_context().new_page()
    mine, theirs = (Hands(each, url) for each in (page, colleague))
    for hands in (mine, theirs):
        hands.open_review(image, project=project.name)
        hands.canvas.select(1)
    with mine.canvas.dragging((40, 40), (140, 240)) as here:
        there = theirs.canvas.drag((40, 40), (340, 440))
        theirs.canvas.saved()
    theirs.canvas.select(2)
    theirs.canvas.press("x")
    theirs.canvas.saved()
    mine.canvas.says("omebody else changed this object")
    mine.canvas.saved()
    expect(mine.canvas.row(3)).to_contain_text("second version")
    first, second, third = see.sheet(image).annotations
    assert first.mask == moved_by(there)
    assert second.state is AnnotationState.REJECTED
    assert (third.mask, third.conflict_copy) == (moved_by(here), True)
    assert crashes_on(colleague) == []
    colleague.context.close()


def moved_by(path: list[Spot]) -> Mask | None:
    """The first square after the mouse has gone from the first spot to the last."""
    (x0, y0), (x1, y1) = path[0], path[-1]
    return moved(mask_from_box(Box(20, 20, 60, 60)), round(x1 - x0), round(y1 - y0))


def both_colored(page: Page) -> list[int]:
    """How many pixels the masks colour, theirs and mine."""
    masks = page.locator(".versions canvas:nth-of-type(2)")
    return [int(each.evaluate(COLORED)) for each in masks.all()]
