"""Money and time: what a run may cost, what it did cost, and the budget of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from beltmask.detectors.base import Estimate
from beltmask.detectors.region import seen_window
from beltmask.model import Prompt
from beltmask.store.replies import Spent
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

__all__ = ["Estimate", "Spent"]

_LOOKED_AT = 500


def estimate_for(
    prompt: Prompt, image_ids: Sequence[int], *, services: Services
) -> Estimate | None:
    """What asking about the images may take; None when it costs nothing, or nobody knows what.

    Of many images, the first 500 stand for all.
    """
    if not image_ids:
        return None
    with services.store.read() as records:
        sizes = records.images.sizes(image_ids[:_LOOKED_AT])
        project_id = records.images.get(image_ids[0]).project_id
        require(services.actor, Action.SEE_IMAGES, project_id)
        region = records.belt_regions.of_project(project_id)
    seen = [(part.width, part.height) for part in (seen_window(region, size) for size in sizes)]
    detector = services.detectors[prompt.detector]
    some = detector.estimate(prompt, seen, datetime.now(UTC).date())
    return some and _scaled(some, len(image_ids))


def spent_on(run_id: int, *, services: Services) -> Spent:
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, records.runs.get(run_id).project_id)
        return records.replies.spent_on(run_id)


def budget_left(services: Services) -> float | None:
    """USD that may still be spent today; None without a limit."""
    return services.budget.left()


def _scaled(some: Estimate, pictures: int) -> Estimate:
    share = pictures / max(some.pictures, 1)
    low, high = some.output_tokens
    fewest, most = some.requests
    return replace(
        some,
        pictures=pictures,
        requests=(round(fewest * share), round(most * share)),
        input_tokens=round(some.input_tokens * share),
        output_tokens=(round(low * share), round(high * share)),
        cost=some.cost and (some.cost[0] * share, some.cost[1] * share),
    )
