"""The belt region on the Project page, and what the Detect page shows of it."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image as PillowImage
from streamlit.testing.v1 import AppTest

from beltmask.geometry import BeltRegion
from beltmask.model import Image, Pixels, Project
from beltmask.palette import rgb_of
from beltmask.render import BELT, IGNORED
from beltmask.workflows.belt_regions import belt_region_of, change_belt_region
from beltmask.workflows.pictures import Look, bare_jpeg, overlay_png
from beltmask.workflows.services import Services
from tests.pages.conftest import at, fresh, texts

INNER = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
CORNER = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1))
REGION = BeltRegion((INNER,), (CORNER,))
JPEG_TOLERANCE = 80


def shown(data: bytes) -> Pixels:
    return np.asarray(PillowImage.open(io.BytesIO(data)).convert("RGB"))


def drawn_in(pixels: Pixels, color: str, *, x: float, y: float) -> bool:
    """Whether the colour is met within a few pixels of a place, in shares of the picture."""
    row, column = round(y * pixels.shape[0]), round(x * pixels.shape[1])
    near = pixels[max(row - 3, 0) : row + 3, max(column - 3, 0) : column + 3].astype(int)
    return bool((np.abs(near - rgb_of(color)).max(axis=2) < JPEG_TOLERANCE).any())


def test_a_project_without_a_region_says_that_objects_count_everywhere(app: AppTest) -> None:
    assert "Objects count everywhere" in texts(at(app, "admin/project"))


def test_without_pictures_there_is_nothing_to_draw_on(app: AppTest) -> None:
    page = at(app, "admin/project")
    page.session_state["belt.drawer"] = True
    assert "Add a picture first" in texts(fresh(page.run()))


def test_a_region_is_told_in_words_and_can_be_removed(
    images: list[Image], project: Project, app: AppTest, opened: Services
) -> None:
    change_belt_region(project.id, REGION, services=opened)
    page = at(app, "admin/project")
    assert "inside the green outline but not in the red zones" in texts(page)
    page.session_state["belt.drawer"] = True
    fresh(page.run())
    fresh(page.button(key="belt.clear").click().run())
    assert belt_region_of(project.id, services=opened) is None
    fresh(page.button(key="belt.undo").click().run())
    assert belt_region_of(project.id, services=opened) == REGION


def test_the_region_is_outlined_on_every_picture(
    images: list[Image], project: Project, app: AppTest, opened: Services
) -> None:
    def both(pixels: Pixels, is_right: Callable[[bool], bool]) -> None:
        assert is_right(drawn_in(pixels, BELT, x=0.5, y=0.25))
        assert is_right(drawn_in(pixels, IGNORED, x=0.05, y=0.0))

    both(shown(bare_jpeg(images[2].id, None, services=opened)), lambda seen: not seen)
    both(shown(bare_jpeg(images[2].id, REGION, services=opened)), lambda seen: seen)

    page = at(app, "label/detect")
    page.button(key="detect.go").click().run()
    opened.executor.shutdown(wait=True)
    fresh(page.run())
    change_belt_region(project.id, REGION, services=opened)
    assert "The belt region has changed since" in texts(fresh(page.run()))
    look = Look(opacity=0, boxes=False, belt=REGION)
    both(shown(overlay_png(images[0].id, 1, look, hidden=(), services=opened)), lambda seen: seen)
