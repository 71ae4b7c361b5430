"""The same figures for parts of the pictures or of the objects: by class, size, zone, day.

What a part is called is up to the caller: a name for each picture (its camera, its brightness), or
for each object (its class, its size). Many parts looked at together are corrected for their number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from beltmask.model import Size
from beltmask.scoring.boundaries import TOLERANCE, boundary_f, tolerance_in_pixels
from beltmask.scoring.figures import Score
from beltmask.scoring.matching import Matches
from beltmask.scoring.overlaps import ScoredObject
from beltmask.scoring.picture_counts import ABOVE_HALF, HALF, PictureCounts, matched_objects
from beltmask.scoring.statistics import FigureDifference, differences, standing

PromptPictures = Mapping[str, Mapping[str, PictureCounts]]
"""Counts by prompt and picture."""


@dataclass(frozen=True, slots=True)
class SliceDifference:
    """A prompt against the baseline in one slice. ``stands``: also when it is heeded how many
    slices and prompts were looked at.
    """

    slice: str
    prompt: str
    pictures: int
    difference: FigureDifference
    stands: bool


def slice_differences(
    slices: Mapping[str, PromptPictures],
    *,
    baseline: str,
    figure: str = "f1",
    groups: Mapping[str, str] | None = None,
    seed: int = 0,
) -> list[SliceDifference]:
    """Every prompt's difference in every slice, by slice and prompt.

    Raises:
        KeyError: A slice has no prompt ``baseline``.
        ValueError: Prompts of a slice have other pictures than its baseline.
    """
    found = [
        (name, prompt, len(prompts[baseline]), figures[figure])
        for name, prompts in sorted(slices.items())
        for prompt, figures in sorted(
            differences(prompts, baseline=baseline, groups=groups, seed=seed).items()
        )
    ]
    firm = standing([difference.p for *_, difference in found])
    return [SliceDifference(*each, stands) for each, stands in zip(found, firm, strict=True)]


def by_picture(prompts: PromptPictures, names: Mapping[str, str]) -> dict[str, PromptPictures]:
    """Counts parted by the name of each picture; pictures without a name are left out."""
    parts: dict[str, dict[str, dict[str, PictureCounts]]] = {}
    for prompt, pictures in prompts.items():
        for key, counts in pictures.items():
            if key in names:
                parts.setdefault(names[key], {}).setdefault(prompt, {})[key] = counts
    return dict(parts)


def by_object(
    predictions: Sequence[ScoredObject],
    truth: Sequence[ScoredObject],
    size: Size,
    *,
    name_of: Callable[[ScoredObject], str],
    iou: float = HALF,
    tolerance: float = TOLERANCE,
) -> dict[str, PictureCounts]:
    """One picture's counts parted by the names of its objects; together they are its counts.

    A pair, and a fault with an object of the truth, belong to the truth's slice (that of its
    first object), what is extra to the prediction's own.

    Raises:
        ValueError: ``iou`` is not above 0 and at most 1.
    """
    objects = matched_objects(predictions, truth)
    ours, theirs = [name_of(each) for each in predictions], [name_of(each) for each in truth]
    found, strict = objects.match(iou), objects.match(ABOVE_HALF)
    lines: defaultdict[str, float] = defaultdict(float)
    pixels = tolerance_in_pixels(size, share=tolerance)
    for pair in found.pairs:
        lines[theirs[pair.truth]] += boundary_f(
            predictions[pair.prediction], truth[pair.truth], pixels=pixels
        )
    errors: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for fault in objects.faults:
        name = theirs[fault.truth[0]] if fault.truth else ours[fault.predictions[0]]
        errors[name][str(fault.kind)] += 1
    return {
        name: PictureCounts(
            _part(found, ours, theirs, name),
            _part(strict, ours, theirs, name),
            lines[name],
            dict(errors[name]),
        )
        for name in sorted({*ours, *theirs})
    }


def _part(matches: Matches, ours: Sequence[str], theirs: Sequence[str], name: str) -> Score:
    return Score.of(
        Matches(
            pairs=tuple(pair for pair in matches.pairs if theirs[pair.truth] == name),
            false=tuple(i for i in matches.false if ours[i] == name),
            missed=tuple(i for i in matches.missed if theirs[i] == name),
        )
    )
