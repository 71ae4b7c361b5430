"""Whether one prompt is better than another, and how sure that is.

Pictures are the units, not their objects; pictures that resemble each other (a burst of one belt)
are one unit, a group. Both prompts are drawn together: a resample takes as many groups as there
are, with replacement, and the same ones for every prompt. The interval holds the middle 95 % of
the differences of 10,000 resamples, at quantiles a little further out where groups are few
(Hesterberg's expanded percentile interval): plain quantiles would promise too much there.

Of fewer than six groups nothing can be shown at 5 %, even if all agree (two-sided sign test:
2 x 0.5 ** 5 > 0.05), so the interval is then all that is possible, -1 to 1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from beltmask.scoring.picture_counts import NUMBERS, PictureCounts

Floats = NDArray[np.float64]

FIGURES: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]] = {
    "precision": ({"matched": 1}, {"matched": 1, "extra": 1}),
    "recall": ({"matched": 1}, {"matched": 1, "missed": 1}),
    "f1": ({"matched": 2}, {"matched": 2, "extra": 1, "missed": 1}),
    "mean_iou": ({"iou_sum": 1}, {"matched": 1}),
    "pq": (
        {"panoptic_iou_sum": 2},
        {"panoptic_matched": 2, "panoptic_extra": 1, "panoptic_missed": 1},
    ),
    "boundary_f": ({"boundary_sum": 2}, {"matched": 2, "extra": 1, "missed": 1}),
}
"""Each a quotient of two weighted sums of a picture's ``NUMBERS``, added up over pictures first.

Panoptic quality takes all classes as one. Boundary F is the mean boundary F of objects, one
missed or extra counting half of an object whose outline is all wrong, as in panoptic quality.
"""

RESAMPLES = 10_000
FEWEST_GROUPS = 6
CONFIDENCE = 0.95
_AT_ONCE = 1_000_000
"""Draws held in memory."""


class PromptVerdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    OPEN = "no difference shown"


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A prompt's figure minus the baseline's.

    ``delta`` and its 95 % interval from ``low`` to ``high`` are None where a figure divides by
    nothing. ``won``, ``lost`` and ``tied`` count pictures by their own figure, one with nothing to
    find and nothing found being perfect. ``p_sign`` is the exact two-sided sign test of won
    against lost, of groups where pictures are grouped; ``p`` belongs to the interval.

    ``pictures_needed``: how many pictures more would move the interval off 0 if they differed as
    those seen do. With d the mean and s the standard deviation of the groups' shares in the
    difference, an interval of n groups leaves 0 at n = (1.96 s / d)²; less the groups there are,
    times the pictures a group has. 0 when the difference is shown; None when there is none at
    all, or it cannot be computed.
    """

    delta: float | None
    low: float | None
    high: float | None
    won: int
    lost: int
    tied: int
    p_sign: float
    p: float
    pictures_needed: int | None

    @property
    def verdict(self) -> PromptVerdict:
        """Better or worse when the interval lies on one side of 0."""
        if self.low is not None and self.low > 0:
            return PromptVerdict.BETTER
        if self.high is not None and self.high < 0:
            return PromptVerdict.WORSE
        return PromptVerdict.OPEN

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        names = ("delta", "low", "high", "won", "lost", "tied", "p_sign", "p")
        return {name: getattr(self, name) for name in names} | {
            "verdict": str(self.verdict),
            "pictures_needed": self.pictures_needed,
        }


def figures_of(counts: PictureCounts) -> dict[str, float | None]:
    """Every figure of counts, by name; None where it divides by nothing."""
    values = {name: _figure(name, np.array(counts.numbers)) for name in FIGURES}
    return {name: None if np.isnan(value) else float(value) for name, value in values.items()}


