"""The embedded detector: foreign objects on a belt, without key or network.

The belt is learnt from the picture itself (``belt``), what differs from it is cut out
(``patches``), a small network gives a second opinion where its weights are there
(``saliency``, ``fusion``), what belongs to belt or machine is dropped (``surface``,
``placement``), touching objects are split (``splitting``). What a person points at is looked for
once more (``pointed``).
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from beltmask.detectors.base import (
    Availability,
    Detector,
    DetectorTraits,
    Event,
    ObjectFound,
    ProblemFound,
    ReplyFinished,
    RequestSent,
)
from beltmask.detectors.belt import lab_of
from beltmask.detectors.fusion import fuse
from beltmask.detectors.patches import (
    MIN_AREA,
    Patch,
    cut_patches,
    full_size_mask,
    stands_out,
    without_nested,
)
from beltmask.detectors.placement import lies_on_belt, without_pattern
from beltmask.detectors.saliency import Saliency, SaliencyNetwork, look_twice
from beltmask.detectors.sketch_prompts import find_pointed
from beltmask.detectors.surface import belt_pixels, ground_difference, learn_grounds
from beltmask.detectors.touching_objects import split_touching
from beltmask.messages import Message
from beltmask.model import Finding, Mask, MaskSource, Picture, Pixels, Problem, Prompt, Reply

LABEL = "foreign object"
WORK_SIDE = 640
LEAST_STEP = 4.0
SURE_STEP = 12.0
POINTED_SCORE = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class FoundObject:
    """An object and how sure it is, 0..1: how sharply it stands out from the belt."""

    mask: Mask
    score: float
    source: MaskSource = MaskSource.MODEL


def find_objects(rgb: Pixels, *, saliency: Saliency | None = None) -> list[FoundObject]:
    """The foreign objects in a picture, the surest first; an empty belt gives none.

    Args:
        rgb: Shape (rows, columns, 3).
        saliency: The network, or None to do without.
    """
    work = _work_copy(rgb)
    found = [
        FoundObject(mask, _score(patch.step))
        for patch in _find_patches(work, saliency)
        if (mask := full_size_mask(patch, work=work, rgb=rgb)) is not None
    ]
    return sorted(found, key=lambda one: -one.score)


def _find_patches(work: Pixels, saliency: Saliency | None) -> list[Patch]:
    lab = lab_of(np.asarray(cv2.GaussianBlur(work, (0, 0), 0.8)))
    grounds = learn_grounds(lab)
    difference = ground_difference(lab, grounds)
    belt = belt_pixels(lab, grounds)
    patches = cut_patches(difference)
    if saliency is None:
        patches = [patch for patch in patches if stands_out(patch, difference, LEAST_STEP)]
    else:
        patches = fuse(patches, look_twice(work, saliency), difference)
    whole = without_nested(patches, difference.shape)
    placed = [patch for patch in whole if lies_on_belt(patch, difference, belt)]
    pieces = [piece for patch in without_pattern(placed, lab) for piece in _pieces(patch)]
    return [piece for piece in pieces if piece.area >= MIN_AREA * difference.size]


def _pieces(patch: Patch) -> list[Patch]:
    return [Patch(bits, patch.x, patch.y, patch.step) for bits in split_touching(patch.bits)]


def _work_copy(rgb: Pixels) -> Pixels:
    scale = WORK_SIDE / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))


def _score(step: float) -> float:
    return round(float(np.clip(step / SURE_STEP, 0.05, 1.0)), 3)


class OfflineDetector(Detector):
    """Always ready; better when the weights of the saliency network are there."""

    name = "offline"
    traits = DetectorTraits(ignores_sketches="")

    def __init__(self, *, weights: Path | None = None) -> None:
        """``weights`` is where the network's file may be; it is read at the first picture."""
        self._weights = weights
        self._lock = threading.Lock()
        self._network: SaliencyNetwork | None = None

    @property
    def has_weights(self) -> bool:
        """Whether the saliency network is at work."""
        return self._weights is not None and self._weights.is_file()

    def availability(self) -> Availability:
        if self.has_weights:
            return Availability(
                ready=True, note="Belt model and saliency network, on this machine."
            )
        note = "Belt model alone, on this machine. `make weights` adds the saliency network."
        return Availability(ready=True, note=note)

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        """The objects on the belt, and what the strokes point at; it cannot read the rest."""
        started = time.perf_counter()
        asked = " ".join(map(str, (self.name, picture.sha256, *prompt.sketch)))
        request = hashlib.sha256(asked.encode()).hexdigest()
        yield RequestSent(request)
        saliency, problem = self._saliency()
        if problem is not None:
            yield ProblemFound(problem)
        found = find_objects(picture.pixels, saliency=saliency)
        pointed, missed = find_pointed(picture.pixels, prompt.sketch, [one.mask for one in found])
        found += (FoundObject(mask, POINTED_SCORE, MaskSource.REFINED) for mask in pointed)
        yield from (ObjectFound(_finding(one)) for one in found)
        yield from (ProblemFound(_nothing_at(number)) for number in missed)
        latency = time.perf_counter() - started
        yield ReplyFinished(Reply(_as_text(found), request, self.name, latency=latency))

    def _saliency(self) -> tuple[Saliency | None, Problem | None]:
        """The network, read once; a problem when its file is there and cannot be used."""
        with self._lock:
            if self._network is None and self._weights is not None and self._weights.is_file():
                try:
                    self._network = SaliencyNetwork(self._weights)
                except (OSError, ValueError) as error:
                    return None, Problem(
                        "weights unusable",
                        Message(
                            "detectors.weights_unusable", name=self._weights.name, reason=str(error)
                        ),
                    )
            return self._network, None


def _finding(one: FoundObject) -> Finding:
    return Finding(LABEL, one.mask.box, one.mask, one.source, one.score)


def _nothing_at(number: int) -> Problem:
    return Problem("nothing_pointed_at", Message("detectors.nothing_pointed_at", number=number))


def _as_text(found: list[FoundObject]) -> str:
    """What the reply keeps: box corners x0, y0, x1, y1 in pixels, and the score."""
    rows = [{"label": LABEL, "box": one.mask.box.corners, "score": one.score} for one in found]
    return json.dumps(rows)
