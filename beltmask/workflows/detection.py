"""Ask a detector about images, watch it work, and look at what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from beltmask.errors import NotFoundError
from beltmask.messages import Explanation, Message
from beltmask.model import BeltRegion, Prediction, Prompt, Run, Task, TaskState
from beltmask.names import several_lines
from beltmask.runs import PartialAnswer
from beltmask.store.answers import AnswerLine
from beltmask.store.blobs import Shelf
from beltmask.store.progress import Progress
from beltmask.store.records import Records
from beltmask.store.replies import KeptReply
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

__all__ = [
    "AnswerLine",
    "DetectionResult",
    "KeptReply",
    "PartialAnswer",
    "Progress",
    "UnderWay",
]


@dataclass(frozen=True, slots=True, eq=False)
class DetectionResult:
    """What a task found on an image, what it was asked, and where objects counted."""

    task: Task
    prompt: Prompt
    belt: BeltRegion | None
    predictions: Sequence[Prediction]
    replies: Sequence[KeptReply]

    @property
    def from_cache(self) -> bool:
        """Whether nothing was sent for it."""
        return bool(self.replies) and all(kept.reply.cached for kept in self.replies)

    @property
    def problem_count(self) -> int:
        return sum(len(reply.problems) for reply in self.replies)


@dataclass(frozen=True, slots=True, eq=False)
class UnderWay:
    """An image that is being asked about, or will be.

    ``so_far`` is None while it waits its turn, and when another process asks.
    """

    task: Task
    so_far: PartialAnswer | None


def start_run(
    prompt: Prompt, image_ids: Sequence[int], *, services: Services, again: bool = False
) -> Run:
    """Ask about every image that is not in the trash, all of one project, in the background.

    A question answered before is answered from what was kept, unless it is asked ``again``.

    Raises:
        NotFoundError: There is no image, or one is not there any more, or in another project,
            or all of them are in the trash.
    """
    if not image_ids:
        raise NotFoundError(Message("runs.no_picture"), hint=Message("runs.choose_pictures"))
    prompt = replace(prompt, query=several_lines(prompt.query))
    with services.store.write() as records:
        project_id = records.images.get(image_ids[0]).project_id
        require(services.actor, Action.DETECT, project_id)
        gone = records.images.in_trash(image_ids)
        asked = [each for each in image_ids if each not in gone]
        if not asked:
            hint = Message("runs.take_them_out")
            raise NotFoundError(Message("runs.all_in_trash"), hint=hint)
        run = records.runs.add(project_id, prompt, asked, actor=services.actor, again=again)
    services.runner.start(run.id)
    return run


def try_again(run_id: int, *, services: Services) -> Run:
    """Ask once more, in a run of their own, about the pictures of a run that failed.

    What was put aside because processes ended with it starts from nothing.

    Raises:
        NotFoundError: There is no such run, or none of its pictures failed.
    """
    with services.store.read() as records:
        run = records.runs.get(run_id)
        failed = [
            task.image_id for task in records.runs.tasks(run_id, TaskState.FAILED, limit=None)
        ]
    return start_run(run.prompt, failed, services=services)


def resume_runs(services: Services) -> None:
    """Go on with what earlier processes left, and what others may leave."""
    services.tasks.give_back_abandoned()
    for run_id in services.tasks.open_runs():
        services.runner.start(run_id)


def trouble_of(run_id: int, *, services: Services) -> Explanation | None:
    """Why a run waits, and goes on by itself when that is over; None while it does not."""
    return services.runner.trouble(run_id)


def progress_of(run_id: int, *, services: Services) -> Progress:
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, records.runs.get(run_id).project_id)
        return records.runs.progress(run_id)


def running_run(project_id: int, *, services: Services) -> int:
    """Id of the run the project is waiting for, whoever started it; 0 without one."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.runs.running(project_id)


def cancel_run(run_id: int, *, services: Services) -> None:
    """Start nothing more; a request under way ends by itself.

    Raises:
        NotFoundError: There is no such run.
    """
    with services.store.write() as records:
        require(services.actor, Action.DETECT, records.runs.get(run_id).project_id)
        records.runs.cancel(run_id)


def failures_of(run_id: int, *, services: Services) -> list[Task]:
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, records.runs.get(run_id).project_id)
        return records.runs.tasks(run_id, TaskState.FAILED)


def result_of(image_id: int, *, services: Services) -> DetectionResult | None:
    """The newest answer about an image; None when it was never asked."""
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, records.images.get(image_id).project_id)
        task = records.runs.latest_task(image_id)
        return None if task is None else _result(records, task)


def usable_result_of(image_id: int, *, services: Services) -> DetectionResult | None:
    """The newest answer that did not fail; None without one."""
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, records.images.get(image_id).project_id)
        task = records.runs.latest_task(image_id, states=(TaskState.DONE,))
        return None if task is None else _result(records, task)


def answer_of(task_id: int, *, services: Services) -> DetectionResult:
    """One answer of the list.

    Raises:
        NotFoundError: There is no such task.
    """
    with services.store.read() as records:
        task = records.answers.task(task_id)
        project_id = records.images.get(task.image_id).project_id
        require(services.actor, Action.SEE_IMAGES, project_id)
        return _result(records, task)


def answers_about(
    image_id: int, *, services: Services, limit: int, before: int | None = None
) -> list[AnswerLine]:
    """The answers about an image, newest first; ``before`` is the id of a task to go on from."""
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, records.images.get(image_id).project_id)
        return records.answers.of_image(image_id, limit=limit, before=before)


def under_way(image_id: int, *, services: Services) -> UnderWay | None:
    """What is being found on an image just now; None when nobody asks or will ask."""
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, records.images.get(image_id).project_id)
    so_far = services.runner.so_far(image_id)
    if so_far is not None:
        return UnderWay(so_far.task, so_far)
    with services.store.read() as records:  # only now: an answer is in the store before it is over
        for state in (TaskState.RUNNING, TaskState.QUEUED):
            task = records.runs.latest_task(image_id, states=(state,))
            if task is not None:
                return UnderWay(task, None)
    return None


def raw_text(reply: KeptReply, *, services: Services) -> str:
    """The reply word for word."""
    data = services.store.blobs.get(Shelf.REPLIES, reply.raw_sha256)
    return data.decode("utf-8", "surrogatepass")


def _result(records: Records, task: Task) -> DetectionResult:
    run = records.runs.get(task.run_id)
    predictions = records.predictions.of_task(task.id)
    return DetectionResult(
        task, run.prompt, run.belt, predictions, records.replies.of_task(task.id)
    )
