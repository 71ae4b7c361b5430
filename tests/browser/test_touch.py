"""Review by fingers, as on a tablet beside the belt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from beltmask.masks import mask_from_box, mask_from_rings
from beltmask.model import AnnotationState, Box, Mask
from beltmask.workflows.history import new_id
from beltmask.workflows.projects import project_named
from tests.browser.canvas_hands import CanvasHands, Spot
from tests.browser.conftest import crashes_on
from tests.browser.desk import Desk, Review
from tests.browser.hands import Behind, Hands
from tests.browser.review_scenes import SIZE, pictures_with_objects

pytestmark = pytest.mark.browser

SQUARE = mask_from_box(Box(20, 20, 60, 60))
TREMBLE = 5
"""Screen pixels a finger moves though it means to stay."""


class Fingers:
    """Touches as the browser gets them from a screen; places are in pixels of the page."""

    def __init__(self, canvas: CanvasHands) -> None:
        self.canvas = canvas
        self._line = canvas.page.context.new_cdp_session(canvas.page)

    def touch(self, *steps: Sequence[Spot]) -> None:
        """Each step says where every finger is; the first puts them down one by one."""
        for count in range(1, len(steps[0]) + 1):
            self._send("touchStart", steps[0][:count])
        for step in steps[1:]:
            self._send("touchMove", step)
        self._send("touchEnd", [])

    def press(self, button: Locator) -> None:
        box = button.bounding_box()
        assert box is not None
        self.touch([(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)])

    def draw(self, *spots: Spot) -> list[Spot]:
        """One finger from spot to spot of the image; returns where in the image it was."""
        view = self.canvas.view()
        places = [view.to_page(spot) for spot in spots]
        self.touch(*([place] for place in places))
        return [view.to_image(place) for place in places]

    def tap(self, *spots: Spot) -> list[Spot]:
        return [self.draw(spot)[0] for spot in spots]

    def spread(self, middle: Spot, *, by: int) -> None:
        """Two fingers about a spot of the image move apart."""
        x, y = self.canvas.view().to_page(middle)
        self.touch(*([(x - far, y), (x + far, y)] for far in (40, 40 + by // 2, 40 + by)))

    def _send(self, kind: str, places: Sequence[Spot]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self._line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


class Tablet:
    """A picture with two objects under somebody's fingers."""

    def __init__(self, review: Review) -> None:
        self.canvas = review.canvas
        self.fingers = Fingers(self.canvas)
        self._review = review

    @property
    def kept(self) -> list[Mask | None]:
        return self._review.masks

    @property
    def states(self) -> list[AnnotationState]:
        return [each.state for each in self._review.objects]

    def take(self, tool: str) -> None:
        self.fingers.press(self.canvas.page.get_by_role("button", name=tool, exact=True))


@pytest.fixture(scope="module")
def desk(url: str, see: Behind, lasting_page: Page, request: pytest.FixtureRequest) -> Desk:
    """A picture for every test of this file."""
    session, project = request.session, new_id()
    mine = [each for each in session.items if each.path == request.path]
    pictures_with_objects(see, [2] * len(mine), project=project)
    known = project_named(project, services=see.services)
    return Desk(Hands(lasting_page, url), see, known, lambda: session.testsfailed)


@pytest.fixture
def tablet(desk: Desk) -> Iterator[Tablet]:
    yield Tablet(desk.next())
    assert crashes_on(desk.hands.page) == []


def test_a_finger_draws_a_box(tablet: Tablet) -> None:
    tablet.take("Box")
    (x0, y0), _, (x1, y1) = tablet.fingers.draw((150, 100), (200, 130), (230, 170))
    drawn = mask_from_box(Box(round(x0), round(y0), round(x1), round(y1)))
    assert tablet.kept[2:] == [drawn]


def test_two_fingers_zoom_in_the_middle_of_a_polygon_and_no_corner_is_lost(tablet: Tablet) -> None:
    tablet.take("Polygon")
    before = tablet.canvas.view().scale
    corners = tablet.fingers.tap((150, 100), (200, 105))
    tablet.fingers.spread((170, 120), by=60)
    tablet.canvas.page.wait_for_function(
        "([stage, before]) => Number(stage.dataset.view.split(',')[0]) > 1.5 * before",
        arg=[tablet.canvas.stage.element_handle(), before],
    )
    corners += tablet.fingers.tap((195, 150), (150, 140))
    tablet.fingers.tap((150, 100))
    assert tablet.kept[2:] == [mask_from_rings([np.array(corners)], SIZE)]


def test_two_fingers_leave_selection_and_objects_as_they_are(tablet: Tablet) -> None:
    tablet.fingers.tap((40, 40))
    selected = tablet.canvas.page.locator('[role="option"][aria-selected="true"]')
    assert selected.count() == 1
    tablet.fingers.spread((200, 150), by=40)
    tablet.fingers.spread((50, 40), by=20)
    assert selected.count() == 1
    assert tablet.kept[0] == SQUARE


def test_a_third_finger_draws_nothing(tablet: Tablet) -> None:
    tablet.take("Brush")
    x, y = tablet.canvas.view().to_page((180, 140))
    still = [(x - 60, y), (x, y)]
    tablet.fingers.touch([*still, (x, y + 60)], [*still, (x + 40, y + 90)])
    assert len(tablet.kept) == 2


def test_a_finger_that_trembles_moves_no_object(tablet: Tablet) -> None:
    tablet.fingers.tap((40, 40))
    x, y = tablet.canvas.view().to_page((40, 40))
    tablet.fingers.touch([(x, y)], [(x + TREMBLE, y)])
    assert tablet.kept[0] == SQUARE


def test_an_object_is_rejected_and_accepted_after_all_by_a_finger(tablet: Tablet) -> None:
    row = tablet.canvas.row(2)
    for name, state in (("Reject", AnnotationState.REJECTED), ("Accept", AnnotationState.EDITED)):
        tablet.fingers.press(row.get_by_role("button", name=name))
        assert tablet.states[1] is state
