"""Runs in the background: tasks are taken from a book, answered by a detector, written back.

The page that started a run is not needed for it to go on. Whatever ends the process loses at
most the requests under way: their tasks are queued again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from beltmask.detectors.base import Detector, Event, ReplyFinished
from beltmask.errors import (
    BeltMaskError,
    DatabaseUnavailableError,
    SettingsError,
    StorageUnavailableError,
    StoreError,
)
from beltmask.messages import Explanation, Message
from beltmask.model import Picture, Prompt, Task
from beltmask.task_answers import PartialAnswer, TaskAnswer

__all__ = ["PartialAnswer", "Runner", "TaskAnswer", "TaskBook"]

BEAT = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds."""

_AWAY = (DatabaseUnavailableError, StorageUnavailableError)
"""What says nothing of a task: the same call may go well later."""

log = logging.getLogger(__name__)


class TaskBook(Protocol):
    """Where tasks are kept. Each call is one transaction."""

    def claim(self, run_id: int) -> Task | None: ...

    def left(self, run_id: int) -> bool:
        """Whether there may be a task later, when there is none now."""
        ...

    def question(self, task: Task) -> tuple[Picture, Prompt]: ...

    def renew(self, task: Task) -> None:
        """Let others know that the task is still under way."""
        ...

    def keep(self, task: Task, answer: TaskAnswer) -> None:
        """Write down the replies that came since the last time; the task goes on."""
        ...

    def finish(self, task: Task, answer: TaskAnswer) -> None: ...

    def fail(self, task: Task, answer: TaskAnswer, error: Explanation) -> None: ...


