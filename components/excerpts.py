"""A stretch of a long text among its surroundings."""

from __future__ import annotations

_AROUND = 160
_LONGEST = 1_200


def excerpt(text: str, span: tuple[int, int]) -> str:
    """The text around ``span``, which stands between ⟦ and ⟧; what is left out shows as …."""
    start, end = span
    before = text[max(0, start - _AROUND) : start]
    after = text[end : end + _AROUND]
    first = "…" if start > _AROUND else ""
    last = "…" if end + _AROUND < len(text) else ""
    return f"{first}{before}⟦{_shortened(text[start:end])}⟧{after}{last}"


def _shortened(stretch: str) -> str:
    if len(stretch) <= _LONGEST:
        return stretch
    half = _LONGEST // 2
    return f"{stretch[:half]} … {stretch[-half:]}"
