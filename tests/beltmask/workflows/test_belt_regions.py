"""A project's belt region: heeded by runs from then on, by readings as it was, by files too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from beltmask.cli import main
from beltmask.detectors.region import OUTSIDE
from beltmask.errors import NotAllowedError, SettingsError
from beltmask.geometry import BeltRegion, Line
from beltmask.images import encode_png
from beltmask.messages import as_said
from beltmask.model import Image, Problem, Project
from beltmask.workflows import permission
from beltmask.workflows.belt_regions import belt_region_of, change_belt_region, region_rings
from beltmask.workflows.detection import DetectionResult, result_of
from beltmask.workflows.projects import create_project
from beltmask.workflows.reparse import apply_rereading
from beltmask.workflows.services import Services
from tests.beltmask.workflows.gemini_services import GEMINI, add_belt, ask, asking, small_belt
from tests.gemini_server import GeminiServer

LEFT: Line = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
RIGHT: Line = ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0))
ALL: Line = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
NUMBER = 2
"""A small belt with three parts, of which the last lies in the right half."""
COUNTED = ["part 0", "part 1"]


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer(truth=[small_belt(NUMBER)[1]]) as running:
        yield running


@pytest.fixture
def services(server: GeminiServer, tables_url: str) -> Iterator[Services]:
    with asking(server, database_url=SecretStr(tables_url), gemini_requests=1) as opened:
        yield opened


@pytest.fixture
def project(services: Services) -> Project:
    return create_project("Line 1", services=services)


@pytest.fixture
def image(project: Project, services: Services) -> Image:
    return add_belt(NUMBER, project.id, services)


def problems(result: DetectionResult) -> list[Problem]:
    return [problem for kept in result.replies for problem in kept.problems]


def found(result: DetectionResult) -> list[str]:
    return sorted(prediction.finding.label for prediction in result.predictions)


def test_a_region_is_kept_and_the_newest_one_holds(project: Project, services: Services) -> None:
    assert belt_region_of(project.id, services=services) is None
    for region in (BeltRegion((LEFT,)), BeltRegion((LEFT, RIGHT), (RIGHT,))):
        change_belt_region(project.id, region, services=services)
        assert belt_region_of(project.id, services=services) == region
    rings = region_rings(project.id, (200, 100), services=services)
    assert rings.belt[0].tolist() == [[0, 0], [100, 0], [100, 100], [0, 100]]
    assert len(rings.ignored) == 1
    change_belt_region(project.id, BeltRegion(), services=services)
    assert belt_region_of(project.id, services=services) is None


def test_corners_beyond_the_picture_are_moved_into_it(project: Project, services: Services) -> None:
    wide: Line = ((-0.2, 0.1), (1.3, 0.1), (0.5, 1.7))
    kept = change_belt_region(project.id, BeltRegion((wide,)), services=services)
    assert kept.belt == (((0.0, 0.1), (1.0, 0.1), (0.5, 1.0)),)


@pytest.mark.parametrize("region", [BeltRegion((LEFT,), (LEFT,)), BeltRegion(ignored=(ALL,))])
def test_a_region_that_leaves_nothing_is_refused(
    region: BeltRegion, project: Project, services: Services
) -> None:
    with pytest.raises(SettingsError, match="less than a hundredth"):
        change_belt_region(project.id, region, services=services)
    assert belt_region_of(project.id, services=services) is None


def test_who_may_not_change_it_is_stopped(
    project: Project, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permission, "allowed", lambda *_: False)
    with pytest.raises(NotAllowedError, match="change the belt region"):
        change_belt_region(project.id, BeltRegion((LEFT,)), services=services)


def test_a_run_heeds_the_region_and_says_what_it_left_out(
    image: Image, project: Project, services: Services
) -> None:
    change_belt_region(project.id, BeltRegion(ignored=(RIGHT,)), services=services)
    [result] = ask([image], services)
    assert found(result) == COUNTED
    assert [problem.kind for problem in problems(result)] == [OUTSIDE]
    assert result.belt == BeltRegion(ignored=(RIGHT,))


def test_a_reading_heeds_the_region_of_its_run_and_not_a_later_one(
    image: Image, project: Project, services: Services
) -> None:
    change_belt_region(project.id, BeltRegion(ignored=(RIGHT,)), services=services)
    [result] = ask([image], services)
    change_belt_region(project.id, BeltRegion(), services=services)
    [difference] = apply_rereading([image.id], services=services)
    assert not difference.anything
    with services.store.write() as records:  # as if an older parser had found nothing
        records.replies.add_problems(result.task.id, [Problem("old", as_said("said no more"))])
    [difference] = apply_rereading([image.id], services=services)
    assert (difference.gained, difference.lost, difference.gone) == (0, 0, ("old",))
    again = result_of(image.id, services=services)
    assert again is not None
    assert again.task.id != result.task.id
    assert (found(again), again.belt) == (COUNTED, result.belt)
    assert [problem.kind for problem in problems(again)] == [OUTSIDE]


def test_a_new_region_is_another_question_only_where_it_changes_what_is_sent(
    image: Image, project: Project, services: Services, server: GeminiServer
) -> None:
    ask([image], services)
    change_belt_region(project.id, BeltRegion(ignored=(RIGHT,)), services=services)
    [result] = ask([image], services)
    assert result.from_cache
    assert found(result) == COUNTED
    change_belt_region(project.id, BeltRegion((LEFT,)), services=services)
    before = len(server.requests)
    ask([image], services)
    assert len(server.requests) == before + 1


def test_the_command_line_heeds_the_region_of_a_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with GeminiServer(truth=[small_belt(NUMBER)[1]]) as server:
        monkeypatch.setenv("GEMINI_API_KEY", "any")
        monkeypatch.setenv("BELTMASK_GEMINI_BASE_URL", server.url)
        with asking(server) as services:
            project = create_project("Line 1", services=services)
            region = BeltRegion(ignored=(RIGHT,))
            change_belt_region(project.id, region, services=services)
        path = tmp_path / "belt.png"
        path.write_bytes(encode_png(small_belt(NUMBER)[0]))
        common = ["detect", str(path), "--detector", "gemini", "--query", GEMINI.query]
        assert main([*common, "--out", str(tmp_path / "all")]) == 0
        assert main([*common, "--project", "line 1", "--out", str(tmp_path / "some")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "belt.png: 3 objects",
        "belt.png: 2 objects, 1 outside the belt",
    ]
