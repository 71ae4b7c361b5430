"""A comparison of prompts as plain numbers and names, for JSON, pages and CI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beltmask.scoring.error_kinds import ErrorKind
from beltmask.scoring.picture_counts import PictureCounts, total
from beltmask.scoring.statistics import differences, figures_of, standing

DECISIVE = "f1"
"""The figure that decides whether a prompt is shipped."""

Counts = Mapping[str, PictureCounts]
"""Of one prompt, by picture."""


def compared(
    prompts: Mapping[str, Counts],
    *,
    baseline: str,
    groups: Mapping[str, str] | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """``pictures`` and ``groups`` (how many), ``baseline``, ``prompts`` (a row of figures by
    name, ``missed`` and ``extra`` objects, ``errors`` by kind) and ``differences``.

    Raises:
        KeyError: There is no prompt ``baseline``.
        ValueError: Prompts have other pictures than the baseline.
    """
    grouped, keys = groups or {}, sorted(prompts[baseline])
    units = {(key in grouped, grouped.get(key, key)) for key in keys}
    return {
        "pictures": len(keys),
        "groups": len(units),
        "baseline": baseline,
        "prompts": {name: _row(total(its[key] for key in keys)) for name, its in prompts.items()},
        "differences": plain_differences(prompts, baseline=baseline, groups=groups, seed=seed),
    }


def plain_differences(
    prompts: Mapping[str, Counts],
    *,
    baseline: str,
    groups: Mapping[str, str] | None = None,
    seed: int = 0,
) -> dict[str, dict[str, dict[str, Any]]]:
    """``differences`` for JSON; ``stands`` says of the F1 of each prompt whether it still differs
    when it is heeded how many prompts were tried.
    """
    found = differences(prompts, baseline=baseline, groups=groups, seed=seed)
    plain = {
        name: {figure: each.as_dict() for figure, each in figures.items()}
        for name, figures in found.items()
    }
    firm = standing([figures[DECISIVE].p for figures in found.values()])
    for figures, stands in zip(plain.values(), firm, strict=True):
        figures[DECISIVE]["stands"] = stands
    return plain


def _row(counts: PictureCounts) -> dict[str, Any]:
    errors = {str(kind): counts.errors.get(kind, 0) for kind in ErrorKind}
    missed, extra = counts.found.false_negative, counts.found.false_positive
    return {**figures_of(counts), "missed": missed, "extra": extra, "errors": errors}
