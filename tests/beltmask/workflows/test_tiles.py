"""Large pictures asked about tile by tile, from the prompt to the store, with faults on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from beltmask.cli import main
from beltmask.detectors.base import ReplyFinished
from beltmask.detectors.tiling import tiles_of
from beltmask.images import encode_jpeg
from beltmask.model import Image, TaskState, Tiling
from beltmask.runs import TaskAnswer
from beltmask.store.schema import tasks
from beltmask.workflows.costs import spent_on
from beltmask.workflows.detection import DetectionResult, result_of
from beltmask.workflows.files import detect_files
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.beltmask.workflows.gemini_services import GEMINI, add_belt, ask, asking, small_belt
from tests.beltmask.workflows.line_scans import LineScan, long_scan, short_scan
from tests.gemini_server import GeminiServer

SIDE = 300
SCAN = short_scan()
TILES = tiles_of(SCAN.size, SIDE)
TILED = replace(GEMINI, tiling=Tiling.TILES, image_side=SIDE)


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer(truth=[*SCAN.views(SIDE), small_belt(1)[1]]) as running:
        yield running


@pytest.fixture
def services(server: GeminiServer) -> Iterator[Services]:
    with asking(server, gemini_requests=1) as opened:
        yield opened


def added(services: Services, scan: LineScan = SCAN) -> Image:
    return scan.add_to(create_project("Line 1", services=services).id, services)


def labels(result: DetectionResult) -> list[str]:
    return sorted(prediction.finding.label for prediction in result.predictions)


EVERYTHING = sorted(one.label for one in SCAN.objects)


def test_every_tile_is_a_request_and_every_object_comes_whole_and_once(
    services: Services, server: GeminiServer
) -> None:
    [result] = ask([added(services)], services, prompt=TILED)
    assert (server.asked, len(TILES), server.served["unrecognised"]) == (4, 4, 0)
    assert [kept.reply.region for kept in result.replies] == TILES
    assert labels(result) == EVERYTHING
    assert SCAN.hits([prediction.finding for prediction in result.predictions]) == 4
    assert spent_on(result.task.run_id, services=services).requests == 4


@pytest.mark.parametrize("fault", ["prose", "blocked", "429-day", "html"])
def test_when_a_tile_fails_only_what_is_missing_is_paid_next_time(
    services: Services, server: GeminiServer, fault: str
) -> None:
    image = added(services)
    server.faults.extend(["", "", fault])
    [failed] = ask([image], services, prompt=TILED)
    assert failed.task.state is TaskState.FAILED
    assert str(failed.task.error).startswith("tile 3 of 4: ")
    assert [kept.reply.region for kept in failed.replies][:2] == TILES[:2]
    [result] = ask([image], services, prompt=TILED)
    assert server.asked == 3 + 2
    assert [kept.reply.cached for kept in result.replies] == [True, True, False, False]
    assert [kept.reply.region for kept in result.replies] == TILES
    assert labels(result) == EVERYTHING
    assert spent_on(result.task.run_id, services=services).requests == 2


def test_the_budget_stops_between_tiles(server: GeminiServer) -> None:
    with asking(server, daily_budget=0.004) as services:
        [result] = ask([added(services)], services, prompt=TILED)
    assert server.asked == 2
    assert "tile 3 of 4: the budget of the day is spent" in str(result.task.error)


def test_the_budget_stops_between_the_tiles_of_files_too(
    server: GeminiServer, tmp_path: Path
) -> None:
    file = tmp_path / "line.jpg"
    file.write_bytes(encode_jpeg(SCAN.pixels, quality=95))
    with asking(server, daily_budget=0.004) as services:
        out = tmp_path / "out"
        for expected in ("tile 3 of 4", "tile 1 of 4"):
            [detected] = detect_files([file], TILED, out=out, services=services)
            assert f"{expected}: the budget" in str(detected.error)
    assert server.asked == 2


@pytest.mark.parametrize(("wish", "requests"), [([], 1), (["--tiling", "tiles"], 2)])
def test_the_command_line_looks_at_tiles_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: list[str], requests: int
) -> None:
    scan, file = long_scan(1), tmp_path / "line.jpg"
    file.write_bytes(encode_jpeg(scan.pixels, quality=95))
    with GeminiServer(truth=scan.views(1024)) as server:
        monkeypatch.setenv("GEMINI_API_KEY", "any")
        monkeypatch.setenv("BELTMASK_GEMINI_BASE_URL", server.url)
        command = ["detect", str(file), "--detector", "gemini", "--out", str(tmp_path / "out")]
        assert main([*command, *wish]) == 0
    assert server.asked == requests


def test_after_a_crash_the_tiles_answered_are_not_asked_again(
    services: Services, server: GeminiServer
) -> None:
    image, book = added(services), services.tasks
    with services.store.write() as records:
        actor = services.actor
        run = records.runs.add(image.project_id, TILED, [image.id], actor=actor)
    task, answer = book.claim(run.id), TaskAnswer()
    assert task is not None
    before = lease(services)
    for event in services.detectors["gemini"].detect(*book.question(task)):
        answer.take([event])
        if isinstance(event, ReplyFinished):
            book.keep(task, answer)
        if len(answer.replies) == 2:
            break
    assert lease(services) > before
    with services.store.write() as records:
        records.runs.give_back(records.runs.workers())
    assert services.runner.answer_next(run.id)
    result = result_of(image.id, services=services)
    assert result is not None
    assert (server.asked, labels(result)) == (4, EVERYTHING)
    assert [kept.reply.region for kept in result.replies] == TILES
    assert spent_on(run.id, services=services).requests == 4


def lease(services: Services) -> datetime:
    """Until when the only task is held."""
    with services.store.database.read() as connection:
        until: datetime = connection.execute(select(tasks.c.lease_until)).scalar_one()
    return until


@pytest.mark.parametrize("tiling", [Tiling.TILES, Tiling.SUSPECTS])
def test_a_picture_that_is_sent_as_it_is_costs_one_request(
    services: Services, server: GeminiServer, tiling: Tiling
) -> None:
    belt = add_belt(1, create_project("Belt 3", services=services).id, services)
    [result] = ask([belt], services, prompt=replace(GEMINI, tiling=tiling))
    assert [kept.reply.region for kept in result.replies] == [None]
    assert labels(result) == ["part 0", "part 1"]
    ask([belt], services)
    assert server.asked == 1


def test_looking_closely_at_suspects_asks_fewer_and_pays_for_no_tile_twice(
    services: Services, server: GeminiServer
) -> None:
    image = added(services)
    [result] = ask([image], services, prompt=replace(TILED, tiling=Tiling.SUSPECTS))
    asked = server.asked
    assert 1 < asked < 1 + len(TILES)
    assert result.replies[0].reply.region is None
    assert labels(result) == EVERYTHING
    [result] = ask([image], services, prompt=TILED)
    assert server.asked == 1 + len(TILES)
    assert labels(result) == EVERYTHING
