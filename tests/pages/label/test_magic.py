"""What the Review page says of magic select."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from beltmask.images import encode_png
from beltmask.model import Image, Project
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import classes_of
from beltmask.workflows.services import Services
from tests.pages.conftest import at, fresh, texts
from tests.pages.label.canvas_end import CanvasEnd
from tests.pages.label.test_history import lines, unfolded
from tests.sam_graphs import decoder, encoder, written

THING = (160, 96, 320, 208)
WRONG = "decoder.onnx is not a network that can be run"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    paths = written(tmp_path, encoder(), decoder())
    for path in paths:
        monkeypatch.setenv(f"BELTMASK_SAM_{path.stem.upper()}", str(path))
    return paths


@pytest.fixture
def image(model: tuple[Path, Path], project: Project, opened: Services) -> Image:
    """One bright thing, where a model is set up: so it is asked for before the app."""
    pixels = np.full((320, 512, 3), (60, 70, 80), dtype=np.uint8)
    pixels[THING[1] : THING[3], THING[0] : THING[2]] = (220, 180, 40)
    added = add_picture("belt.png", encode_png(pixels), project_id=project.id, services=opened)
    assert added.image is not None
    return added.image


def selected(app: AppTest, browser: CanvasEnd, image: Image, opened: Services) -> str:
    """What the page says once a person has drawn a box around the thing."""
    page = at(app, "label/review")
    first = classes_of(image.project_id, services=opened)[0]
    box = [THING[0] - 8, THING[1] - 8, THING[2] + 8, THING[3] + 8]
    new = {"do": "add", "object": new_id(), "base": 0, "after": [], "class": first.id, "box": box}
    browser.tail = [browser.gesture("magic", new)]
    page = unfolded(fresh(page.run()))
    return "\n".join((texts(page), *lines(page)))


def test_the_history_says_which_model_selected(
    image: Image, app: AppTest, browser: CanvasEnd, opened: Services
) -> None:
    said = selected(app, browser, image, opened)
    assert f"selected by magic ({opened.sam.name})" in said
    assert "GrabCut" not in said


def test_a_broken_model_is_told_above_the_canvas_once_it_was_asked(
    model: tuple[Path, Path], app: AppTest, browser: CanvasEnd, image: Image, opened: Services
) -> None:
    model[1].write_bytes(b"broken")
    assert WRONG not in texts(at(app, "label/review"))
    said = selected(app, browser, image, opened)
    assert WRONG in said
    assert "magic select makes do with GrabCut." in said
    assert "selected by magic (GrabCut)" in said
