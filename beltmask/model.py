"""The nouns of BeltMask as frozen dataclasses. ``CONTEXT.md`` defines each word."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from beltmask.findings import Finding, Prediction, Problem, Prompt, PromptClass, Reply, Usage
from beltmask.geometry import BeltRegion, BoolArray, Box, Line, Mask, Pixels, Size
from beltmask.kinds import (
    AnnotationSource,
    AnnotationState,
    MaskSource,
    ReviewState,
    TaskState,
    Tiling,
)
from beltmask.messages import Explanation

__all__ = [
    "AnnotationSource",
    "AnnotationState",
    "BeltRegion",
    "BoolArray",
    "Box",
    "Finding",
    "Line",
    "Mask",
    "MaskSource",
    "Pixels",
    "Prediction",
    "Problem",
    "Prompt",
    "PromptClass",
    "Reply",
    "ReviewState",
    "Size",
    "TaskState",
    "Tiling",
    "Usage",
]
"""From ``findings``, ``geometry`` and ``kinds``, offered here beside the nouns that use them."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a person, or the app itself for a run."""

    name: str


THE_APP = Actor("beltmask")


@dataclass(frozen=True, slots=True)
class Project:
    id: int
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Class:
    """``position`` is the index in exports (from 0); it never moves.

    ``merged_into`` is the id of the class that took this one up; it is retired then.
    """

    id: int
    project_id: int
    position: int
    name: str
    color: str
    key: str | None = None
    aliases: tuple[str, ...] = ()
    merged_into: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Decoded upright pixels as a detector sees them: RGB, shape (rows, columns, 3).

    ``belt`` is where in them objects count; None means everywhere.
    """

    name: str
    sha256: str
    pixels: Pixels
    belt: BeltRegion | None = None

    @property
    def size(self) -> Size:
        return (self.pixels.shape[1], self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What was learned about a picture on its way in; sizes are of the upright picture."""

    name: str
    sha256: str
    width: int
    height: int
    file_format: str
    byte_count: int
    orientation: int = 1
    bit_depth: int = 8
    window: tuple[float, float] | None = None
    captured_at: datetime | None = None
    folder: str = ""

    @property
    def size(self) -> Size:
        return (self.width, self.height)


@dataclass(frozen=True, slots=True)
class Image:
    """One picture of one project. ``object_count`` leaves rejected objects out."""

    id: int
    project_id: int
    facts: ImageFacts
    review: ReviewState
    revision: int
    object_count: int
    added_at: datetime
    deleted_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.facts.name

    @property
    def size(self) -> Size:
        return self.facts.size


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """A prompt a project keeps under a name. ``number`` counts from 1 within the project.

    ``parent`` is the number of the version it was made from; None when it was made from scratch.
    """

    id: int
    project_id: int
    number: int
    name: str
    prompt: Prompt
    notes: str
    parent: int | None
    actor: Actor
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """``belt`` is the project's belt region as it was when the run began.

    What a run of a comparison finds is measured, and never proposed.
    """

    id: int
    project_id: int
    prompt: Prompt
    created_at: datetime
    actor: Actor
    belt: BeltRegion | None = None
    comparison_id: int | None = None


@dataclass(frozen=True, slots=True)
class Contender:
    """A prompt in a comparison, or predictions from a file, under its name there."""

    name: str
    prompt: Prompt
    id: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Prompts asked about the same approved pictures, ``repeats`` times each.

    ``baseline`` is the name of the contender the others are held against; ``budget`` is in USD,
    None without a limit. ``seed`` chose the pictures, where they are a sample.
    """

    id: int
    project_id: int
    name: str
    image_ids: tuple[int, ...]
    contenders: tuple[Contender, ...]
    baseline: str
    actor: Actor
    created_at: datetime
    repeats: int = 1
    iou: float = 0.5
    budget: float | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One unit of a run: one image asked once. ``deaths`` counts processes that ended with it."""

    id: int
    run_id: int
    image_id: int
    repeat: int
    state: TaskState
    error: Explanation | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    deaths: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Annotation:
    """An object in the working truth of an image.

    ``box`` is the mask's box, or the only shape there is while ``mask`` is None.
    ``revision`` counts the changes of this object from 1. ``position`` is its place among the
    image's objects, which it keeps when it is deleted and brought back; 0 until it is stored.
    Objects of a higher ``layer`` lie on top; within one, small objects on large ones.
    """

    id: str
    image_id: int
    label: str
    box: Box
    mask: Mask | None
    source: AnnotationSource
    state: AnnotationState
    class_id: int | None = None
    prediction_id: int | None = None
    revision: int = 1
    position: int = 0
    layer: int = 0

    @property
    def conflict_copy(self) -> bool:
        """A person's shape of an object that somebody else changed meanwhile, not settled yet."""
        proposed = self.state is AnnotationState.PROPOSED
        return proposed and self.source is AnnotationSource.HUMAN


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One object before and after an operation; None means it did not exist."""

    before: Annotation | None
    after: Annotation | None


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One gesture of a person (or one run's proposals), kept so it can be undone."""

    id: str
    image_id: int
    kind: str
    actor: Actor
    at: datetime
    changes: tuple[Change, ...]
    review_before: ReviewState
    review_after: ReviewState
    detail: dict[str, Any] = field(default_factory=dict)
