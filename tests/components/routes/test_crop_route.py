"""Objects cut out of their pictures: where they are, how they look, who may have them."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image as PillowImage
from starlette.testclient import TestClient

from beltmask.errors import NotAllowedError
from beltmask.images import encode_png
from beltmask.masks import mask_from_box
from beltmask.model import Actor, Annotation, Box, Change, Image, Pixels, Project
from beltmask.workflows import permission
from beltmask.workflows.images import add_picture, move_to_trash
from beltmask.workflows.permission import Action
from beltmask.workflows.services import Services
from components.routes import crop_url
from tests.beltmask.store.builders import annotation

GREEN = "#00ff00"
SPOT = 255


def picture(size: tuple[int, int], box: Box, project: Project, services: Services) -> Image:
    """A dark picture with a white box in it."""
    pixels = np.full((size[1], size[0], 3), 40, np.uint8)
    pixels[box.y0 : box.y1, box.x0 : box.x1] = SPOT
    added = add_picture("spot.png", encode_png(pixels), project_id=project.id, services=services)
    assert added.image is not None
    return added.image


def object_in(image: Image, box: Box, services: Services, *, box_only: bool = False) -> Annotation:
    mask = None if box_only else mask_from_box(box)
    kept = annotation("a", image.id, box=box, mask=mask)
    with services.store.write() as records:
        records.annotations.apply([Change(None, kept)])
    return kept


def seen(browser: TestClient, url: str) -> Pixels:
    answer = browser.get(url)
    assert answer.headers["cache-control"].endswith("immutable")
    return np.asarray(PillowImage.open(io.BytesIO(answer.content)).convert("RGB"))


@pytest.mark.parametrize("box_only", [False, True])
@pytest.mark.parametrize(
    ("size", "box"),
    [
        pytest.param((640, 480), Box(100, 120, 180, 180), id="small picture"),
        pytest.param((640, 480), Box(0, 0, 60, 60), id="in the corner"),
        pytest.param((640, 480), Box(300, 200, 308, 208), id="tiny"),
        pytest.param((5000, 900), Box(4990, 880, 5000, 890), id="far corner of a line scan"),
        pytest.param((5000, 900), Box(470, 490, 560, 540), id="over four squares"),
        pytest.param((5000, 900), Box(100, 100, 3100, 800), id="most of a line scan"),
    ],
)
def test_a_crop_shows_the_object_a_little_around_it_and_its_outline(
    size: tuple[int, int],
    box: Box,
    box_only: bool,
    project: Project,
    opened: Services,
    browser: TestClient,
) -> None:
    image = picture(size, box, project, opened)
    crop = seen(browser, crop_url(image, object_in(image, box, opened, box_only=box_only), GREEN))
    assert 56 <= max(crop.shape[:2]) <= 224
    bright = crop.min(axis=2) > 180
    green = (crop[..., 1] > crop[..., 0].astype(int) + 60) & (crop[..., 1] > crop[..., 2] + 60)
    assert green.any()
    rows, columns = np.nonzero(bright)
    wide, high = np.ptp(columns) + 1, np.ptp(rows) + 1
    assert wide / high == pytest.approx(box.width / box.height, rel=0.35)
    assert bright.mean() < 0.9
    assert crop[bright].mean() > 200


def test_another_shape_is_another_address_and_the_old_one_says_so(
    project: Project, opened: Services, browser: TestClient
) -> None:
    box = Box(100, 120, 180, 180)
    image = picture((640, 480), box, project, opened)
    kept = object_in(image, box, opened)
    url = crop_url(image, kept, GREEN)
    old = url.replace("shape=100", "shape=101")
    assert browser.get(old).status_code == 404
    assert "another shape" in browser.get(old).text
    gone = url.replace("/crops/a?", "/crops/b?")
    assert "not in the picture any more" in browser.get(gone).text


def test_a_crop_needs_a_grant_for_its_own_picture(
    project: Project, opened: Services, browser: TestClient
) -> None:
    box = Box(100, 120, 180, 180)
    image = picture((640, 480), box, project, opened)
    path = urlsplit(crop_url(image, object_in(image, box, opened), GREEN))
    begin, _, end = path.path.rpartition("/crops/")
    assert browser.get(f"{begin}0/crops/{end}?{path.query}").status_code == 403
    wrong = path.query.replace("color=00ff00", "color=red")
    assert browser.get(f"{path.path}?{wrong}").status_code == 404


def test_access_is_asked_again_when_a_crop_is_fetched_though_it_is_kept(
    project: Project, opened: Services, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box(100, 120, 180, 180)
    image = picture((640, 480), box, project, opened)
    kept = object_in(image, box, opened)
    address = crop_url(image, kept, GREEN)
    assert browser.get(address).status_code == 200

    def nobody_sees(_actor: Actor, action: Action, _project: int | None) -> bool:
        return action is not Action.SEE_IMAGES

    with monkeypatch.context() as closed:
        closed.setattr(permission, "allowed", nobody_sees)
        assert browser.get(address).status_code == 403
        with pytest.raises(NotAllowedError):
            crop_url(image, kept, GREEN)
    assert browser.get(address).status_code == 200
    move_to_trash([image.id], project_id=project.id, services=opened)
    assert browser.get(address).status_code == 404
