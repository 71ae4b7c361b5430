"""Short closed lists: where things come from, and in which state they are."""

from __future__ import annotations

from enum import StrEnum


class MaskSource(StrEnum):
    """Where a prediction's mask came from."""

    MODEL = "model"
    REFINED = "refined"
    NONE = "none"


class AnnotationSource(StrEnum):
    MODEL = "model"
    HUMAN = "human"
    EDITED_MODEL = "model+edited"


class AnnotationState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"


class ReviewState(StrEnum):
    NEW = "new"
    PREDICTED = "predicted"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    REJECTED = "rejected"


class TaskState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PAUSED = "paused"


class Tiling(StrEnum):
    """How a picture larger than what is sent is looked at."""

    WHOLE = "whole"
    TILES = "tiles"
    SUSPECTS = "suspects"
