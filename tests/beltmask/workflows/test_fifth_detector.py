"""A detector of one's own needs its class and one line in ``services``: all else follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from beltmask.cli import main
from beltmask.detectors.replies import reader
from beltmask.geometry import BeltRegion, Box
from beltmask.images import encode_png
from beltmask.model import Image, Project, Tiling
from beltmask.settings import load_settings
from beltmask.workflows.belt_regions import change_belt_region
from beltmask.workflows.costs import estimate_for
from beltmask.workflows.detection import DetectionResult, result_of
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.prompts import (
    detector_choices,
    model_asked,
    model_choice,
    second_asks,
    views_of,
    words_sent,
)
from beltmask.workflows.reparse import reread_project
from beltmask.workflows.services import Services
from tests.beltmask.bright_squares import SQUARES, add_squares
from tests.beltmask.workflows.gemini_services import ask

TILED = replace(SQUARES, tiling=Tiling.TILES, image_side=100)
BOXES = [Box(20, 10, 40, 30), Box(90, 40, 110, 60), Box(160, 60, 180, 80)]
"""The second lies across the seam of two tiles of 100 pixels."""


@pytest.fixture(autouse=True)
def squares(monkeypatch: pytest.MonkeyPatch) -> None:
    add_squares(monkeypatch)


@pytest.fixture
def services(squares: None, data_with_tables: Path) -> Iterator[Services]:
    opened = Services.open(load_settings())
    yield opened
    opened.close()


def drawn() -> bytes:
    """A belt of 200 x 100 pixels with three squares."""
    pixels = np.full((100, 200, 3), 40, dtype=np.uint8)
    for box in BOXES:
        pixels[box.y0 : box.y1, box.x0 : box.x1] = 200
    return encode_png(pixels)


@pytest.fixture
def project(services: Services) -> Project:
    return create_project("Line 1", services=services)


@pytest.fixture
def image(project: Project, services: Services) -> Image:
    added = add_picture("squares.png", drawn(), project_id=project.id, services=services)
    assert added.image is not None
    return added.image


def found(result: DetectionResult | None) -> list[Box]:
    assert result is not None
    boxes = [prediction.finding.box for prediction in result.predictions]
    return sorted(boxes, key=lambda box: box.x0)


def test_it_is_offered_with_all_that_is_to_know_of_it(image: Image, services: Services) -> None:
    [choice] = [one for one in detector_choices(services) if one.name == "squares"]
    assert (choice.ready, choice.note) == (True, "Bright squares, on this machine.")
    assert [model.id for model in choice.models] == ["squares-1", "squares-2"]
    assert choice.traits.takes_tiles
    assert model_asked("squares", "", services) == "squares-1"
    assert not model_choice("squares", "squares-2", services).heeds_temperature
    assert words_sent(SQUARES, services) == "squares-1, find bright squares"
    assert second_asks(SQUARES, services) == ["with brighter light"]
    assert "→ 3 requests" in views_of(image.size, TILED, services=services)
    guess = estimate_for(TILED, [image.id], services=services)
    assert guess is not None
    assert (guess.pictures, guess.requests, guess.cost) == (1, (3, 3), (0.03, 0.75))


@pytest.mark.parametrize("tiling", list(Tiling))
def test_it_finds_and_its_replies_are_read_again(
    tiling: Tiling, image: Image, project: Project, services: Services
) -> None:
    [result] = ask([image], services, prompt=replace(TILED, tiling=tiling))
    assert found(result) == BOXES
    [difference] = reread_project(project.id, services=services, apply=True)
    assert difference.sentence == "squares.png: nothing would change"


def test_a_parser_that_has_learned_finds_more_in_what_it_wrote(
    image: Image, project: Project, services: Services
) -> None:
    left = (((0.0, 0.0), (0.7, 0.0), (0.7, 1.0), (0.0, 1.0)),)
    change_belt_region(project.id, BeltRegion(left), services=services)
    with pytest.MonkeyPatch.context() as short_sighted:
        short_sighted.setattr(reader, "MAX_OBJECTS", 1)
        [result] = ask([image], services, prompt=SQUARES)
        assert found(result) == BOXES[:1]
    [difference] = reread_project(project.id, services=services, apply=True)
    assert (difference.gained, difference.lost) == (1, 0)
    assert found(result_of(image.id, services=services)) == BOXES[:2]


def test_the_command_line_asks_it_too(
    services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "squares.png").write_bytes(drawn())
    asked = ["detect", str(tmp_path / "squares.png"), "--detector", "squares"]
    assert main([*asked, "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out == "squares.png: 3 objects\n"