def differences(
    prompts: Mapping[str, Mapping[str, PictureCounts]],
    *,
    baseline: str,
    groups: Mapping[str, str] | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> dict[str, dict[str, FigureDifference]]:
    """Every prompt's figures against the baseline's: by prompt, then by figure.

    ``prompts`` hold counts by picture, all of the same pictures; a picture is known by its key,
    and the order of prompts, pictures and groups changes nothing. ``groups`` maps a picture to
    its group; one that is not in it is a group of its own. Resamples in which a figure divides by
    nothing are left out.

    Raises:
        KeyError: There is no prompt ``baseline``.
        ValueError: Prompts have other pictures than the baseline.
    """
    keys = sorted(prompts[baseline])
    for name, counts in prompts.items():
        if counts.keys() != prompts[baseline].keys():
            raise ValueError(f"{name} was not scored on the pictures of {baseline}")
    numbers = {
        name: np.array([counts[key].numbers for key in keys]).reshape(-1, len(NUMBERS))
        for name, counts in prompts.items()
    }
    places = _group_places(keys, groups or {})
    sums = {name: _grouped(rows, places) for name, rows in numbers.items()}
    drawn = _resampled(sums, resamples=resamples, seed=seed)
    return {
        name: {
            figure: _Paired(numbers, sums, drawn, baseline=baseline, other=name).of(figure)
            for figure in FIGURES
        }
        for name in prompts
        if name != baseline
    }


def standing(p_values: Sequence[float], *, rate: float = 1 - CONFIDENCE) -> list[bool]:
    """Which of many differences stand when all are looked at (Benjamini and Hochberg).

    Of those that stand, at most ``rate`` are expected to be chance.
    """
    ranked = np.sort(p_values)
    passed = np.flatnonzero(ranked <= rate * np.arange(1, len(ranked) + 1) / max(len(ranked), 1))
    largest = ranked[passed[-1]] if passed.size else -1.0
    return [bool(p <= largest) for p in p_values]


@dataclass(frozen=True, slots=True)
class _Paired:
    """Two prompts: counts by picture, by group, and summed in each resample."""

    numbers: Mapping[str, Floats]
    sums: Mapping[str, Floats]
    drawn: Mapping[str, Floats]
    baseline: str
    other: str

    def of(self, figure: str) -> FigureDifference:
        count = len(self.sums[self.other])
        [delta] = self._between(figure, {n: rows.sum(0)[None] for n, rows in self.sums.items()})
        won, lost, tied = self._tally(figure, self.numbers)
        groups_won, groups_lost, _ = self._tally(figure, self.sums)
        p_sign = _sign_test(groups_won, groups_lost)
        if np.isnan(delta):
            return FigureDifference(None, None, None, won, lost, tied, p_sign, 1.0, None)
        low, high, p = self._interval(figure, count)
        shown = low > 0 or high < 0
        needed = 0 if shown else self._needed(figure, float(delta))
        return FigureDifference(float(delta), low, high, won, lost, tied, p_sign, p, needed)

    def _between(self, figure: str, numbers: Mapping[str, Floats]) -> Floats:
        return _figure(figure, numbers[self.other]) - _figure(figure, numbers[self.baseline])

    def _tally(self, figure: str, numbers: Mapping[str, Floats]) -> tuple[int, int, int]:
        """How often the other one is better, worse and equal."""
        one, other = (
            np.nan_to_num(_figure(figure, numbers[name]), nan=1.0)
            for name in (self.baseline, self.other)
        )
        return int((other > one).sum()), int((other < one).sum()), int((other == one).sum())

    def _interval(self, figure: str, count: int) -> tuple[float, float, float]:
        """The ends of the interval and the p-value that goes with it."""
        values = self._between(figure, self.drawn)
        values = values[~np.isnan(values)]
        if count < FEWEST_GROUPS or not len(values):
            return -1.0, 1.0, 1.0
        tail = _tail(count)
        low, high = np.quantile(values, [tail, 1 - tail]).tolist()
        beyond = min((values <= 0).sum(), (values >= 0).sum())
        p = min(1.0, 2 * (int(beyond) + 1) / (len(values) + 1))
        return low, high, p

    def _needed(self, figure: str, delta: float) -> int | None:
        count, pictures = len(self.sums[self.other]), len(self.numbers[self.other])
        if not delta or count < 2:
            return None
        shares = _influence(figure, self.sums[self.other])
        shares = shares - _influence(figure, self.sums[self.baseline])
        wanted = (1.96 * float(shares.std(ddof=1)) / delta) ** 2
        groups = max(math.ceil(wanted), FEWEST_GROUPS, count + 1) - count
        return math.ceil(groups * pictures / count)


def _figure(name: str, numbers: Floats) -> Floats:
    """A figure of counts along the last axis; NaN where it divides by nothing."""
    part, whole = _quotient(name, numbers)
    undefined = np.full(whole.shape, np.nan)
    figure: Floats = np.divide(part, whole, out=undefined, where=whole > 0)
    return figure


def _quotient(name: str, numbers: Floats) -> tuple[Floats, Floats]:
    above, below = (
        np.array([side.get(number, 0) for number in NUMBERS], dtype=np.float64)
        for side in FIGURES[name]
    )
    return numbers @ above, numbers @ below


def _influence(name: str, sums: Floats) -> Floats:
    """By how much each group moves a figure of them all, as the mean of all is moved."""
    part, whole = _quotient(name, sums)
    shares: Floats = (part - whole * (part.sum() / whole.sum())) / whole.mean()
    return shares


def _tail(count: int) -> float:
    """What lies beyond either end of the interval, of ``count`` groups."""
    from scipy.special import ndtr, stdtrit  # noqa: PLC0415  # nobody else waits for it

    reach = stdtrit(count - 1, (1 + CONFIDENCE) / 2) * math.sqrt(count / (count - 1))
    return float(ndtr(-reach))


def _sign_test(won: int, lost: int) -> float:
    from scipy.special import bdtr  # noqa: PLC0415

    return min(1.0, 2 * float(bdtr(min(won, lost), won + lost, 0.5)))


def _group_places(keys: Sequence[str], groups: Mapping[str, str]) -> NDArray[np.intp]:
    """Each picture's group as a number; groups are in the order of their first pictures, so that
    their names do not matter.
    """
    numbers: defaultdict[tuple[bool, str], int] = defaultdict(lambda: len(numbers))
    return np.array([numbers[key in groups, groups.get(key, key)] for key in keys], dtype=np.intp)


def _grouped(rows: Floats, places: NDArray[np.intp]) -> Floats:
    sums = np.zeros((int(places.max(initial=-1)) + 1, rows.shape[1]))
    np.add.at(sums, places, rows)
    return sums


def _resampled(sums: Mapping[str, Floats], *, resamples: int, seed: int) -> dict[str, Floats]:
    """Counts of every prompt summed over the groups of each resample."""
    together = np.hstack([sums[name] for name in sorted(sums)])
    drawn = np.vstack([each @ together for each in _weights(len(together), resamples, seed)])
    return dict(zip(sorted(sums), np.split(drawn, len(sums), axis=1), strict=True))


def _weights(count: int, resamples: int, seed: int) -> Iterator[Floats]:
    """How often each group is drawn, shape (resamples, count), in parts: multinomial numbers."""
    random = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // max(count, 1))
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        drawn = random.integers(0, max(count, 1), size=(rows, count))
        drawn += np.arange(rows)[:, None] * count
        flat = np.bincount(drawn.ravel(), minlength=rows * count)
        yield flat.reshape(rows, count).astype(np.float64)
