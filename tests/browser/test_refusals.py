"""What a person sees of a decision that is refused, because a colleague was quicker."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from beltmask.model import AnnotationState, Class, Image
from beltmask.review import Edit, EditKind
from beltmask.workflows.history import new_id
from beltmask.workflows.projects import add_class
from tests.browser.canvas_hands import CanvasHands
from tests.browser.hands import Behind
from tests.browser.review_scenes import at_review
from tests.gestures import apply_edits

pytestmark = pytest.mark.browser

AMBER = """
([canvas, wanted]) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let found = false;
  for (let at = 0; at < data.length && !found; at += 4) {
    found = data[at] === 251 && data[at + 1] === 191 && data[at + 2] === 36;
  }
  return found === wanted;
}
"""
WHY = (
    "was refused because somebody else changed this object. "
    "You see it as it is now: do it again if it still fits."
)


def test_a_decision_a_colleague_came_before_names_and_marks_its_object_until_it_is_decided_again(
    url: str, see: Behind, page: Page
) -> None:
    hands, [image] = at_review(page, url, see, 2)
    canvas = hands.canvas
    canvas.select(1)
    canvas.press("x")
    canvas.saved()
    relabel(see, image, 1, add_class(image.project_id, "film", services=see.services, key="2"))
    canvas.select(1)
    canvas.press("Enter")
    canvas.says(f'Object 1 (film): your "accept" {WHY}')
    expect(canvas.row(1)).to_contain_text("changed by somebody else")
    expect(canvas.row(2)).not_to_contain_text("changed by somebody else")
    expect_marked(canvas, anything=True)

    canvas.select(2)
    canvas.press("x")
    canvas.saved()
    assert canvas.refusals() != []
    canvas.select(1)
    canvas.press("x")
    canvas.saved()
    assert canvas.refusals() == []
    expect(canvas.row(1)).not_to_contain_text("changed by somebody else")
    expect_marked(canvas, anything=False)
    assert {each.state for each in see.sheet(image).annotations} == {AnnotationState.REJECTED}


def test_a_class_a_colleague_gave_first_is_told_until_somebody_dismisses_it(
    url: str, see: Behind, page: Page
) -> None:
    hands, [image] = at_review(page, url, see, 2)
    canvas = hands.canvas
    [metal] = see.sheet(image).classes
    film = add_class(image.project_id, "film", services=see.services, key="2")
    wood = add_class(image.project_id, "wood", services=see.services, key="3")
    hands.load_anew(image)
    relabel(see, image, 2, film)
    canvas.select(2)
    canvas.press("3")
    canvas.says(f'Object 2 (film): your "relabel" {WHY}')
    page.get_by_role("button", name="Dismiss").click()
    assert canvas.refusals() == []
    expect(canvas.row(2)).not_to_contain_text("changed by somebody else")
    canvas.press("3")
    canvas.saved()
    assert [each.class_id for each in see.sheet(image).annotations] == [metal.id, wood.id]


def relabel(see: Behind, image: Image, number: int, meant: Class) -> None:
    """By a colleague, of whom the canvas has not heard."""
    now = see.sheet(image).annotations[number - 1]
    edit = Edit(new_id(), EditKind.RELABEL, now.id, now.revision, to_class=meant)
    apply_edits(image.id, [edit], services=see.services)


def expect_marked(canvas: CanvasHands, *, anything: bool) -> None:
    """Wait until something, or nothing, is outlined as changed by somebody else."""
    drawn = canvas.stage.locator("canvas.hands").element_handle()
    canvas.page.wait_for_function(AMBER, arg=[drawn, anything])
