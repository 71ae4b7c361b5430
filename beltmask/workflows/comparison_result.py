"""What comes of a comparison: one sentence, a row of figures for each prompt, differences."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from beltmask.counts import counted
from beltmask.model import Prompt
from beltmask.scoring.comparison import compared
from beltmask.scoring.picture_counts import total
from beltmask.workflows.answer_figures import AnswerFigures
from beltmask.workflows.comparison import finish_comparison, start_comparison
from beltmask.workflows.comparison_plan import ComparisonWish
from beltmask.workflows.comparison_scores import ComparisonScores, scored
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services
from beltmask.workflows.verdict import verdict_sentence

Summary = dict[str, Any]
_NOTHING_YET = "No picture is answered by all prompts yet."


def compare_now(wish: ComparisonWish, *, services: Services) -> Summary:
    """Ask what is not answered yet, until all is or the budget is spent; then the result.

    Raises:
        SettingsError, NotFoundError: As ``start_comparison``.
    """
    comparison = start_comparison(wish, services=services)
    finish_comparison(comparison.id, services=services)
    return comparison_result(comparison.id, services=services)


def comparison_result(comparison_id: int, *, services: Services, anew: bool = False) -> Summary:
    """What the answers show so far, kept until there are more.

    ``anew`` scores all answers again against the truth of now. Nothing is asked of anybody.

    Returns:
        For JSON: ``sentence``, ``pictures``, ``waiting`` and ``given_up`` pictures, ``baseline``,
        ``iou``, ``repeats``, ``prompts`` (a row of figures by name), ``differences`` (against the
        baseline, by name and figure).
    """
    with services.store.read() as records:
        comparison = records.comparisons.get(comparison_id)
        require(services.actor, Action.SEE_IMAGES, comparison.project_id)
        kept = None if anew else records.comparisons.summary(comparison_id)
        settled = records.comparisons.progress(comparison_id).settled
    if kept is not None and kept["settled"] == settled:
        return kept
    found = scored(comparison_id, services=services, anew=anew)
    summary = {**summary_of(found), "settled": settled}
    with services.store.write() as records:
        records.comparisons.keep_summary(comparison_id, summary)
    return summary


def summary_of(scores: ComparisonScores) -> Summary:
    """Figures of the pictures that every contender has all its answers about."""
    comparison = scores.comparison
    told = compared(
        {
            name: {str(n): total(one.counts for one in each) for n, each in mine.items()}
            for name, mine in scores.answers.items()
        },
        baseline=comparison.baseline,
        groups={str(n): group for n, group in scores.groups.items()},
    )
    rows = told["prompts"]
    for each in comparison.contenders:
        more = _more_of(scores.answers[each.name])
        rows[each.name] = {"asked": _asked(each.prompt), **rows[each.name], **more}
    head = {
        "waiting": scores.waiting,
        "given_up": scores.given_up,
        "iou": comparison.iou,
        "repeats": comparison.repeats,
    }
    sentence = verdict_sentence(told) if told["pictures"] else _NOTHING_YET
    return {"sentence": sentence, **told, **head}


def unanswered(summary: Mapping[str, Any]) -> Iterator[str]:
    """Sentences on what is missing in the figures, or counts as missed for want of an answer."""
    if summary.get("waiting"):
        yield (
            f"{counted(summary['waiting'], 'picture')} not answered: the budget is spent. "
            "Compare again with a larger one."
        )
    for name, row in summary["prompts"].items():
        failed = row.get("failed", 0) - row.get("unreadable", 0)
        if failed:
            answers = counted(failed, "answer")
            yield f"{name}: {answers} did not come, so all their objects count as missed."


def stamp_of(summary: Summary) -> str:
    """Another one whenever the figures are."""
    told = json.dumps(summary, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _more_of(answers: Mapping[int, Sequence[AnswerFigures]]) -> dict[str, Any]:
    """What a contender's answers show besides figures of objects."""
    each = [one for mine in answers.values() for one in mine]
    found = [one.counts.found for one in each]
    return {
        "missed_per_picture": _mean([one.false_negative for one in found]),
        "extra_per_picture": _mean([one.false_positive for one in found]),
        "objects": sum(one.objects for one in each),
        "answers": len(each),
        "failed": sum(one.failed for one in each),
        "unreadable": sum(one.unreadable for one in each),
        "repaired": sum(one.repaired for one in each),
        "spread": _spread(answers),
        "problems": _sum(one.problems for one in each),
        "losses": _sum(one.losses for one in each),
        **_taken(each),
    }


def _taken(each: Sequence[AnswerFigures]) -> dict[str, Any]:
    """Time, tokens and money of the answers."""
    seconds = [one.latency for one in each if one.latency is not None]
    costs = [one.cost for one in each if one.cost is not None]
    cost = sum(costs) if each and len(costs) == len(each) else None
    objects = sum(one.objects for one in each)
    return {
        "latency_median": float(np.median(seconds)) if seconds else None,
        "latency_95": float(np.quantile(seconds, 0.95)) if seconds else None,
        "requests": sum(one.requests for one in each),
        "input_tokens": sum(one.input_tokens for one in each),
        "output_tokens": sum(one.output_tokens for one in each),
        "cost": cost,
        "cost_per_picture": None if cost is None else cost / len(each),
        "cost_per_object": None if cost is None or not objects else cost / objects,
    }


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    added = Counter[str]()
    for each in counts:
        added.update(each)
    return dict(added)


def _asked(prompt: Prompt) -> dict[str, Any]:
    """What tells prompts apart on a chart."""
    names = ("detector", "query", "model", "temperature", "image_side")
    return {name: getattr(prompt, name) for name in names}


def _spread(answers: Mapping[int, Sequence[AnswerFigures]]) -> list[float | None]:
    """The lowest and the highest F1 among the repeats."""
    repeats = zip(*answers.values(), strict=True)
    known = [total(one.counts for one in each).found.f1 for each in repeats]
    values = [each for each in known if each is not None]
    return [min(values, default=None), max(values, default=None)]


def _mean(values: Iterable[int]) -> float | None:
    known = list(values)
    return sum(known) / len(known) if known else None
