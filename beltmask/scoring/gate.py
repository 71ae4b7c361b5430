"""What a prompt must keep to be let through, such as "F1 may not fall by more than 0.01"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from beltmask.messages import Message
from beltmask.scoring.statistics import FIGURES


@dataclass(frozen=True, slots=True)
class QualityGate:
    """A figure, and the least that its interval of differences from the baseline may reach."""

    figure: str
    least: float

    def __str__(self) -> str:
        return f"{self.figure}:{self.least:+g}"


@dataclass(frozen=True, slots=True)
class GateOutcome:
    gate: QualityGate
    prompt: str
    held: bool
    reason: Message


def gate_of(text: str) -> QualityGate:
    """``f1:-0.01`` as a gate.

    Raises:
        ValueError: It is no figure and number from -1 to 1.
    """
    figure, _, number = text.partition(":")
    least = float(number)
    if figure not in FIGURES or not -1 <= least <= 1:
        raise ValueError(f"no gate: {text}")
    return QualityGate(figure, least)


def gate_outcomes(
    differences: Mapping[str, Mapping[str, Any]], gates: Sequence[QualityGate], *, baseline: str
) -> Iterator[GateOutcome]:
    """Every prompt of a comparison's ``differences`` at every gate.

    A gate is broken when the 95 % interval reaches below it; a figure that cannot be compared
    breaks it too: a missing case is not a passing case.
    """
    for prompt, figures in differences.items():
        for gate in gates:
            found = figures[gate.figure]
            held = found["low"] is not None and found["low"] >= gate.least
            yield GateOutcome(gate, prompt, held, _reason(gate, prompt, found, baseline))


def _reason(gate: QualityGate, prompt: str, found: Mapping[str, Any], baseline: str) -> Message:
    least = signed(gate.least)
    if found["low"] is None:
        return Message(
            "comparison.gate_undefined",
            name=prompt,
            figure=gate.figure,
            baseline=baseline,
            least=least,
        )
    return Message(
        "comparison.gate",
        name=prompt,
        figure=gate.figure,
        delta=signed(found["delta"]),
        baseline=baseline,
        low=signed(found["low"]),
        high=signed(found["high"]),
        least=least,
    )


def signed(value: float) -> str:
    """With three decimals and a sign."""
    return f"{value:+.3f}"
