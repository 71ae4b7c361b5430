"""When an image may become truth."""

from __future__ import annotations

from collections.abc import Sequence

from beltmask.errors import OpenProposalsError, ReviewError
from beltmask.model import Annotation, AnnotationState


def check_approval(annotations: Sequence[Annotation]) -> None:
    """Approving needs every object settled and every kept object in a class.

    Raises:
        OpenProposalsError: Proposals are left.
        ReviewError: A kept object has no class.
    """
    waiting = sum(a.state is AnnotationState.PROPOSED for a in annotations)
    if waiting:
        raise OpenProposalsError(f"{waiting} proposed object{'s' * (waiting > 1)} left")
    kept = [a for a in annotations if a.state is not AnnotationState.REJECTED]
    without = sorted({a.label for a in kept if a.class_id is None})
    if without:
        names = ", ".join(f'"{label}"' for label in without)
        raise ReviewError(f"no class for {names}", hint="Give these objects a class first.")