def wait_aside(seconds: float, call: Callable[[], None]) -> None:
    """Call later, on a thread that keeps nobody from ending the process."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


@dataclass(slots=True, eq=False)
class _HeldTask:
    """A task this process has, until the book knows how it ended.

    ``error`` is why it failed; None as long as it has not.
    """

    task: Task
    answer: TaskAnswer = field(default_factory=TaskAnswer)
    asked: bool = False
    error: Explanation | None = None


@dataclass(slots=True)
class _Chain:
    """Executor calls of one run, of which each submits the next."""

    run_id: int
    held: _HeldTask | None = None
    last_pause: float = 0.0

    def pause(self) -> float:
        """Seconds, longer each time in a row."""
        self.last_pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, 2 * self.last_pause))
        return self.last_pause

    def no_pause(self) -> float:
        self.last_pause = 0.0
        return 0.0


class Runner:
    """Works off runs on an executor, ``workers`` tasks at a time.

    One call answers one task and then asks for the next, so an executor that is shut down
    ends a run after the tasks under way, not after all of them. While the book cannot be read or
    written, calls pause: an answer waits in memory until the book takes it.
    """

    def __init__(
        self,
        book: TaskBook,
        *,
        detectors: Mapping[str, Detector],
        executor: Executor,
        workers: int,
        later: Callable[[float, Callable[[], None]], None] = wait_aside,
    ) -> None:
        """``later`` makes a call after some seconds."""
        self._book = book
        self._detectors = detectors
        self._executor = executor
        self._workers = workers
        self._later = later
        self._at_work: list[_HeldTask] = []
        self._troubles: dict[int, Explanation] = {}
        self._beats = False
        self._stopped = False
        self._lock = threading.Lock()

    def start(self, run_id: int) -> None:
        for _ in range(self._workers):
            self._submit(_Chain(run_id))

    def stop(self) -> None:
        """Start nothing more."""
        self._stopped = True

    def answer_next(self, run_id: int) -> bool:
        """Answer one task of a run here and now; False when none is left for now."""
        chain = _Chain(run_id)
        try:
            return self._go_on(chain)
        finally:
            self._let_go(chain)

    def so_far(self, image_id: int) -> PartialAnswer | None:
        """What has been told about an image; None while this process is not asking about it."""
        with self._lock:
            asked = [held for held in self._at_work if held.task.image_id == image_id]
        return asked[-1].answer.so_far(asked[-1].task) if asked else None

    def trouble(self, run_id: int) -> Explanation | None:
        """Why a run waits before it goes on; None while it does not."""
        return self._troubles.get(run_id)

    def _go_on(self, chain: _Chain) -> bool:
        """Answer the next task, or write down what could not be written before."""
        chain.held = chain.held or self._taken(chain.run_id)
        if chain.held is None:
            return False
        try:
            if chain.held.error is None:
                self._answer(chain.held)
        finally:
            if chain.held.error is not None:
                self._book.fail(chain.held.task, chain.held.answer, chain.held.error)
        self._let_go(chain)
        return True

    def _taken(self, run_id: int) -> _HeldTask | None:
        task = self._book.claim(run_id)
        if task is None:
            return None
        held = _HeldTask(task)
        with self._lock:
            self._at_work.append(held)
            first, self._beats = not self._beats, True
        if first:
            self._later(BEAT, self._beat)
        return held

    def _let_go(self, chain: _Chain) -> None:
        with self._lock:
            self._at_work = [held for held in self._at_work if held is not chain.held]
        chain.held = None

    def _answer(self, held: _HeldTask) -> None:
        held.error = Explanation(Message("errors.unexpected"))
        try:
            if not held.asked:
                self._ask(held)
            self._book.finish(held.task, held.answer)
            held.error = None
        except _AWAY:
            held.error = None
            raise
        except BeltMaskError as expected:
            held.error = expected.explained

    def _ask(self, held: _HeldTask) -> None:
        if held.answer.replies:  # of an asking that was broken off; what was paid for is kept
            self._book.keep(held.task, held.answer)
            held.answer = TaskAnswer()
        picture, prompt = self._book.question(held.task)
        detector = self._detectors.get(prompt.detector)
        if detector is None:
            hint = Message("runs.choose_another_detector")
            raise SettingsError(Message("runs.no_detector", name=prompt.detector), hint=hint)
        held.answer.take(self._kept(detector.detect(picture, prompt), held))
        held.asked = True

    def _kept(self, events: Iterable[Event], held: _HeldTask) -> Iterator[Event]:
        """The events; what a reply said and cost is in the book before the next request."""
        for event in events:
            yield event
            if isinstance(event, ReplyFinished):
                with suppress(*_AWAY):  # it is kept with the next, or the last
                    self._book.keep(held.task, held.answer)

    def _beat(self) -> None:
        """Tell the book that the tasks under way are, as long as there are some."""
        with self._lock:
            tasks = [held.task for held in self._at_work]
            self._beats = bool(tasks) and not self._stopped
        if not self._beats:
            return
        for task in tasks:
            with suppress(StoreError):  # the next beat will do
                self._book.renew(task)
        self._later(BEAT, self._beat)

    def _submit(self, chain: _Chain) -> None:
        try:
            future = self._executor.submit(self._turn, chain)
        except RuntimeError:  # the executor has been shut down: the next start goes on
            log.info("run %s goes on at the next start", chain.run_id)
            return
        future.add_done_callback(lambda done: self._next(chain, done))

    def _turn(self, chain: _Chain) -> float | None:
        """One executor call: the seconds to pause before the next; None when all is over."""
        if self._go_on(chain):
            return chain.no_pause()
        return chain.pause() if self._book.left(chain.run_id) else None

    def _next(self, chain: _Chain, done: Future[float | None]) -> None:
        if done.cancelled() or self._stopped:
            return
        bug = done.exception()
        if bug is None:
            self._troubles.pop(chain.run_id, None)
            pause = done.result()
        else:
            pause = self._pause_after(bug, chain)
        if pause == 0.0:
            self._submit(chain)
        elif pause is not None:
            self._later(pause, partial(self._submit, chain))

    def _pause_after(self, bug: BaseException, chain: _Chain) -> float:
        """Seconds. What a task is still held for is done then; with a bug it never would be."""
        if isinstance(bug, StoreError):
            self._troubles[chain.run_id] = bug.explained
            log.warning("run %s waits: %s", chain.run_id, bug.explanation)
            return chain.pause()
        log.error("run %s: a task met a bug", chain.run_id, exc_info=bug)
        pause = chain.pause() if chain.held is None else chain.no_pause()
        self._let_go(chain)
        return pause
