"""Answers of several replies read again, each where it looked, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from beltmask.detectors.replies import reader
from beltmask.detectors.tiling import tiles_of
from beltmask.model import Image, Tiling
from beltmask.workflows.detection import DetectionResult, result_of
from beltmask.workflows.projects import create_project
from beltmask.workflows.reparse import Difference, reread_project
from beltmask.workflows.services import Services
from tests.beltmask.workflows.gemini_services import GEMINI, add_belt, ask, asking, small_belt
from tests.beltmask.workflows.line_scans import short_scan
from tests.gemini_server import GeminiServer

SIDE = 300
SCAN = short_scan()
TILED = replace(GEMINI, tiling=Tiling.TILES, image_side=SIDE)


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer(truth=[*SCAN.views(SIDE), small_belt(1)[1]]) as running:
        yield running


@pytest.fixture
def services(server: GeminiServer, tables_url: str) -> Iterator[Services]:
    with asking(server, database_url=SecretStr(tables_url)) as opened:
        yield opened


@pytest.fixture
def line(services: Services) -> Image:
    return SCAN.add_to(create_project("Line 1", services=services).id, services)


@pytest.fixture
def belt(services: Services) -> Image:
    return add_belt(1, create_project("Belt 3", services=services).id, services)


def reread(image: Image, services: Services, *, apply: bool = False) -> Difference:
    [difference] = reread_project(image.project_id, services=services, apply=apply)
    return difference


def newest(image: Image, services: Services) -> DetectionResult:
    result = result_of(image.id, services=services)
    assert result is not None
    return result


def said(result: DetectionResult) -> list[tuple[object, ...]]:
    findings = [prediction.finding for prediction in result.predictions]
    return [(one.label, one.box, one.mask, one.mask_source) for one in findings]


@pytest.fixture
def short_sighted() -> Iterator[pytest.MonkeyPatch]:
    """A parser that has not learned yet to read more than one object; ``undo`` teaches it."""
    with pytest.MonkeyPatch.context() as parser:
        parser.setattr(reader, "MAX_OBJECTS", 1)
        yield parser


def test_tiles_are_read_where_they_lie_and_joined(
    short_sighted: pytest.MonkeyPatch, line: Image, services: Services
) -> None:
    [old] = ask([line], services, prompt=TILED)
    short_sighted.undo()
    difference = reread(line, services, apply=True)
    assert (difference.gained, difference.lost) == (1, 0)
    assert "over_limit" in difference.sentence
    new = newest(line, services)
    assert new.task.run_id != old.task.run_id
    assert [kept.reply.region for kept in new.replies] == tiles_of(SCAN.size, SIDE)
    assert not reread(line, services).anything
    [live] = ask([line], services, prompt=TILED)
    assert live.from_cache
    assert said(new) == said(live)
    assert len(said(new)) == len(SCAN.objects)


def test_a_suspect_seen_only_now_counts_as_it_was_seen_from_afar(
    short_sighted: pytest.MonkeyPatch, line: Image, services: Services
) -> None:
    """Nobody looked at its tile, and reading again asks nothing."""
    prompt = replace(TILED, tiling=Tiling.SUSPECTS)
    [old] = ask([line], services, prompt=prompt)
    assert [kept.reply.region for kept in old.replies] == [None, tiles_of(SCAN.size, SIDE)[0]]
    short_sighted.undo()
    assert reread(line, services, apply=True).gained == 3
    labels = {finding.finding.label for finding in newest(line, services).predictions}
    assert labels == {one.label for one in SCAN.objects}


@pytest.mark.parametrize("tiling", list(Tiling))
def test_a_parser_that_has_learned_nothing_changes_no_tile(
    line: Image, services: Services, tiling: Tiling
) -> None:
    ask([line], services, prompt=replace(TILED, tiling=tiling))
    assert reread(line, services).sentence.endswith("nothing would change")


def test_a_picture_with_tiles_nobody_answered_is_left_alone(
    line: Image, services: Services, server: GeminiServer
) -> None:
    server.faults.extend(["", "", "429-day"])
    ask([line], services, prompt=TILED)
    assert "2 of its tiles were never answered" in reread(line, services, apply=True).sentence
    assert not newest(line, services).predictions


@pytest.mark.parametrize("fault", ["blocked", "prose"])
def test_a_picture_with_a_tile_nobody_can_read_is_left_alone(
    line: Image, services: Services, server: GeminiServer, fault: str
) -> None:
    server.faults.extend(["", *[fault] * 3])
    ask([line], services, prompt=TILED)
    assert "still unreadable" in reread(line, services, apply=True).sentence


@pytest.mark.parametrize(
    "faults", [["half"], ["half", "prose", "prose"], ["loop_true"], ["tokens", "half"]]
)
def test_of_second_asks_the_best_counts_as_it_did_live(
    belt: Image, services: Services, server: GeminiServer, faults: list[str]
) -> None:
    server.faults.extend(faults)
    [result] = ask([belt], services, prompt=replace(GEMINI, object_cap=3))
    assert len(result.replies) > 1
    assert result.predictions
    assert reread(belt, services).sentence.endswith("nothing would change")


def test_a_reply_is_held_to_the_cap_it_was_asked_with(
    belt: Image, services: Services, server: GeminiServer
) -> None:
    server.faults.append("prose")
    [result] = ask([belt], services, prompt=replace(GEMINI, object_cap=3))
    assert [kept.reply.object_cap for kept in result.replies] == [3, 2]
    assert "at_object_cap" in {problem.kind for problem in result.replies[1].problems}
    assert reread(belt, services).sentence.endswith("nothing would change")
