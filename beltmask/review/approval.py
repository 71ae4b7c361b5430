"""When an image may become truth."""

from __future__ import annotations

from collections.abc import Sequence

from beltmask.errors import OpenProposalsError, ReviewError
from beltmask.messages import Message
from beltmask.model import Annotation, AnnotationState


def check_approval(annotations: Sequence[Annotation]) -> None:
    """Approving needs every object settled and every kept object in a class.

    Raises:
        OpenProposalsError: Proposals are left.
        ReviewError: A kept object has no class.
    """
    waiting = sum(a.state is AnnotationState.PROPOSED for a in annotations)
    if waiting:
        raise OpenProposalsError(Message("review.proposals_left", count=waiting))
    kept = [a for a in annotations if a.state is not AnnotationState.REJECTED]
    without = sorted({a.label for a in kept if a.class_id is None})
    if without:
        hint = Message("review.give_class")
        raise ReviewError(Message("review.no_class_for", labels=tuple(without)), hint=hint)
