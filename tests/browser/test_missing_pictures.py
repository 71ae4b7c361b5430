"""What a person sees of a picture that does not come, in a real browser."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.model import Project
from tests.browser.hands import Behind, Hands
from tests.browser.review_scenes import add_with_objects, at_review

pytestmark = pytest.mark.browser

FRAMES = 60
MOVING = """
async (stage, frames) => {
  const top = stage.querySelector("canvas.hands");
  for (let n = 0; n < frames; n++) {
    top.dispatchEvent(new PointerEvent("pointermove", { clientX: 400 + n, clientY: 400 }));
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
}
"""


def test_a_picture_whose_bytes_are_gone_is_told_instead_of_left_dark(
    url: str, see: Behind, page: Page
) -> None:
    _, [*_, last] = at_review(page, url, see, 0, 0, 0)
    for kept in Path(see.services.settings.data).rglob(last.facts.sha256[2:]):
        kept.unlink()
    page.goto(page.url.replace(f"image={page.url.rsplit('=', 1)[1]}", f"image={last.id}"))
    expect(page.locator(".notice")).to_contain_text(
        f"The picture did not come: the original of {last.name} is missing"
    )


def test_a_square_that_does_not_come_is_not_asked_for_with_every_move_of_the_mouse(
    url: str, see: Behind, project: Project, page: Page
) -> None:
    asked = Counter[str]()

    def lost(route: Route) -> None:
        asked[route.request.url] += 1
        route.abort()

    page.route("**/tiles/**", lost)
    large = encode_png(draw_belt(1, size=(2600, 600), object_count=1).pixels)
    [image] = add_with_objects(see, project, [(("large.png", large), 1)])
    hands = Hands(page, url)
    hands.open_review(image, project=project.name)
    hands.canvas.press("Shift+2", "b")
    hands.canvas.stage.evaluate(MOVING, FRAMES)
    page.unroute("**/tiles/**")
    assert 0 < max(asked.values()) < FRAMES / 3
    expect(hands.canvas.stage).to_have_attribute("data-sharp", "true")  # it is asked for again
