"""Old replies read again, because the parser has learned: what that would change, and doing it.

Predictions never change. A new reading becomes a new run of the same prompt whose task keeps
the same raw reply; what it proposes follows the rules of any run, so human work stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from beltmask.detectors.gemini.answers import with_remade_masks
from beltmask.detectors.gemini.reply import PARSER_VERSION, ReadReply, read_reply
from beltmask.detectors.openai_compatible.places import convention_for
from beltmask.detectors.openai_compatible.telling import read_words
from beltmask.errors import UnreadableReplyError
from beltmask.model import Finding, Image, Problem, Prompt, TaskState
from beltmask.store.images import ImageFilter
from beltmask.store.records import Records
from beltmask.store.replies import KeptReply
from beltmask.workflows.comparing import compared, problems_apart
from beltmask.workflows.detecting import Result, raw_text, result_of
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services
from beltmask.workflows.task_book import propose

_WORKER = "rereading/0/0"
_WRITES_REPLIES = {"gemini", "openai", "replay"}
_FROM_THE_SERVICE = {"rerouted", "cut_off", "setting_refused"}


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
class _Reading:
    """An old answer and what is read in it now."""

    result: Result
    difference: Difference
    read: ReadReply | None = None
    problems: tuple[Problem, ...] = field(default=())


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
    with services.store.read() as records:
        ids = records.images.ids(ImageFilter(project_id))
    if apply:
        yield from apply_rereading(ids, project_id=project_id, services=services)
    else:
        yield from reread_images(ids, services=services)


def apply_rereading(
    image_ids: Sequence[int], *, project_id: int, services: Services
) -> Iterator[Difference]:
    """Keep the new reading of every reply that gives something else now, one run per prompt."""
    require(services.actor, Action.DETECT, project_id)
    runs: dict[Prompt, list[_Reading]] = {}
    for image_id in image_ids:
        reading = _reading(image_id, services)
        if reading is None:
            continue
        if reading.read is not None and reading.difference.anything:
            runs.setdefault(reading.result.prompt, []).append(reading)
        yield reading.difference
    for prompt, readings in runs.items():
        with services.store.write() as records:
            _keep(records, prompt, readings, project_id=project_id, services=services)


def _reading(image_id: int, services: Services) -> _Reading | None:
    result = result_of(image_id, services=services)
    if result is None or result.prompt.detector not in _WRITES_REPLIES:
        return None
    with services.store.read() as records:
        image = records.images.get(image_id)
    if len(result.replies) != 1:
        note = f"left alone: its answer is made of {len(result.replies)} replies"
        return _Reading(result, Difference(image, note=note))
    try:
        read = _read_again(result, result.replies[0], services)
    except UnreadableReplyError as error:
        lost = len(result.predictions)
        note = f"it could not be read now ({error}); left alone" if lost else "still unreadable"
        return _Reading(result, Difference(image, note=note))
    return _difference(image, result, read)


def _read_again(result: Result, kept: KeptReply, services: Services) -> ReadReply:
    picture, prompt = services.tasks.question(result.task)
    cap = None if prompt.detector == "replay" else prompt.object_cap
    text, size = raw_text(kept, services=services), picture.size
    if prompt.detector == "openai":
        asked = replace(prompt, model=prompt.model or services.settings.openai_model)
        convention = convention_for(asked, size)
        read = read_words(text, size=size, convention=convention, object_cap=cap)
    else:
        read = read_reply(text, size=size, object_cap=cap)
    return with_remade_masks(read, picture.pixels)


def _difference(image: Image, result: Result, read: ReadReply) -> _Reading:
    before: list[Finding] = [prediction.finding for prediction in result.predictions]
    gained, lost, changed = compared(before, read.findings)
    stored = result.replies[0].problems
    problems = (*read.problems, *_from_the_service(stored, read))
    new, gone = problems_apart(stored, problems)
    difference = Difference(image, gained, lost, changed, new, gone)
    return _Reading(result, difference, read, problems)


def _from_the_service(stored: Sequence[Problem], read: ReadReply) -> list[Problem]:
    """Problems that were never in the text: they are as true as they were."""
    known = {problem.kind for problem in read.problems}
    return [
        problem
        for problem in stored
        if problem.kind in _FROM_THE_SERVICE - known
        and (problem.object, problem.span) == (None, None)
    ]


def _keep(
    records: Records,
    prompt: Prompt,
    readings: Sequence[_Reading],
    *,
    project_id: int,
    services: Services,
) -> None:
    """A run that is over before anybody sees it; images asked again meanwhile are left alone."""
    current = [reading for reading in readings if _still_newest(records, reading)]
    ids = [reading.result.task.image_id for reading in current]
    if not ids:
        return
    run = records.runs.add(project_id, prompt, ids, actor=services.actor)
    by_image = {reading.result.task.image_id: reading for reading in current}
    while (
        task := records.runs.claim(run.id, worker=_WORKER, lease=timedelta(hours=1))
    ) is not None:
        reading = by_image[task.image_id]
        records.replies.add(task.id, _kept(reading), number=1)
        findings = reading.read.findings if reading.read is not None else ()
        predictions = records.predictions.add(task.id, task.image_id, findings)
        records.runs.settle(task, TaskState.DONE)
        detail = {"run": run.id, "parser": PARSER_VERSION}
        propose(records, task.image_id, predictions, detail=detail)


def _still_newest(records: Records, reading: _Reading) -> bool:
    newest = records.runs.latest_task(reading.result.task.image_id)
    return newest is not None and newest.id == reading.result.task.id


def _kept(reading: _Reading) -> KeptReply:
    """The same reply; what it cost was paid once."""
    old = reading.result.replies[0]
    dialect = reading.read.dialect if reading.read is not None else old.reply.dialect
    reply = replace(old.reply, dialect=dialect, latency=0.0, cost=None, cached=True)
    return KeptReply(old.raw_sha256, reply, reading.problems)
