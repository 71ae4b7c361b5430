"""Kill the server again and again while people review and a run detects; count what is lost.

``python -m tests.soak [--seconds 300] [--kills 10] [--seed 1] [--database sqlite]``. Scripted
people draw in real Chromium tabs; the server is killed without a word, the disk is full for a
while, PostgreSQL breaks down. In the end nothing a person drew may be missing or there twice, and
every picture of the run is answered once. Exit code 1 when anything is.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from playwright.sync_api import Browser, expect

from beltmask.model import Image
from beltmask.workflows.projects import create_project
from tests.beltmask.workflows.gemini_services import GEMINI, add_belt, small_belt
from tests.browser.chromium import chromium
from tests.gemini_server import GeminiServer
from tests.gemini_truth import KnownPicture
from tests.soak.installation import Installation, installed
from tests.soak.ledger import Ledger, tell
from tests.soak.people import SoakPerson, pictures_to_review
from tests.soak.troubles import Troubles

RUN_LENGTH = 60
PAUSE = 0.2
"""Between the pieces of a reply, in seconds: the run is under way all the time."""
PATIENCE = 180
"""Seconds until all is saved and answered after the last trouble."""


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    kinds = [chosen.database] if chosen.database else ["sqlite", "postgresql"]
    lost = 0
    expect.set_options(timeout=PATIENCE * 1000)
    with chromium() as browser, GeminiServer(truth=map(_truth, range(RUN_LENGTH))) as gemini:
        gemini.pause = PAUSE
        for number, kind in enumerate(kinds):
            kills = chosen.kills // len(kinds) + (number < chosen.kills % len(kinds))
            with installed(kind, gemini=gemini) as place:
                schedule = Troubles(
                    place,
                    kills=kills,
                    seconds=chosen.seconds / len(kinds),
                    dice=random.Random(chosen.seed + number),
                )
                lost += _soak(browser, place, schedule, gemini)
    print("nothing is missing, nothing twice" if not lost else f"{lost} missing or twice")
    return 1 if lost else 0


def _truth(number: int) -> KnownPicture:
    return small_belt(number)[1]


def _soak(browser: Browser, place: Installation, troubles: Troubles, gemini: GeminiServer) -> int:
    reviewed, asked = _prepare(place)
    place.server.start()
    people = [
        SoakPerson(
            name, browser.new_context(reduced_motion="reduce"), place.server.url, image, turn=turn
        )
        for turn, (name, image) in enumerate(zip("ABC", reviewed, strict=True))
    ]
    ledger = Ledger(place)
    thread = threading.Thread(target=troubles.make)
    thread.start()
    while thread.is_alive():
        for person in people:
            person.draw()
        ledger.look(people, after=troubles.told)
    thread.join()
    if troubles.told.count("killed") < troubles.kills:
        raise SystemExit("the server could not be started again; see above")
    for person in people:
        person.wait_until_saved()
    _wait_for_run(place, asked)
    told = ledger.close(people, asked, requests=gemini.asked)
    tell(place.kind, troubles.told, told)
    for person in people:
        person.leave()
    return told.lost


def _prepare(place: Installation) -> tuple[list[Image], list[Image]]:
    """Pictures to review, the first for two people, and a run that the server will go on with."""
    services = place.services
    reviewed = pictures_to_review(2, services=services)
    project = create_project("A run", services=services)
    asked = [add_belt(number, project.id, services) for number in range(RUN_LENGTH)]
    ids = [image.id for image in asked]
    with services.store.write() as records:
        prompt = replace(GEMINI, query=f"all foreign objects on {place.kind}")
        records.runs.add(project.id, prompt, ids, actor=services.actor)
    return [reviewed[0], *reviewed], asked


def _wait_for_run(place: Installation, asked: Sequence[Image]) -> None:
    deadline = time.monotonic() + PATIENCE
    while place.open_tasks(asked) and time.monotonic() < deadline:
        time.sleep(1)  # the run is another process's, and its rows are all there is to see of it


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="with troubles, in all")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="both if not given")
    return parser


if __name__ == "__main__":
    sys.exit(main())
