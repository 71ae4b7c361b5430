"""Runs in the background: tasks are taken from a book, answered by a detector, written back.

The page that started a run is not needed for it to go on. Whatever ends the process loses at
most the requests under way: their tasks are queued again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Protocol

from beltmask.detectors.base import (
    Detector,
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ProblemFound,
    ReplyFinished,
    RequestSent,
)
from beltmask.errors import BeltMaskError, SettingsError, StoreError
from beltmask.model import Finding, Picture, Problem, Prompt, Reply, Task

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Answer:
    """What a detector has said to one task so far."""

    replies: list[tuple[Reply, tuple[Problem, ...]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _problems: list[Problem] = field(default_factory=list)

    def take(self, events: Iterable[Event]) -> None:
        """Collect events; what came before an error is kept."""
        for event in events:
            match event:
                case ObjectFound(finding):
                    self.findings.append(finding)
                case ObjectsWithdrawn():
                    self.findings.clear()
                case ProblemFound(problem):
                    self._problems.append(problem)
                case ReplyFinished(reply):
                    self.replies.append((reply, tuple(self._problems)))
                    self._problems.clear()
                case RequestSent():
                    pass


class TaskBook(Protocol):
    """Where tasks are kept. Each call is one transaction."""

    def claim(self, run_id: int) -> Task | None: ...

    def question(self, task: Task) -> tuple[Picture, Prompt]: ...

    def finish(self, task: Task, answer: Answer) -> None: ...

    def fail(self, task: Task, answer: Answer, error: str) -> None: ...


class Runner:
    """Works off runs on an executor, ``workers`` tasks at a time.

    One call answers one task and then asks for the next, so an executor that is shut down
    ends a run after the tasks under way, not after all of them.
    """

    def __init__(
        self,
        book: TaskBook,
        *,
        detectors: Mapping[str, Detector],
        executor: Executor,
        workers: int,
    ) -> None:
        self._book = book
        self._detectors = detectors
        self._executor = executor
        self._workers = workers

    def start(self, run_id: int) -> None:
        for _ in range(self._workers):
            self._submit(run_id)

    def answer_next(self, run_id: int) -> bool:
        """Answer one task of a run here and now; False when none is left."""
        task = self._book.claim(run_id)
        if task is None:
            return False
        answer = Answer()
        error: str | None = "an unexpected error; the log has the details"
        try:
            self._ask(task, answer)
            self._book.finish(task, answer)
            error = None
        except BeltMaskError as expected:
            error = expected.explanation
        finally:
            if error is not None:
                self._book.fail(task, answer, error)
        return True

    def _ask(self, task: Task, answer: Answer) -> None:
        picture, prompt = self._book.question(task)
        detector = self._detectors.get(prompt.detector)
        if detector is None:
            hint = "Choose another detector."
            raise SettingsError(f'there is no detector "{prompt.detector}"', hint=hint)
        answer.take(detector.detect(picture, prompt))

    def _submit(self, run_id: int) -> None:
        try:
            future = self._executor.submit(self.answer_next, run_id)
        except RuntimeError:  # the executor has been shut down: the next start goes on
            log.info("run %s goes on at the next start", run_id)
            return
        future.add_done_callback(lambda done: self._next(run_id, done))

    def _next(self, run_id: int, done: Future[bool]) -> None:
        if done.cancelled():
            return
        bug = done.exception()
        if isinstance(bug, StoreError):  # asking on and on would not bring the store back
            log.error("run %s waits for the next start: %s", run_id, bug.explanation)
        elif bug is not None:
            log.error("run %s: a task met a bug", run_id, exc_info=bug)
            self._submit(run_id)
        elif done.result():
            self._submit(run_id)
