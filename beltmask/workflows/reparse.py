"""Old replies read again, because the parser has learned: what that would change, and doing it.

Predictions never change. A new reading becomes a new run of the same prompt whose task keeps
the same raw replies; what it proposes follows the rules of any run, so human work stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from beltmask.detectors.base import Detector, EarlierAnswer, EarlierReply
from beltmask.detectors.replies.reader import PARSER_VERSION
from beltmask.errors import (
    AnswerBlockedError,
    DamagedError,
    ImageError,
    NotFoundError,
    UnansweredError,
    UnreadableReplyError,
)
from beltmask.model import BeltRegion, Finding, Image, Problem, Prompt, TaskState
from beltmask.store.images import ImageFilter
from beltmask.store.records import Records
from beltmask.store.replies import KeptReply
from beltmask.task_answers import TaskAnswer
from beltmask.workflows.detection import DetectionResult, raw_text, result_of
from beltmask.workflows.permission import Action, require
from beltmask.workflows.queue_ranks import rank_anew
from beltmask.workflows.reading_diff import compared, problems_apart
from beltmask.workflows.services import Services
from beltmask.workflows.task_store import propose

_WORKER = "rereading/0/0"


@dataclass(frozen=True, slots=True, eq=False)
class ReplyReading:
    """What an answer says now: its ``replies`` with the problems they have now, at no cost.

    ``late`` are problems about what all of them gave together.
    """

    findings: Sequence[Finding]
    replies: Sequence[KeptReply]
    late: Sequence[Problem]

    @property
    def problems(self) -> list[Problem]:
        return [*_problems(self.replies), *self.late]


@dataclass(frozen=True, slots=True)
class Difference:
    """What reading an image's last reply again would change; ``new`` and ``gone`` are problems.

    ``note`` says why the reply was left alone, when it was.
    """

    image: Image
    gained: int = 0
    lost: int = 0
    changed: int = 0
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    note: str = ""

    @property
    def anything(self) -> bool:
        return bool(self.gained or self.lost or self.changed or self.new or self.gone)

    @property
    def sentence(self) -> str:
        """For a person: all of it on one line."""
        if self.note or not self.anything:
            return f"{self.image.name}: {self.note or 'nothing would change'}"
        counts = {"gained": self.gained, "lost": self.lost, "with another shape": self.changed}
        parts = [
            f"{count} object{'s' * (count > 1)} {what}" for what, count in counts.items() if count
        ]
        parts += [f"new: {', '.join(self.new)}"] if self.new else []
        parts += [f"gone: {', '.join(self.gone)}"] if self.gone else []
        return f"{self.image.name}: {'; '.join(parts)}"


@dataclass(frozen=True, slots=True, eq=False)
class _Reread:
    """An old answer and what is read in it now; ``now`` is None when it was left alone."""

    result: DetectionResult
    difference: Difference
    now: ReplyReading | None = None


def reread_images(image_ids: Sequence[int], *, services: Services) -> Iterator[Difference]:
    """What the newest reply of each image would give now; images never asked are left out."""
    for image_id in image_ids:
        reading = _reading(image_id, services)
        if reading is not None:
            yield reading.difference


def reread_project(
    project_id: int, *, services: Services, apply: bool = False
) -> Iterator[Difference]:
    """Like ``reread_images`` for all images of a project, and with ``apply`` their new reading."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        ids = records.images.ids(ImageFilter(project_id))
    if apply:
        yield from apply_rereading(ids, services=services)
    else:
        yield from reread_images(ids, services=services)


def apply_rereading(image_ids: Sequence[int], *, services: Services) -> Iterator[Difference]:
    """Keep the new reading of every reply that gives something else now.

    There is one run for each project, prompt and belt region: what counted when it was asked
    counts now.
    """
    with services.store.read() as records:
        images = records.images.by_ids(image_ids)
    for project_id in {image.project_id for image in images.values()}:
        require(services.actor, Action.DETECT, project_id)
    runs: dict[tuple[int, Prompt, BeltRegion | None], list[_Reread]] = {}
    for image_id in image_ids:
        reading = _reading(image_id, services)
        if reading is None:
            continue
        if reading.now is not None and reading.difference.anything:
            project_id = reading.difference.image.project_id
            asked = (project_id, reading.result.prompt, reading.result.belt)
            runs.setdefault(asked, []).append(reading)
        yield reading.difference
    for (project_id, _, _), readings in runs.items():
        with services.store.write() as records:
            _keep(records, readings, project_id=project_id, services=services)


