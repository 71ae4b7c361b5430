"""What a detector has said to one task, while it is said and when it is complete."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from beltmask.detectors.base import (
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ProblemFound,
    ReplyFinished,
    RequestSent,
    TryFailed,
)
from beltmask.messages import Message
from beltmask.model import Finding, Problem, Reply, Task


@dataclass(frozen=True, slots=True, eq=False)
class PartialAnswer:
    """What a detector has told to a task that is not over, at one moment.

    ``version`` grows whenever the findings change. ``trouble`` is why the last request, the
    ``requests``-th, is being sent again; None while it is not.
    """

    task: Task
    findings: Sequence[Finding]
    version: int
    requests: int
    trouble: Message | None


@dataclass(slots=True)
class TaskAnswer:
    """What a detector has said to one task so far. Others may look while it is taken."""

    replies: list[tuple[Reply, tuple[Problem, ...]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kept: int = 0
    """So many of the replies are in the book already."""
    _problems: list[Problem] = field(default_factory=list)
    _version: int = 0
    _requests: int = 0
    _trouble: Message | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, events: Iterable[Event]) -> None:
        """Collect events; what came before an error is kept."""
        for event in events:
            with self._lock:
                self._note(event)

    @property
    def late(self) -> tuple[Problem, ...]:
        """Problems told after the last reply: they are about what all replies gave together."""
        return tuple(self._problems)

    def so_far(self, task: Task) -> PartialAnswer:
        with self._lock:
            findings = tuple(self.findings)
            return PartialAnswer(task, findings, self._version, self._requests, self._trouble)

    def _note(self, event: Event) -> None:
        match event:
            case ObjectFound(finding):
                self.findings.append(finding)
                self._version += 1
            case ObjectsWithdrawn():
                self.findings.clear()
                self._version += 1
            case ProblemFound(problem):
                self._problems.append(problem)
            case ReplyFinished(reply):
                self.replies.append((reply, tuple(self._problems)))
                self._problems.clear()
            case RequestSent():
                self._requests, self._trouble = self._requests + 1, None
            case TryFailed(why):
                self._trouble = why
