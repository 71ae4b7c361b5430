"""The figures of a comparison as rows with names a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beltmask.workflows.losses import LossStep

FIGURE_COLUMNS: Mapping[str, str] = {
    "name": "Prompt",
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "mean_iou": "Mean IoU",
    "pq": "PQ",
    "boundary_f": "Boundary F",
    "missed_per_picture": "Missed per picture",
    "extra_per_picture": "Extra per picture",
    "unreadable": "Unreadable",
    "repaired": "Repaired",
    "failed": "Without an answer",
    "latency_median": "Seconds, median",
    "latency_95": "Seconds, 95 %",
    "input_tokens": "Tokens in",
    "output_tokens": "Tokens out",
    "cost_per_picture": "USD per picture",
    "cost_per_object": "USD per true object",
    "repair_seconds": "Seconds of repair",
}
DIFFERENCE_COLUMNS: Mapping[str, str] = {
    "name": "Prompt",
    "figure": "Figure",
    "delta": "Difference",
    "low": "From",
    "high": "To",
    "verdict": "Verdict",
    "won": "Won",
    "lost": "Lost",
    "tied": "Tied",
    "p_sign": "p of the sign test",
    "pictures_needed": "More pictures needed",
}
LOSS_NAMES: Mapping[str, str] = {
    LossStep.NO_ANSWER: "No answer came",
    LossStep.UNREADABLE: "In an unreadable reply",
    LossStep.OUTSIDE: "Outside the belt region",
    LossStep.CUT_OFF: "Cut off by the cap",
    LossStep.NOT_SEEN: "Not seen",
    LossStep.POOR_OUTLINE: "Outlined too poorly",
    LossStep.WRONG_CLASS: "Of another class",
    LossStep.FOUND: "Found",
}
ERROR_NAMES: Mapping[str, str] = {
    "missed": "missed",
    "extra": "extra",
    "merged": "merged neighbours",
    "split": "split object",
    "wrong_class": "wrong class",
    "loose_box": "loose box",
    "shifted": "shifted mask",
    "empty_mask": "empty mask",
    "duplicate": "duplicate",
    "cut_off": "cut off at the cap",
    "format_error": "format error",
}
_FIGURES = ("f1", "precision", "recall", "mean_iou", "pq", "boundary_f")
_MONEY = ("cost_per_picture", "cost_per_object")


def figure_rows(result: Mapping[str, Any]) -> list[list[Any]]:
    """A row a prompt, in the order of ``FIGURE_COLUMNS``; None where there is no figure."""
    return [
        [name, *(_rounded(key, row.get(key)) for key in list(FIGURE_COLUMNS)[1:])]
        for name, row in result["prompts"].items()
    ]


def difference_rows(result: Mapping[str, Any]) -> list[list[Any]]:
    """A row for each prompt and figure, in the order of ``DIFFERENCE_COLUMNS``."""
    return [
        [name, FIGURE_COLUMNS[figure], *(_rounded(key, each[key]) for key in _AFTER_FIGURE)]
        for name, figures in result["differences"].items()
        for figure, each in ((figure, figures[figure]) for figure in _FIGURES)
    ]


_AFTER_FIGURE = list(DIFFERENCE_COLUMNS)[2:]


def _rounded(key: str, value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return round(value, 6 if key in _MONEY else 3)
