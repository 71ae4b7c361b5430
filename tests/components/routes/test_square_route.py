"""Squares of a large picture, and windows of one with 16 bits, over the routes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from beltmask.images import encode_png, read_image
from beltmask.model import Image, Project
from beltmask.workflows.images import add_picture
from beltmask.workflows.pyramids import square_jpeg
from beltmask.workflows.services import Services
from components.routes import canvas_urls
from tests.belts import belt


@cache
def x_ray() -> bytes:
    """2,100 x 600 pixels of 16 bits."""
    drawn = belt(4, size=(2100, 600), object_count=3).pixels
    return encode_png(drawn[..., 1].astype(np.uint16) * 150 + 2_000)


@pytest.fixture
def deep(project: Project, opened: Services) -> Image:
    added = add_picture("x-ray.png", x_ray(), project_id=project.id, services=opened)
    assert added.image is not None
    return added.image


def squares_of(image: Image) -> dict[str, Any]:
    squares = canvas_urls(image)["tiles"]
    assert isinstance(squares, dict)
    return squares


def test_a_page_is_told_of_squares_where_the_preview_is_smaller(image: Image, deep: Image) -> None:
    assert canvas_urls(image)["tiles"] is None
    squares = squares_of(deep)
    assert (squares["side"], squares["levels"]) == (512, 1)
    assert squares["url"].endswith("/tiles/{level}/{column}/{row}")


def test_a_square_comes_to_stay(browser: TestClient, deep: Image, opened: Services) -> None:
    answer = browser.get(squares_of(deep)["url"].format(level=0, column=4, row=1))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"].endswith(", immutable")
    assert answer.content == square_jpeg(deep, (0, 4, 1), services=opened)
    assert read_image(answer.content, name="square").facts.size == (52, 88)


@pytest.mark.parametrize(
    "place",
    [
        "1/0/0",
        "0/5/0",
        "0/0/2",
        "-1/0/0",
        "0/0/x",
        "0/0/1.0",
        "0/٣/0",
        "0/0/" + "9" * 5000,
        "..%2f..%2f0/0/0",
        "0/0/..%2fpicture",
        "0/0/0/0",
        "0/0",
    ],
)
def test_there_are_no_other_squares(browser: TestClient, deep: Image, place: str) -> None:
    base = squares_of(deep)["url"].removesuffix("{level}/{column}/{row}")
    answer = browser.get(base + place)
    assert answer.status_code == 404
    assert len(answer.text) < 200


def test_a_window_is_asked_for_behind_the_address(browser: TestClient, deep: Image) -> None:
    square = squares_of(deep)["url"].format(level=0, column=0, row=0)
    for address in (square, str(canvas_urls(deep)["picture"])):
        usual, dark = browser.get(address), browser.get(f"{address}?window=60000,65000")
        assert (usual.status_code, dark.status_code) == (200, 200)
        assert read_image(dark.content, name="dark").pixels.max() < 10
        assert read_image(usual.content, name="usual").pixels.max() > 100
        assert dark.headers["cache-control"].endswith(", immutable")


def test_a_window_that_is_none_is_explained(browser: TestClient, deep: Image, image: Image) -> None:
    answer = browser.get(f"{canvas_urls(deep)['picture']}?window=9,1")
    assert (answer.status_code, answer.text.partition(".")[0]) == (
        400,
        "this window cannot be used",
    )
    answer = browser.get(f"{canvas_urls(image)['picture']}?window=1,9")
    assert (answer.status_code, answer.text.partition(" and")[0]) == (400, "belt.png has 8 bits")
