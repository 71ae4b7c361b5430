"""Runs in the background: tasks are taken from a book, answered by a detector, written back.

The page that started a run is not needed for it to go on. Whatever ends the process loses at
most the requests under way: their tasks are queued again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
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
    TryFailed,
)
from beltmask.errors import BeltMaskError, SettingsError, StoreError
from beltmask.model import Finding, Picture, Problem, Prompt, Reply, Task

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class SoFar:
    """What a detector has told to a task that is not over, at one moment.

    ``version`` grows whenever the findings change. ``trouble`` is why the last request, the
    ``requests``-th, is being sent again; "" while it is not.
    """

    task: Task
    findings: Sequence[Finding]
    version: int
    requests: int
    trouble: str


@dataclass(slots=True)
class Answer:
    """What a detector has said to one task so far. Others may look while it is taken."""

    replies: list[tuple[Reply, tuple[Problem, ...]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    kept: int = 0
    """So many of the replies are in the book already."""
    _problems: list[Problem] = field(default_factory=list)
    _version: int = 0
    _requests: int = 0
    _trouble: str = ""
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

    def so_far(self, task: Task) -> SoFar:
        with self._lock:
            findings = tuple(self.findings)
            return SoFar(task, findings, self._version, self._requests, self._trouble)

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
                self._requests, self._trouble = self._requests + 1, ""
            case TryFailed(why):
                self._trouble = why


class TaskBook(Protocol):
    """Where tasks are kept. Each call is one transaction."""

    def claim(self, run_id: int) -> Task | None: ...

    def question(self, task: Task) -> tuple[Picture, Prompt]: ...

    def keep(self, task: Task, answer: Answer) -> None:
        """Write down the replies that came since the last time; the task goes on."""
        ...

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
        self._at_work: list[tuple[Task, Answer]] = []
        self._lock = threading.Lock()

    def start(self, run_id: int) -> None:
        for _ in range(self._workers):
            self._submit(run_id)

    def answer_next(self, run_id: int) -> bool:
        """Answer one task of a run here and now; False when none is left."""
        task = self._book.claim(run_id)
        if task is None:
            return False
        answer = Answer()
        with self._seen(task, answer):
            self._answer(task, answer)
        return True

    def so_far(self, image_id: int) -> SoFar | None:
        """What has been told about an image; None while this process is not asking about it."""
        with self._lock:
            asked = [pair for pair in self._at_work if pair[0].image_id == image_id]
        if not asked:
            return None
        task, answer = asked[-1]
        return answer.so_far(task)

    @contextmanager
    def _seen(self, task: Task, answer: Answer) -> Iterator[None]:
        """Let others look at an answer until the book has it."""
        pair = (task, answer)
        with self._lock:
            self._at_work.append(pair)
        try:
            yield
        finally:
            with self._lock:
                self._at_work = [other for other in self._at_work if other is not pair]

    def _answer(self, task: Task, answer: Answer) -> None:
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

    def _ask(self, task: Task, answer: Answer) -> None:
        picture, prompt = self._book.question(task)
        detector = self._detectors.get(prompt.detector)
        if detector is None:
            hint = "Choose another detector."
            raise SettingsError(f'there is no detector "{prompt.detector}"', hint=hint)
        answer.take(self._kept(detector.detect(picture, prompt), task, answer))

    def _kept(self, events: Iterable[Event], task: Task, answer: Answer) -> Iterator[Event]:
        """The events; what a reply said and cost is in the book before the next request."""
        for event in events:
            yield event
            if isinstance(event, ReplyFinished):
                self._book.keep(task, answer)

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
