"""Classes are merged on the Project page, pictures commented on under the canvas."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.masks import mask_from_box
from beltmask.model import Box, Class, Image, Project
from beltmask.review import Edit, EditKind
from beltmask.workflows.comments import pins_of, threads_of
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import add_class, classes_of
from tests.browser.hands import Behind, Hands
from tests.gestures import apply_edits

pytestmark = pytest.mark.browser


def test_a_class_is_merged_into_another_and_the_merge_is_undone(
    page: Page, url: str, see: Behind, project: Project
) -> None:
    tin = add_class(project.id, "tin", services=see.services, key="2")
    image = picture_of(project, [tin, tin], see)
    [first, _] = classes_of(project.id, services=see.services)
    hands = Hands(page, url)
    hands.open("Project", project=project.name)
    hands.unfold("Rename or merge a class")
    hands.choose("Class to change", "tin")
    hands.choose("Merge into", first.name)
    expect(page.get_by_text("2 objects in 1 picture will be")).to_be_visible()
    hands.press("Merge tin into foreign object")
    expect(page.get_by_text("empty: tin was merged into foreign object")).to_be_visible()
    assert [each.class_id for each in see.sheet(image).annotations] == [first.id, first.id]
    hands.unfold("What was changed")
    hands.press("Undo")
    expect(page.get_by_text("undone", exact=True)).to_be_visible()
    assert [each.class_id for each in see.sheet(image).annotations] == [tin.id, tin.id]
    assert classes_of(project.id, services=see.services) == [first, tin]


def test_a_comment_on_an_object_is_counted_in_the_gallery_until_it_is_resolved(
    page: Page, url: str, see: Behind, project: Project
) -> None:
    image = picture_of(project, classes_of(project.id, services=see.services), see)
    hands = Hands(page, url)
    hands.open_review(image, project=project.name)
    hands.unfold("Comments")
    hands.choose("A comment on", "object 1")
    page.get_by_label("Comment", exact=True).fill("Is this *really* one? <b>Look</b>")
    page.get_by_test_id("stFormSubmitButton").filter(has_text="Comment").click()
    expect(page.get_by_text("Is this *really* one? <b>Look</b>")).to_be_visible()
    [pin] = pins_of(image.id, services=see.services)
    assert (pin.number, pin.x, pin.y, pin.resolved) == (1, 40.0, 40.0, False)
    hands.visit("Images")
    icon = page.get_by_role("img", name="comment icon")
    expect(page.locator("p").filter(has=icon)).to_have_text("comment 1")
    hands.open_review(image, project=project.name)
    page.get_by_label("Reply to thread 1").fill("It is.")
    page.get_by_test_id("stFormSubmitButton").filter(has_text="Reply").click()
    expect(page.get_by_text("It is.", exact=True)).to_be_visible()
    hands.press("Resolve thread 1")
    expect(page.get_by_text("Comments: 0 open")).to_be_visible()
    [thread] = threads_of(image.id, services=see.services)
    assert (thread.resolved, [each.text for each in thread.said][1:]) == (True, ["It is."])


def picture_of(project: Project, classes: list[Class], see: Behind) -> Image:
    """A picture with an object of each class that a person drew."""
    belt = encode_png(draw_belt(1, size=(320, 240), object_count=1).pixels)
    image = add_picture("a.png", belt, project_id=project.id, services=see.services).image
    assert image is not None
    shapes = [mask_from_box(Box(20 + 60 * n, 20, 60 + 60 * n, 60)) for n in range(len(classes))]
    drawn = [
        Edit(new_id(), EditKind.ADD, new_id(), mask=shape, to_class=meant)
        for shape, meant in zip(shapes, classes, strict=True)
    ]
    apply_edits(image.id, drawn, services=see.services)
    return image
