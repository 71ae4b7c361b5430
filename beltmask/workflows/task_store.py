"""The tasks of runs as the store keeps them, for ``runs.Runner``."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from beltmask.classes import class_for
from beltmask.images import ImageLimits, read_image
from beltmask.messages import Explanation
from beltmask.model import (
    THE_APP,
    Picture,
    Prediction,
    Prompt,
    Task,
    TaskState,
)
from beltmask.review import after_proposals, proposed
from beltmask.runs import TaskAnswer
from beltmask.store.blobs import Shelf
from beltmask.store.operation_log import PROPOSE
from beltmask.store.records import Records, Store
from beltmask.store.replies import KeptReply
from beltmask.workflows.history import keep_operation, new_id
from beltmask.workflows.originals import original_of
from beltmask.workflows.queue_ranks import rank_anew
from beltmask.workflows.workers import WorkerState, standing, this_worker


class StoredTasks:
    """A ``TaskBook``. ``lease`` is how long a task may be silent before others may have it.

    Others are those that cannot see whether this process is there, mostly on other machines.
    """

    def __init__(self, store: Store, *, limits: ImageLimits, lease: timedelta) -> None:
        self._store = store
        self._limits = limits
        self._lease = lease
        self._claiming = threading.Lock()

    def claim(self, run_id: int) -> Task | None:
        """Threads take turns, so that of what is tried alone only one is under way.

        Nobody is asked about an image that is in the trash by now, and a comparison whose
        budget is spent is paused.
        """
        worker = this_worker().name
        with self._claiming, self._store.write() as records:
            if records.comparisons.pause_spent(run_id):
                return None
            take = partial(records.runs.claim, run_id, worker=worker, lease=self._lease)
            task = take()
            while task is not None and records.images.get(task.image_id, lock=True).deleted_at:
                records.runs.settle(task, TaskState.CANCELLED)
                task = take()
            return task

    def left(self, run_id: int) -> bool:
        """What other processes took is queued again here, if they are gone by now."""
        self.give_back_abandoned()
        with self._store.read() as records:
            return bool(records.runs.open_to(this_worker().name, run_id=run_id))

    def renew(self, task: Task) -> None:
        with self._store.write() as records:
            records.runs.renew(task, lease=self._lease)

    def question(self, task: Task) -> tuple[Picture, Prompt]:
        with self._store.read() as records:
            image = records.images.get(task.image_id)
            run = records.runs.get(task.run_id)
        data = original_of(image, blobs=self._store.blobs)
        pixels = read_image(data, name=image.name, limits=self._limits).pixels
        picture = Picture(image.name, image.facts.sha256, pixels, run.belt)
        return picture, replace(run.prompt, repeat=task.repeat)

    def keep(self, task: Task, answer: TaskAnswer) -> None:
        """A task that somebody else has taken meanwhile is left to them, like its answer."""
        kept = self._keep_raw(answer)
        with self._store.write() as records:
            if records.runs.renew(task, lease=self._lease):
                _add_replies(records, task, kept)
        answer.kept = len(answer.replies)

    def finish(self, task: Task, answer: TaskAnswer) -> None:
        """Keep replies and predictions, and propose annotations, in one transaction.

        Of a comparison nothing is proposed: it measures, and the truth stays as it is.

        An answer to a task that somebody else has taken meanwhile is left to them.
        """
        kept = self._keep_raw(answer)
        with self._store.write() as records:
            if not records.runs.settle(task, TaskState.DONE):
                return
            _add_replies(records, task, kept)
            records.replies.add_problems(task.id, answer.late)
            predictions = records.predictions.add(task.id, task.image_id, answer.findings)
            if not records.runs.is_measured(task.run_id):
                propose(records, task.image_id, predictions, detail={"run": task.run_id})
                rank_anew(records, task.image_id)

    def fail(self, task: Task, answer: TaskAnswer, error: Explanation) -> None:
        kept = self._keep_raw(answer)
        with self._store.write() as records:
            if records.runs.settle(task, TaskState.FAILED, error=error):
                _add_replies(records, task, kept)
                if not records.runs.is_measured(task.run_id):
                    rank_anew(records, task.image_id)

    def give_back_abandoned(self) -> Sequence[int]:
        """Queue again what processes that are gone had taken; returns the runs left to do.

        A picture with which process after process ended is put aside.
        """
        with self._store.write() as records:
            workers = {name: self._standing(name) for name in records.runs.workers()}
            gone, unsure = (
                [name for name, what in workers.items() if what is wanted]
                for wanted in (WorkerState.GONE, WorkerState.UNSURE)
            )
            for image_id in records.runs.give_back(gone, unsure=unsure):
                rank_anew(records, image_id)
            return records.runs.unfinished()

    def open_runs(self) -> Sequence[int]:
        """Runs that are not over, but for what this process is at."""
        with self._store.read() as records:
            return records.runs.open_to(this_worker().name)

    def _standing(self, worker: str) -> WorkerState:
        return standing(worker, one_machine=self._store.database.is_local)

    def _keep_raw(self, answer: TaskAnswer) -> list[KeptReply]:
        """The replies that are not in the book yet, their words in the blobs."""
        blobs = self._store.blobs
        return [
            KeptReply(
                blobs.keep(Shelf.REPLIES, reply.raw.encode("utf-8", "surrogatepass")),
                reply,
                problems,
            )
            for reply, problems in answer.replies[answer.kept :]
        ]


def propose(
    records: Records,
    image_id: int,
    predictions: Sequence[Prediction],
    *,
    detail: dict[str, int],
) -> None:
    """Put predictions before the reviewer, as one operation that can be undone."""
    image = records.images.get(image_id, lock=True)
    existing = records.annotations.of_image(image_id)
    classes = records.classes.of_project(image.project_id)
    class_of = partial(class_for, classes=classes)
    changes = proposed(existing, predictions, class_of=class_of, new_id=new_id)
    review = after_proposals(image.review, changes)
    if not changes and review is image.review:
        return
    keep_operation(records, image, PROPOSE, changes, actor=THE_APP, review=review, detail=detail)


def _add_replies(records: Records, task: Task, kept: Sequence[KeptReply]) -> None:
    """After those the task has; what it takes up again after a break, it has already."""
    held = records.replies.of_task(task.id)
    paid = {(one.reply.request, one.reply.region) for one in held if not one.reply.cached}
    fresh = [
        one
        for one in kept
        if not one.reply.cached or (one.reply.request, one.reply.region) not in paid
    ]
    for number, reply in enumerate(fresh, start=len(held) + 1):
        records.replies.add(task.id, reply, number=number)
