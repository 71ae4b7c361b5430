"""A belt line whose pictures a run looks at, on real threads and a real store."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from beltmask.images import DEFAULT_LIMITS, read_image
from beltmask.model import (
    Actor,
    AnnotationState,
    ImageFacts,
    Project,
    Prompt,
    ReviewState,
    Task,
    TaskState,
)
from beltmask.runs import Runner
from beltmask.store.blobs import Shelf
from beltmask.store.records import Store
from beltmask.workflows.task_store import StoredTasks
from tests.beltmask.simple_detectors import BrightSpots, findings_in, spotted_belt

ANN = Actor("Ann")
PROMPT = Prompt("bright", "Detect bright spots")
HOUR = timedelta(hours=1)
WORKERS = 3
PATIENCE = 60.0


class WatchedTasks(StoredTasks):
    """The real task book, which also tells when a worker found nothing left to do."""

    def __init__(self, store: Store, lease: timedelta = HOUR) -> None:
        super().__init__(store, limits=DEFAULT_LIMITS, lease=lease)
        self.idle = threading.Semaphore(0)

    def claim(self, run_id: int) -> Task | None:
        task = super().claim(run_id)
        if task is None:
            self.idle.release()
        return task


@dataclass(frozen=True)
class Line:
    """A project with pictures in a store, and a pool of threads to work on them."""

    store: Store
    project: Project
    pool: ThreadPoolExecutor

    def add_run(self, count: int, prompt: Prompt = PROMPT) -> int:
        with self.store.write() as records:
            images = [
                records.images.add(self.project.id, self._kept(number), actor=ANN).id
                for number in range(count)
            ]
            return records.runs.add(self.project.id, prompt, images, actor=ANN).id

    def runner(self, detector: BrightSpots, tasks: StoredTasks | None = None) -> Runner:
        book = tasks or WatchedTasks(self.store)
        return Runner(book, detectors={"bright": detector}, executor=self.pool, workers=WORKERS)

    def work_off(self, run_id: int, detector: BrightSpots) -> None:
        tasks = WatchedTasks(self.store)
        self.runner(detector, tasks).start(run_id)
        for _ in range(WORKERS):
            assert tasks.idle.acquire(timeout=PATIENCE)

    def counts(self, run_id: int) -> dict[TaskState, int]:
        with self.store.read() as records:
            return dict(records.runs.progress(run_id).counts)

    def _kept(self, number: int) -> ImageFacts:
        data = spotted_belt(number, spots=number % 4)
        facts = read_image(data, name=f"belt-{number}.png").facts
        self.store.blobs.put(Shelf.ORIGINALS, facts.sha256, data)
        return facts


def check_answered(line: Line, run_id: int, *, broken_off: int = 0) -> None:
    """Every task of the run was answered once, with all that its picture shows.

    Of tasks that were broken off, the reply that had come is there too.
    """
    replies = 0
    with line.store.read() as records:
        tasks = records.runs.tasks(run_id, TaskState.DONE)
        for task in tasks:
            image = records.images.get(task.image_id)
            data = line.store.blobs.get(Shelf.ORIGINALS, image.facts.sha256)
            wanted = findings_in(read_image(data, name=image.name).pixels)
            predictions = records.predictions.of_task(task.id)
            proposals = records.annotations.of_image(image.id)
            assert [p.finding.mask for p in predictions] == [each.mask for each in wanted]
            assert [p.mask for p in proposals] == [each.mask for each in wanted]
            assert {p.state for p in proposals} <= {AnnotationState.PROPOSED}
            assert (image.review, image.object_count) == (ReviewState.PREDICTED, len(wanted))
            kept = records.replies.of_task(task.id)
            assert {one.reply.request for one in kept} == {"aa", "bb"}
            replies += len(kept)
    assert replies == 2 * len(tasks) + broken_off
