"""What comparing prompts would take, on which pictures, and whether it can be done as wished."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from beltmask.detectors.base import Estimate
from beltmask.errors import NotFoundError, SettingsError
from beltmask.messages import Message
from beltmask.model import Comparison, Contender, ReviewState
from beltmask.store.images import ImageFilter
from beltmask.store.records import Records
from beltmask.workflows.costs import estimate_for
from beltmask.workflows.imported_predictions import FROM_FILE
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

MOST_REPEATS = 20


@dataclass(frozen=True, slots=True)
class ComparisonWish:
    """What somebody wants compared. Without ``pictures``, on every approved picture.

    ``baseline`` is a contender's name; "" is the first. ``budget`` is in USD.
    """

    project_id: int
    contenders: tuple[Contender, ...]
    name: str = ""
    pictures: int | None = None
    seed: int = 0
    repeats: int = 1
    baseline: str = ""
    iou: float = 0.5
    budget: float | None = None
    unseen_by: int = 0


@dataclass(frozen=True, slots=True)
class ComparisonPlan:
    """What a comparison would take. ``reused`` answers are there already, and cost nothing.

    ``asked``: how often a picture is asked about; ``requests`` fewest and most; tokens and USD
    from one object per request to as many as allowed. ``cost`` is None where a price is not
    known, ``minutes`` where nobody knows how long a model takes.
    """

    image_ids: tuple[int, ...]
    asked: int
    reused: int
    requests: tuple[int, int]
    input_tokens: int
    output_tokens: tuple[int, int]
    cost: tuple[float, float] | None
    minutes: float | None


def plan_comparison(wish: ComparisonWish, *, services: Services) -> ComparisonPlan:
    """What comparing would take, and on which pictures.

    Raises:
        SettingsError: It cannot be done as it is wished.
        NotFoundError: No picture is approved, or fewer than wished.
    """
    with services.store.read() as records:
        require(services.actor, Action.SEE_IMAGES, wish.project_id)
        asked = checked(wish, records, services)
        missing = [_missing(asked, each, records) for each in asked.contenders]
        seconds = [
            records.replies.mean_latency(each.prompt.detector, each.prompt.model)
            for each in asked.contenders
        ]
    estimates = [
        _estimate(contender, cells, services)
        for contender, cells in zip(asked.contenders, missing, strict=True)
    ]
    cells = sum(map(len, missing))
    everything = len(asked.image_ids) * asked.repeats * len(asked.contenders)
    return ComparisonPlan(
        image_ids=asked.image_ids,
        asked=cells,
        reused=everything - cells,
        requests=_range([each.requests for each in estimates]),
        input_tokens=sum(each.input_tokens for each in estimates),
        output_tokens=_range([each.output_tokens for each in estimates]),
        cost=_cost(estimates),
        minutes=_minutes(estimates, seconds, workers=services.settings.workers),
    )


def checked(wish: ComparisonWish, records: Records, services: Services) -> Comparison:
    """The comparison that is meant, on pictures there are."""
    _check_contenders(wish.contenders)
    names = [each.name for each in wish.contenders]
    baseline = wish.baseline or names[0]
    if baseline not in names:
        hint = Message("comparisons.choose_baseline", names=tuple(names))
        raise SettingsError(Message("comparisons.not_among", name=baseline), hint=hint)
    if not 0 < wish.iou <= 1:
        hint = Message("comparisons.between")
        raise SettingsError(Message("comparisons.iou_range", iou=wish.iou), hint=hint)
    if not 1 <= wish.repeats <= MOST_REPEATS:
        raise SettingsError(
            Message("comparisons.repeats_from_one", most=MOST_REPEATS),
            hint=Message("comparisons.between"),
        )
    return Comparison(
        id=0,
        project_id=wish.project_id,
        name=wish.name or " / ".join(names),
        image_ids=_pictures(wish, records),
        contenders=wish.contenders,
        baseline=baseline,
        actor=services.actor,
        created_at=datetime.now(UTC),
        repeats=wish.repeats,
        iou=wish.iou,
        budget=wish.budget,
        seed=None if wish.pictures is None else wish.seed,
    )


def _check_contenders(contenders: Sequence[Contender]) -> None:
    hint = Message("comparisons.name_another")
    if len(contenders) < 2:
        raise SettingsError(Message("comparisons.two_needed"), hint=hint)
    for position, one in enumerate(contenders):
        for other in contenders[:position]:
            if one.name == other.name:
                raise SettingsError(Message("comparisons.name_twice", name=one.name), hint=hint)
            if one.prompt == other.prompt:
                said = Message("comparisons.asked_twice", one=other.name, other=one.name)
                raise SettingsError(said, hint=hint)


def _pictures(wish: ComparisonWish, records: Records) -> tuple[int, ...]:
    """Ids of all approved images, or of a sample that the seed alone decides."""
    approved = records.images.ids(ImageFilter(wish.project_id, (ReviewState.APPROVED,)))
    if not approved:
        hint = Message("comparisons.approve_some")
        raise NotFoundError(Message("comparisons.no_truth"), hint=hint)
    if wish.unseen_by:
        seen = set(records.comparisons.get(wish.unseen_by).image_ids)
        approved = [image_id for image_id in approved if image_id not in seen]
        if not approved:
            hint = Message("comparisons.approve_more")
            raise NotFoundError(Message("comparisons.all_seen"), hint=hint)
    if wish.pictures is None:
        return tuple(approved)
    if not 0 < wish.pictures <= len(approved):
        said = Message("comparisons.too_few_pictures", count=len(approved), wanted=wish.pictures)
        raise NotFoundError(said, hint=Message("comparisons.take_fewer"))
    chosen = random.Random(wish.seed).sample(approved, wish.pictures)  # noqa: S311
    return tuple(sorted(chosen))


def cells_of(asked: Comparison) -> Iterator[tuple[int, int]]:
    """Every picture once, then every picture again: whoever looks early sees all of them."""
    for repeat in range(asked.repeats):
        for image_id in asked.image_ids:
            yield image_id, repeat


def _missing(asked: Comparison, contender: Contender, records: Records) -> list[tuple[int, int]]:
    if contender.prompt.detector == FROM_FILE:
        return []
    region_id = records.belt_regions.newest(asked.project_id)
    there = records.comparisons.answered(asked, contender, region_id=region_id)
    return [cell for cell in cells_of(asked) if cell not in there]


def _estimate(
    contender: Contender, cells: Sequence[tuple[int, int]], services: Services
) -> Estimate:
    """What asking about the cells takes; nothing but looks, where it costs nothing."""
    image_ids = [image_id for image_id, _ in cells]
    told = estimate_for(contender.prompt, image_ids, services=services)
    looks = len(cells)
    return told or Estimate(looks, (looks, looks), 0, (0, 0), (0.0, 0.0))


def _range(ranges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(low for low, _ in ranges), sum(high for _, high in ranges)


def _cost(estimates: Sequence[Estimate]) -> tuple[float, float] | None:
    costs = [each.cost for each in estimates if each.cost is not None]
    if len(costs) < len(estimates):
        return None
    return sum(low for low, _ in costs), sum(high for _, high in costs)


def _minutes(
    estimates: Sequence[Estimate], seconds: Sequence[float | None], *, workers: int
) -> float | None:
    """Of a machine that has nothing else to do."""
    total = 0.0
    for estimate, each in zip(estimates, seconds, strict=True):
        if estimate.pictures and each is None:
            return None
        total += estimate.requests[1] * (each or 0.0)
    return total / max(workers, 1) / 60
