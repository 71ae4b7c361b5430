"""Two witnesses, one answer: the belt's model and the saliency network.

The network outlines compact things well and knows nothing about belts; the model sees
threads and print, and is led astray by stains. Where both see a thing, the network's outline
is taken; a thing only one of them sees must be clearer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from beltmask.detectors.belt import Map
from beltmask.detectors.patches import MIN_AREA, Patch, connected_patches, measured, stands_out

SALIENT = 0.5
LARGEST = 0.3
LARGEST_ALONE = 0.08
AGREEMENT = 0.3
LEAST_STEP_SALIENT = 1.0
LEAST_STEP_ALONE = 5.0


def fuse(patches: Sequence[Patch], salient: Map, difference: Map) -> list[Patch]:
    """What the two find together; ``patches`` is what the belt's model found."""
    seen = _salient_patches(patches, salient, difference)
    labels = _labels(seen, difference.shape)
    kept, replaced = [], set()
    for patch in patches:
        shares = np.bincount(labels[patch.window][patch.bits], minlength=len(seen) + 1)
        if shares[1:].sum() > 0.5 * patch.area:
            continue
        inside = [i for i, other in enumerate(seen) if shares[i + 1] > 0.5 * other.area]
        if len(inside) == 1:
            replaced.add(inside[0])
        if len(inside) == 1 or (not inside and stands_out(patch, difference, LEAST_STEP_ALONE)):
            kept.append(patch)
    return kept + [patch for i, patch in enumerate(seen) if i not in replaced]


def _salient_patches(patches: Sequence[Patch], salient: Map, difference: Map) -> list[Patch]:
    """What the network marks, without whole belts and without what does not differ at all."""
    differs = _labels(patches, difference.shape) > 0
    marked = connected_patches(salient > SALIENT, MIN_AREA * difference.size)
    return [
        patch
        for patch in (measured(patch, difference) for patch in marked)
        if _is_credible(patch, float(differs[patch.window][patch.bits].mean()), differs.size)
    ]


def _is_credible(patch: Patch, agreement: float, picture_area: int) -> bool:
    if patch.area > LARGEST * picture_area:
        return False
    if agreement >= AGREEMENT:
        return True
    return patch.step >= LEAST_STEP_SALIENT and patch.area <= LARGEST_ALONE * picture_area


def _labels(patches: Sequence[Patch], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """The number of the patch, from 1, at every pixel; 0 where there is none."""
    labels = np.zeros(shape, dtype=np.intp)
    for number, patch in enumerate(patches, start=1):
        labels[patch.window][patch.bits] = number
    return labels
