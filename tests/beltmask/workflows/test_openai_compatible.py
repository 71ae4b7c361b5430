"""A run against an OpenAI-compatible server, from the settings to the store and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from beltmask.cli import main
from beltmask.detectors.tiling import tiles_for
from beltmask.images import read_image
from beltmask.masks import iou, moved, part_in
from beltmask.model import (
    Box,
    Image,
    MaskSource,
    Pixels,
    Project,
    Prompt,
    TaskState,
    Tiling,
)
from beltmask.workflows.costs import estimate_for, spent_on
from beltmask.workflows.detection import raw_text
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.prompts import detector_choices, words_sent
from beltmask.workflows.reparse import reread_project
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.workflows.gemini_services import ask, asking
from tests.gemini_server import GeminiServer
from tests.gemini_truth import KnownObject, KnownPicture, known_picture
from tests.openai_server import OpenAIServer, text_in

PROMPT = Prompt("openai", "metal and plastic", model="qwen2.5vl:7b", temperature=0.2)
MODELS = """
[[model]]
id = "paid"
ask = "polygons"
prices = [{ input = 1.0, output = 2.0 }]
"""


@pytest.fixture
def server(shared_data: Path) -> Iterator[OpenAIServer]:
    with OpenAIServer(truth=[shared_data / "pictures" / "smartbelt_scrap"]) as running:
        running.shape, running.units = "both", "pixels"
        yield running


@pytest.fixture
def services(server: OpenAIServer, tmp_path: Path) -> Iterator[Services]:
    (tmp_path / "models.toml").write_text(MODELS)
    wishes: dict[str, Any] = {
        "openai_base_url": server.url,
        "openai_api_key": SecretStr("sk-of-the-test"),
        "models_file": tmp_path / "models.toml",
        "daily_budget": 0.001,
    }
    with GeminiServer() as unused, asking(unused, **wishes) as opened:
        yield opened


@pytest.fixture
def project(services: Services) -> Project:
    return create_project("Belt 3", services=services)


@pytest.fixture
def image(services: Services, server: OpenAIServer, project: Project, shared_data: Path) -> Image:
    known = max(server.pictures, key=lambda picture: len(picture.objects))
    path = shared_data / "pictures" / "smartbelt_scrap" / "images" / known.name
    data = path.read_bytes()
    added = add_picture(known.name, data, project_id=project.id, services=services)
    assert added.image is not None
    return added.image


@pytest.mark.pictures
def test_a_run_gives_the_real_objects(
    services: Services, server: OpenAIServer, image: Image
) -> None:
    [result] = ask([image], services, prompt=PROMPT)
    assert (result.task.state, result.task.error) == (TaskState.DONE, None)
    [known] = [picture for picture in server.pictures if picture.name == image.name]
    findings = [prediction.finding for prediction in result.predictions]
    assert [finding.label for finding in findings] == [one.label for one in known.objects]
    for finding, truth in zip(findings, known.objects, strict=True):
        assert finding.mask is not None
        assert finding.mask_source is MaskSource.MODEL
        assert iou(finding.mask, truth.mask) > 0.9
    assert len(open_sheet(image.id, services=services).annotations) == len(known.objects)
    assert text_in(server.requests[-1]) == words_sent(PROMPT, services)
    [kept] = result.replies
    assert '"bbox_2d"' in raw_text(kept, services=services)
    assert (kept.reply.cost, kept.reply.usage.prompt_tokens) == (None, 900)
    assert spent_on(result.task.run_id, services=services).unpriced == 1


@pytest.mark.pictures
def test_a_question_is_asked_once_unless_wished(
    services: Services, server: OpenAIServer, image: Image
) -> None:
    [first] = ask([image], services, prompt=PROMPT)
    [second] = ask([image], services, prompt=PROMPT)
    assert len(server.requests) == 1
    assert second.from_cache
    assert [p.finding.box for p in second.predictions] == [p.finding.box for p in first.predictions]
    ask([image], services, prompt=replace(PROMPT, temperature=0.3))
    ask([image], services, prompt=PROMPT, again=True)
    assert len(server.requests) == 3


@pytest.mark.pictures
def test_kept_replies_are_read_again_as_they_were_asked(
    services: Services, image: Image, project: Project
) -> None:
    ask([image], services, prompt=PROMPT)
    (difference,) = reread_project(project.id, services=services)
    assert difference.sentence == f"{image.name}: nothing would change"


@pytest.mark.pictures
def test_only_what_has_a_price_is_held_to_the_budget(
    services: Services, server: OpenAIServer, image: Image
) -> None:
    paid = replace(PROMPT, model="paid")
    server.units = "thousandths"
    [first] = ask([image], services, prompt=paid)
    assert first.replies[0].reply.cost == pytest.approx((900 * 1.0 + 60 * 2.0) / 1e6)
    for temperature in (0.4, 0.5, 0.6):
        [last] = ask([image], services, prompt=replace(paid, temperature=temperature))
    assert "budget of the day is spent" in str(last.task.error)
    [free] = ask([image], services, prompt=PROMPT)
    assert free.task.state is TaskState.DONE


@pytest.mark.pictures
def test_it_is_offered_with_the_address_pictures_go_to(
    services: Services, server: OpenAIServer, image: Image
) -> None:
    [choice] = [one for one in detector_choices(services) if one.name == "openai"]
    assert choice.ready
    assert choice.traits.asks_a_model
    assert choice.traits.leaves == f"Pictures are sent to {server.url}."
    assert estimate_for(PROMPT, [image.id], services=services) is None


@pytest.mark.pictures
def test_the_command_line_asks_it_too(
    server: OpenAIServer, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTMASK_OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("BELTMASK_OPENAI_MODEL", "qwen2.5vl:7b")
    known = server.pictures[0]
    picture = shared_data / "pictures" / "smartbelt_scrap" / "images" / known.name
    chosen = ["--detector", "openai", "--out", str(tmp_path / "out")]
    assert main(["detect", str(picture), *chosen]) == 0
    assert server.requests[-1]["model"] == "qwen2.5vl:7b"
    assert (tmp_path / "out" / "annotations.json").is_file()


@pytest.mark.pictures
def test_tiles_are_read_in_the_pixels_each_was_sent_in(
    services: Services, server: OpenAIServer, image: Image, shared_data: Path
) -> None:
    """The server is shown parts of the picture; it knows the objects of each."""
    [known] = [picture for picture in server.pictures if picture.name == image.name]
    path = shared_data / "pictures" / "smartbelt_scrap" / "images" / known.name
    pixels = read_image(path.read_bytes(), name=known.name).pixels
    tiled = replace(PROMPT, tiling=Tiling.TILES, image_side=800)
    tiles = tiles_for(image.size, tiled)
    server.pictures = [part_of(known, pixels, tile) for tile in tiles]
    [result] = ask([image], services, prompt=tiled)
    assert result.task.error is None
    assert len(server.requests) == len(tiles) > 1
    found = [prediction.finding for prediction in result.predictions]
    assert len(found) == len(known.objects)
    for truth in known.objects:
        best = max(found, key=lambda one: iou(one.mask, truth.mask) if one.mask else 0.0)
        assert best.mask is not None
        assert iou(best.mask, truth.mask) > 0.85
    (difference,) = reread_project(image.project_id, services=services)
    assert difference.sentence == f"{image.name}: nothing would change"


def part_of(known: KnownPicture, pixels: Pixels, tile: Box) -> KnownPicture:
    """What a tile shows of a picture."""
    shown = pixels[tile.y0 : tile.y1, tile.x0 : tile.x1]
    parts = [
        KnownObject(one.label, moved(part, -tile.x0, -tile.y0))
        for one in known.objects
        if (part := part_in(one.mask, tile)) is not None
    ]
    return known_picture(f"{tile.corners}", shown, parts)
