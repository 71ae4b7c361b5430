"""Every answer of a comparison against the truth, scored once and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from beltmask.model import (
    Annotation,
    AnnotationState,
    Comparison,
    Image,
    ReviewState,
    TaskState,
)
from beltmask.store.comparisons import JudgedTask, Standard
from beltmask.store.records import Records
from beltmask.store.replies import KeptReply
from beltmask.workflows.answer_figures import (
    Answer,
    AnswerFigures,
    answer_figures,
    rules_digest,
    truth_digest,
    with_rules,
)
from beltmask.workflows.near_duplicates import scene_groups
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

_AT_ONCE = 100
"""Pictures whose objects are in memory."""
_SETTLED = (AnnotationState.ACCEPTED, AnnotationState.EDITED)
_OVER = (TaskState.DONE, TaskState.FAILED)
_OPEN = (TaskState.QUEUED, TaskState.RUNNING, TaskState.PAUSED)


@dataclass(frozen=True, slots=True)
class ComparisonScores:
    """By contender's name and image: the figures of its answers, one for each repeat.

    Only pictures that every contender has all its answers about are in it. ``waiting`` pictures
    will be; ``given_up`` never will: they were cancelled, or are not approved any more.
    """

    comparison: Comparison
    answers: Mapping[str, Mapping[int, Sequence[AnswerFigures]]]
    waiting: int = 0
    given_up: int = 0
    groups: Mapping[int, str] = field(default_factory=dict)

    @property
    def image_ids(self) -> list[int]:
        return sorted(next(iter(self.answers.values()), {}))


def scored(
    comparison_id: int,
    *,
    services: Services,
    anew: bool = False,
    names: Sequence[str] = (),
) -> ComparisonScores:
    """Score what was not scored yet; with ``anew`` everything, against the truth of now.

    Of some contenders only, where ``names`` are given. Nothing is asked of anybody.
    """
    with services.store.read() as records:
        comparison = records.comparisons.get(comparison_id)
        require(services.actor, Action.SEE_IMAGES, comparison.project_id)
        kept = records.comparisons.standard(comparison_id)
        images = records.images.by_ids(comparison.image_ids)
        tasks = [task for task in records.comparisons.tasks(comparison_id) if task.state in _OVER]
    known = replace(kept, truths={}) if anew else kept
    standard = _keep_missing(comparison, tasks, known, services)
    if standard.groups is None:
        groups = scene_groups([images[n] for n in comparison.image_ids], services=services)
        standard = replace(standard, groups=groups)
    if anew or standard != kept:
        with services.store.write() as records:
            records.comparisons.keep_standard(comparison_id, standard)
    return _collected(_among(comparison, names), standard, services)


def changed_truths(comparison_id: int, *, services: Services) -> list[int]:
    """Ids of the pictures whose truth is no longer what answers were scored against.

    All of them where the classes are no longer what they were.
    """
    with services.store.read() as records:
        comparison = records.comparisons.get(comparison_id)
        require(services.actor, Action.SEE_IMAGES, comparison.project_id)
        standard = records.comparisons.standard(comparison_id)
        classes = records.classes.of_project(comparison.project_id)
        if not standard.truths:
            return []
        if standard.rules != rules_digest(classes, iou=comparison.iou):
            return sorted(standard.truths)
        images = records.images.by_ids(standard.truths)
        touched = [n for n, image in images.items() if image.revision != standard.truths[n][0]]
        now = _truths(records, [images[image_id] for image_id in touched])
    return sorted(n for n in touched if n not in now or now[n][1] != standard.truths[n][1])


def approved_truth(records: Records, images: Sequence[Image]) -> dict[int, list[Annotation]]:
    """The truth of the pictures among these that are approved and in no trash."""
    usable = [
        each.id
        for each in images
        if each.review is ReviewState.APPROVED and each.deleted_at is None
    ]
    found = records.annotations.of_images(usable)
    return {n: [each for each in mine if each.state in _SETTLED] for n, mine in found.items()}


def _keep_missing(
    comparison: Comparison, tasks: Sequence[JudgedTask], kept: Standard, services: Services
) -> Standard:
    """Keep the figures that are not there yet; returns what all are held against then.

    Where the truth changed and another answer came, all of the picture's are scored anew.
    """
    by_image: dict[int, list[JudgedTask]] = {}
    for task in tasks:
        by_image.setdefault(task.image_id, []).append(task)
    with services.store.read() as records:
        classes = records.classes.of_project(comparison.project_id)
        rules = rules_digest(classes, iou=comparison.iou)
        known = records.figures.known(task.task_id for task in tasks)
    if rules != kept.rules:
        kept = replace(kept, rules=rules, truths={})
    digests = {n: with_rules(digest, rules) for n, (_, digest) in kept.truths.items()}
    unscored = [
        n
        for n, mine in by_image.items()
        if any((task.task_id, digests.get(n)) not in known for task in mine)
    ]
    truths = dict(kept.truths)
    for some in _parts(unscored):
        wanted = [task for image_id in some for task in by_image[image_id]]
        truths.update(_score_some(comparison, some, wanted, rules, services))
    return replace(kept, truths=truths)


def _score_some(
    comparison: Comparison,
    image_ids: Sequence[int],
    tasks: Sequence[JudgedTask],
    rules: str,
    services: Services,
) -> dict[int, tuple[int, str]]:
    with services.store.read() as records:
        images = records.images.by_ids(image_ids)
        classes = records.classes.of_project(comparison.project_id)
        truth = approved_truth(records, list(images.values()))
        digests = {n: (images[n].revision, truth_digest(mine)) for n, mine in truth.items()}
        keys = {
            task: (task.task_id, with_rules(digests[task.image_id][1], rules))
            for task in tasks
            if task.image_id in truth
        }
        known = records.figures.known(task.task_id for task in keys)
        fresh = [task for task, key in keys.items() if key not in known]
        answers, paid = _answers(records, fresh)
    figures = {}
    for task in fresh:
        image = images[task.image_id]
        figures[keys[task]] = answer_figures(
            answers[task.task_id],
            truth[image.id],
            classes=classes,
            size=image.size,
            iou=comparison.iou,
            paid=paid,
        ).as_dict()
    with services.store.write() as records:
        records.figures.keep(figures)
    return digests


def _answers(
    records: Records, tasks: Sequence[JudgedTask]
) -> tuple[dict[int, Answer], dict[str, KeptReply]]:
    ids = [task.task_id for task in tasks]
    found, replies = records.predictions.of_tasks(ids), records.replies.of_tasks(ids)
    cached = [each.reply.request for mine in replies.values() for each in mine]
    answers = {
        task.task_id: Answer(task.state, found.get(task.task_id, ()), replies.get(task.task_id, ()))
        for task in tasks
    }
    return answers, records.replies.paid(cached)


def _among(comparison: Comparison, names: Sequence[str]) -> Comparison:
    """The comparison with these contenders; with all where none are named."""
    chosen = tuple(each for each in comparison.contenders if not names or each.name in names)
    return replace(comparison, contenders=chosen)


def _collected(comparison: Comparison, standard: Standard, services: Services) -> ComparisonScores:
    names = {each.id: each.name for each in comparison.contenders}
    with services.store.read() as records:
        tasks = [
            task for task in records.comparisons.tasks(comparison.id) if task.contender_id in names
        ]
        kept = records.figures.kept(
            (task.task_id for task in tasks),
            digests={with_rules(digest, standard.rules) for _, digest in standard.truths.values()},
        )
    answers: dict[str, dict[int, dict[int, AnswerFigures]]] = {
        each.name: {} for each in comparison.contenders
    }
    for task in tasks:
        truth = standard.truths.get(task.image_id)
        counts = truth and kept.get((task.task_id, with_rules(truth[1], standard.rules)))
        if counts:
            mine = answers[names[task.contender_id]].setdefault(task.image_id, {})
            mine[task.repeat] = AnswerFigures.from_dict(counts)
    whole = {
        n
        for n in comparison.image_ids
        if all(len(mine.get(n, ())) == comparison.repeats for mine in answers.values())
    }
    waiting = {task.image_id for task in tasks if task.state in _OPEN}
    return ComparisonScores(
        comparison,
        {
            name: {n: [by[r] for r in sorted(by)] for n, by in mine.items() if n in whole}
            for name, mine in answers.items()
        },
        waiting=len(waiting),
        given_up=len(set(comparison.image_ids) - whole - waiting),
        groups=standard.groups or {},
    )


def _truths(records: Records, images: Sequence[Image]) -> dict[int, tuple[int, str]]:
    truth = approved_truth(records, images)
    revisions = {image.id: image.revision for image in images}
    return {n: (revisions[n], truth_digest(mine)) for n, mine in truth.items()}


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
