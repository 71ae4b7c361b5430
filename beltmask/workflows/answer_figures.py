"""What one answer was worth against the truth of its picture, and what it took."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from beltmask.classes import class_for
from beltmask.masks import encode
from beltmask.model import Annotation, Class, Prediction, Size, TaskState
from beltmask.scoring.overlaps import ScoredObject
from beltmask.scoring.picture_counts import (
    MatchedObjects,
    PictureCounts,
    counts_of,
    matched_objects,
)
from beltmask.store.replies import KeptReply
from beltmask.workflows.losses import CUT_SHORT, LossStep, losses_of

RULES = 1
"""Counts kept by other rules than these are made anew."""
_REPAIRED = {"box_clipped", "box_derived", "box_swapped", "mask_clipped", "mask_refined"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one task came to: its replies and what was read in them."""

    state: TaskState
    predictions: Sequence[Prediction] = ()
    replies: Sequence[KeptReply] = ()


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """One answer in numbers, kept with it.

    ``cost`` in USD and ``latency`` in seconds are those of the requests when they were paid for;
    None where nobody knows. ``problems`` counts by kind. ``failed``: there is no answer, and
    every object of the picture is missed; ``unreadable``: words came that nobody could read.
    """

    counts: PictureCounts
    objects: int = 0
    requests: int = 0
    latency: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    failed: bool = False
    unreadable: bool = False
    repaired: bool = False
    problems: Mapping[str, int] = field(default_factory=dict)
    losses: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {**plain, "counts": self.counts.as_dict()}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> AnswerFigures:
        return cls(PictureCounts.from_dict(kept["counts"]), **{n: kept[n] for n in _PLAIN})


_PLAIN = tuple(name for name in AnswerFigures.__dataclass_fields__ if name != "counts")


def rules_digest(classes: Sequence[Class], *, iou: float) -> str:
    """Of everything besides the truth that figures depend on: the classes' names, too."""
    named = [(each.id, each.name, each.aliases, each.merged_into) for each in classes]
    return _digest([RULES, iou, named])


def truth_digest(truth: Sequence[Annotation]) -> str:
    """Of the objects of an approved picture, whatever their order and their ids."""
    rows = [
        (each.class_id, each.label if each.class_id is None else "", each.box.corners, _hex(each))
        for each in truth
    ]
    return _digest(sorted(rows, key=repr))


def with_rules(truth: str, rules: str) -> str:
    """What figures are kept under."""
    return _digest([truth, rules])


def answer_figures(
    answer: Answer,
    truth: Sequence[Annotation],
    *,
    classes: Sequence[Class],
    size: Size,
    iou: float,
    paid: Mapping[str, KeptReply],
) -> AnswerFigures:
    """Count an answer about a picture of ``size`` against its truth.

    ``paid`` has the replies that cached ones were kept from, by request.
    """
    wanted, found = true_objects(truth, classes), found_objects(answer.predictions, classes)
    objects = matched_objects(found, wanted)
    counts = counts_of(objects, size, iou=iou)
    failed = answer.state is not TaskState.DONE
    problems = Counter(problem.kind for kept in answer.replies for problem in kept.problems)
    unreadable = failed and any(_said_something(kept) for kept in answer.replies)
    return AnswerFigures(
        counts=counts.with_errors(_reply_errors(problems, unreadable=unreadable)),
        objects=len(wanted),
        failed=failed,
        unreadable=unreadable,
        repaired=not failed and not _REPAIRED.isdisjoint(problems),
        problems=dict(problems),
        losses=_losses(answer, objects, unreadable=unreadable),
        **_taken([paid.get(each.reply.request, each) for each in answer.replies]),
    )


def true_objects(truth: Sequence[Annotation], classes: Sequence[Class]) -> list[ScoredObject]:
    """Truth as scoring sees it."""
    names = {each.id: each.name for each in classes}
    return [ScoredObject(each.box, each.mask, names.get(each.class_id or 0)) for each in truth]


def found_objects(
    predictions: Sequence[Prediction], classes: Sequence[Class]
) -> list[ScoredObject]:
    """Predictions as scoring sees them. A label that no class stands for is of no class."""
    return [
        ScoredObject(
            each.finding.box,
            each.finding.mask,
            meant.name if (meant := class_for(each.finding.label, classes)) else None,
            score=each.finding.score,
        )
        for each in predictions
    ]


def _losses(answer: Answer, objects: MatchedObjects, *, unreadable: bool) -> dict[str, int]:
    """All objects are lost at once where there is no answer."""
    if answer.state is not TaskState.DONE:
        return {LossStep.UNREADABLE if unreadable else LossStep.NO_ANSWER: len(objects.truth)}
    problems = [each for kept in answer.replies for each in kept.problems]
    return losses_of(objects.truth, objects.matches, objects.faults, problems)


def _reply_errors(problems: Mapping[str, int], *, unreadable: bool) -> dict[str, int]:
    errors = {
        "cut_off": int(not CUT_SHORT.isdisjoint(problems)),
        "format_error": int(unreadable),
    }
    return {kind: count for kind, count in errors.items() if count}


def _taken(replies: Sequence[KeptReply]) -> dict[str, Any]:
    """What the requests took when they were paid for."""
    costs = [kept.reply.cost for kept in replies]
    tokens = [kept.reply.usage for kept in replies]
    return {
        "requests": len(replies),
        "latency": sum(kept.reply.latency for kept in replies) if replies else None,
        "input_tokens": sum(each.prompt_tokens or 0 for each in tokens),
        "output_tokens": sum(
            (each.output_tokens or 0) + (each.thinking_tokens or 0) for each in tokens
        ),
        "cost": None if None in costs else sum(cost or 0.0 for cost in costs),
    }


def _said_something(kept: KeptReply) -> bool:
    return kept.reply.finish_reason is not None and not kept.reply.readable


def _hex(annotation: Annotation) -> str:
    return "" if annotation.mask is None else encode(annotation.mask).hex()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
