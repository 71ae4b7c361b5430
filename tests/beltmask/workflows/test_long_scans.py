"""Small things on a line scan: what one look misses, tiles find."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from beltmask.model import Tiling
from beltmask.workflows.projects import create_project
from tests.beltmask.workflows.gemini_services import GEMINI, ask, asking
from tests.beltmask.workflows.line_scans import LineScan, long_scan
from tests.gemini_server import GeminiServer

SIDE = 1024
NO_WEIGHTS = Path("no weights")


@pytest.fixture(scope="module")
def scan() -> LineScan:
    """6,000 x 2,000 pixels."""
    return long_scan()


def test_tiles_find_what_one_look_misses_and_suspects_ask_fewer(scan: LineScan) -> None:
    hits, requests = {}, {}
    with (
        GeminiServer(truth=scan.views(SIDE)) as server,
        asking(server, weights=NO_WEIGHTS) as services,
    ):
        image = scan.add_to(create_project("Line 1", services=services).id, services)
        for tiling in Tiling:
            wish = replace(GEMINI, tiling=tiling, image_side=SIDE)
            [result] = ask([image], services, prompt=wish)
            hits[tiling] = scan.hits([one.finding for one in result.predictions])
            requests[tiling] = len(result.replies)
    assert hits[Tiling.WHOLE] <= 2
    assert 2 < hits[Tiling.SUSPECTS] < hits[Tiling.TILES]
    assert hits[Tiling.TILES] >= 12
    assert requests[Tiling.WHOLE] == 1 < requests[Tiling.SUSPECTS] < requests[Tiling.TILES] == 24
