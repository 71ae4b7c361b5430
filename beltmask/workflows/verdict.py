"""The one sentence that a comparison comes to: ship, don't, or how many more pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beltmask.counts import counted


def verdict_sentence(summary: Mapping[str, Any]) -> str:
    """Of the JSON of a comparison: its ``pictures``, ``baseline``, ``prompts``, ``differences``.

    A prompt is to be shipped when its F1 is better than the baseline's, and stays so when it is
    looked at beside all the others. Of several the best one is named.
    """
    found = {name: each["f1"] for name, each in summary["differences"].items()}
    ranked = sorted(found, key=lambda name: -(found[name]["delta"] or 0.0))
    better = [name for name in ranked if _shown(found[name], "better")]
    if better:
        return f"Ship {better[0]}: {_against(summary, better[0])}."
    hopeful = [name for name in ranked if (found[name]["delta"] or 0.0) > 0]
    if hopeful:
        return _open(summary, hopeful[0])
    if all(_shown(each, "worse") for each in found.values()):
        every = "it" if len(found) == 1 else "each of them"
        return f"Don't ship {_names(ranked)}: {every} is worse. {_against(summary, ranked[0])}."
    return f"Don't ship {_names(ranked)}: no gain is shown. {_against(summary, ranked[0])}."


def _shown(difference: Mapping[str, Any], verdict: str) -> bool:
    return bool(difference["verdict"] == verdict and difference.get("stands", True))


def _open(summary: Mapping[str, Any], name: str) -> str:
    """No difference is shown: how many pictures more may show it."""
    needed = summary["differences"][name]["f1"]["pictures_needed"]
    baseline = summary["baseline"]
    told = _against(summary, name)
    if not needed:
        return f"Don't ship {name} for {baseline} yet: no difference is shown. {told}."
    more = counted(needed, "more picture")
    return f"Needs about {more} to tell {name} from {baseline}. So far: {told}."


def _against(summary: Mapping[str, Any], name: str) -> str:
    difference, baseline = summary["differences"][name]["f1"], summary["baseline"]
    one, other = (_figure(summary["prompts"][each]["f1"]) for each in (name, baseline))
    pictures = counted(summary["pictures"], "picture")
    if difference["delta"] is None:
        return f"F1 {one} against {other} of {baseline} on {pictures}"
    low, high = (f"{difference[end]:+.3f}" for end in ("low", "high"))
    return (
        f"F1 {one} against {other} of {baseline} on {pictures}, "
        f"{difference['delta']:+.3f} (95 % {low} to {high}), "
        f"{difference['won']} won, {difference['lost']} lost, {difference['tied']} tied"
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _names(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
