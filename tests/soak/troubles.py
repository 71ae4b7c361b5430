"""What goes wrong while people work: when, and in what order."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.soak.installation import Installation


@dataclass(slots=True)
class Troubles:
    """``kills`` of the server within about ``seconds``, and the other troubles in between.

    ``told`` says what has happened; it is read by others meanwhile. The sleeps between and during
    troubles are what is tried: people and the run work on for that long.
    """

    place: Installation
    kills: int
    seconds: float
    dice: random.Random
    told: list[str] = field(default_factory=list)

    def make(self) -> None:
        """Everything, in turn; ends when the last trouble is over."""
        between = [self._fill_the_disk]
        if self.place.postgres:
            between.append(self._break_the_database)
        steps: list[Callable[[], None]] = [self._kill] * self.kills
        for number, trouble in enumerate(between, start=1):
            steps.insert(number * len(steps) // (len(between) + 1), trouble)
        pause = self.seconds / (len(steps) + 1)
        for step in steps:
            time.sleep(pause * self.dice.uniform(0.5, 1.0))
            step()
        time.sleep(pause * 0.5)

    def _kill(self) -> None:
        self.place.server.kill()
        self.told.append("killed")
        time.sleep(self.dice.uniform(0.5, 3.0))
        self.place.server.start()

    def _fill_the_disk(self) -> None:
        self.place.disk.fill(self.place.server.pid)
        self.told.append("disk full")
        time.sleep(self.dice.uniform(5, 8))
        self.place.disk.free(self.place.server.pid)

    def _break_the_database(self) -> None:
        self.place.break_database_down()
        self.told.append("database restarted")