def _reading(image_id: int, services: Services) -> _Reread | None:
    result = result_of(image_id, services=services)
    detector = services.detectors.get(result.prompt.detector) if result else None
    if result is None or detector is None or not detector.traits.writes_replies:
        return None
    with services.store.read() as records:
        image = records.images.get(image_id)
    if not result.replies:
        return _Reread(result, Difference(image, note="left alone: no reply came"))
    try:
        return _difference(image, result, _read_now(result, detector, services=services))
    except (NotFoundError, DamagedError, ImageError, UnansweredError) as error:
        return _Reread(result, Difference(image, note=f"left alone: {error}"))
    except (UnreadableReplyError, AnswerBlockedError) as error:
        lost = len(result.predictions)
        note = f"it could not be read now ({error}); left alone" if lost else "still unreadable"
        return _Reread(result, Difference(image, note=note))


def _read_now(result: DetectionResult, detector: Detector, *, services: Services) -> ReplyReading:
    """
    Raises:
        DetectorError: As ``base.Detector.read`` says.
        NotFoundError, DamagedError: Bytes of the picture or of a reply are not there any more.
        ImageError: The picture cannot be decoded.
    """
    raws = [raw_text(kept, services=services) for kept in result.replies]
    earlier = tuple(
        EarlierReply(replace(kept.reply, raw=raw), kept.problems)
        for kept, raw in zip(result.replies, raws, strict=True)
    )
    complete = result.task.state is not TaskState.FAILED
    answer = TaskAnswer()
    answer.take(
        detector.read(EarlierAnswer(earlier, complete), *services.tasks.question(result.task))
    )
    names = dict(zip(raws, (kept.raw_sha256 for kept in result.replies), strict=True))
    replies = [
        KeptReply(names[reply.raw], replace(reply, raw=""), problems)
        for reply, problems in answer.replies
    ]
    return ReplyReading(answer.findings, replies, answer.late)


def _difference(image: Image, result: DetectionResult, now: ReplyReading) -> _Reread:
    before: list[Finding] = [prediction.finding for prediction in result.predictions]
    gained, lost, changed = compared(before, now.findings)
    new, gone = problems_apart(_problems(result.replies), now.problems)
    return _Reread(result, Difference(image, gained, lost, changed, new, gone), now)


def _problems(replies: Sequence[KeptReply]) -> list[Problem]:
    return [problem for kept in replies for problem in kept.problems]


def _keep(
    records: Records,
    readings: Sequence[_Reread],
    *,
    project_id: int,
    services: Services,
) -> None:
    """A run that is over before anybody sees it; images asked again meanwhile are left alone, and
    so are those in the trash.
    """
    records.images.hold(reading.result.task.image_id for reading in readings)
    in_use = records.images.by_ids(reading.result.task.image_id for reading in readings)
    current = [
        reading
        for reading in readings
        if _still_newest(records, reading)
        and in_use[reading.result.task.image_id].deleted_at is None
    ]
    ids = [reading.result.task.image_id for reading in current]
    if not ids:
        return
    old = current[0].result
    like = old.task.run_id
    run = records.runs.add(project_id, old.prompt, ids, actor=services.actor, like=like)
    by_image = {one.result.task.image_id: one.now for one in current if one.now is not None}
    while (
        task := records.runs.claim(run.id, worker=_WORKER, lease=timedelta(hours=1))
    ) is not None:
        now = by_image[task.image_id]
        for number, kept in enumerate(now.replies, start=1):
            records.replies.add(task.id, kept, number=number)
        records.replies.add_problems(task.id, now.late)
        predictions = records.predictions.add(task.id, task.image_id, now.findings)
        records.runs.settle(task, TaskState.DONE)
        detail = {"run": run.id, "parser": PARSER_VERSION}
        propose(records, task.image_id, predictions, detail=detail)
        rank_anew(records, task.image_id)


def _still_newest(records: Records, reading: _Reread) -> bool:
    newest = records.runs.latest_task(reading.result.task.image_id)
    return newest is not None and newest.id == reading.result.task.id
