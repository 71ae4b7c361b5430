"""A comparison of prompts as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from beltmask.counts import counted
from beltmask.scoring.comparison import DECISIVE
from beltmask.scoring.error_kinds import ErrorKind
from beltmask.scoring.gate import signed
from beltmask.scoring.statistics import FIGURES

NOTHING = "–"
"""Stands for a figure that divides by nothing."""


def comparison_table(summary: Mapping[str, Any]) -> list[str]:
    """The sentence of a comparison's JSON, a row a prompt, differences of F1, kinds of error."""
    differences = ["", *_aligned(_differences(summary))] if summary["differences"] else []
    return [
        summary["sentence"],
        _basis(summary),
        "",
        *_aligned(_figures(summary)),
        *differences,
        "",
        *_aligned(_errors(summary)),
    ]


def _basis(summary: Mapping[str, Any]) -> str:
    pictures, groups = summary["pictures"], summary.get("groups", summary["pictures"])
    within = "" if groups == pictures else f" in {counted(groups, 'group')}"
    return f"{counted(pictures, 'picture')}{within}, against {summary['baseline']}"


def _figures(summary: Mapping[str, Any]) -> Iterator[list[str]]:
    rows = summary["prompts"].values()
    figures = [*FIGURES, *(["ap"] if any(row.get("ap") is not None for row in rows) else [])]
    yield ["prompt", *figures, "missed", "extra"]
    for name, row in summary["prompts"].items():
        sums = [str(row["missed"]), str(row["extra"])]
        yield [name, *(_three(row[figure]) for figure in figures), *sums]


def _differences(summary: Mapping[str, Any]) -> Iterator[list[str]]:
    titles = ["f1", "95 % from", "to", "won", "lost", "tied", "sign test", "verdict", "needed"]
    yield [f"against {summary['baseline']}", *titles]
    for name, figures in summary["differences"].items():
        yield [name, *_cells(figures[DECISIVE])]


def _cells(found: Mapping[str, Any]) -> list[str]:
    ends = [_signed(found[name]) for name in ("delta", "low", "high")]
    tally = [str(found[name]) for name in ("won", "lost", "tied")]
    needed = found["pictures_needed"]
    more = NOTHING if needed is None else str(needed)
    return [*ends, *tally, f"{found['p_sign']:.3f}", found["verdict"], more]


def _errors(summary: Mapping[str, Any]) -> Iterator[list[str]]:
    yield ["errors", *(str(kind).replace("_", " ") for kind in ErrorKind)]
    for name, row in summary["prompts"].items():
        yield [name, *(str(row["errors"].get(kind, 0)) for kind in ErrorKind)]


def _three(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"


def _signed(value: float | None) -> str:
    return NOTHING if value is None else signed(value)


def _aligned(rows: Iterator[list[str]]) -> Iterator[str]:
    """Names on the left, all else on the right of its column."""
    table: Sequence[Sequence[str]] = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *cells in table:
        right = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join([name.ljust(widths[0]), *right]).rstrip()
