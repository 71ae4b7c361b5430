"""Where on a fixed camera's pictures objects count: drawn once, heeded by every detector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from beltmask.detectors.lines import area_of, ring_of
from beltmask.errors import SettingsError
from beltmask.masks import Ring, difference, mask_from_box
from beltmask.messages import Message
from beltmask.model import BeltRegion, Box, Line, Size
from beltmask.store.records import Records
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

__all__ = ["BeltRegion", "Rings"]

_DIGITS = 5
_SHAPE: Size = (1000, 1000)
"""Any size would do to see whether a region leaves something."""
_LEAST = 0.01
_MOST_CORNERS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """A region in the pixels of one picture: closed outlines, on pixel edges."""

    belt: tuple[Ring, ...]
    ignored: tuple[Ring, ...]


def belt_region_of(project_id: int, *, services: Services) -> BeltRegion | None:
    """The project's region; None where objects count everywhere."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.belt_regions.of_project(project_id)


def bring_back_region(project_id: int, *, services: Services) -> BeltRegion:
    """Let the region before hold again, and the other one when this is done once more."""
    require(services.actor, Action.CHANGE_BELT_REGION, project_id)
    with services.store.write() as records:
        records.projects.get(project_id, lock=True)
        before = records.belt_regions.before(project_id) or BeltRegion()
        _keep(records, project_id, before, services)
    return before


def region_rings(project_id: int, size: Size, *, services: Services) -> Rings:
    """The project's region over a picture of ``size``; empty where there is none."""
    region = belt_region_of(project_id, services=services)
    return rings_of_region(region or BeltRegion(), size)


def rings_of_region(region: BeltRegion, size: Size) -> Rings:
    belt, ignored = (
        tuple(ring_of(line, size) for line in lines) for lines in (region.belt, region.ignored)
    )
    return Rings(belt, ignored)


def change_belt_region(project_id: int, region: BeltRegion, *, services: Services) -> BeltRegion:
    """From the next run on this region holds; an empty one lets objects count everywhere.

    Corners are moved into the picture. Returns the region as it is kept.

    Raises:
        SettingsError: Less than a hundredth of the picture is left, or it has too many corners.
        NotFoundError: There is no such project.
    """
    require(services.actor, Action.CHANGE_BELT_REGION, project_id)
    tidy = BeltRegion(_tidy(region.belt), _tidy(region.ignored))
    _check(tidy)
    with services.store.write() as records:
        records.projects.get(project_id, lock=True)
        _keep(records, project_id, tidy, services)
    return tidy


def _keep(records: Records, project_id: int, region: BeltRegion, services: Services) -> None:
    """The project is held; what holds already is not kept again."""
    if region != (records.belt_regions.of_project(project_id) or BeltRegion()):
        records.belt_regions.add(project_id, region, actor=services.actor)


def _tidy(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Inside the picture, to a hundredth of a thousandth, without what encloses nothing."""
    inside = (tuple((_within(x), _within(y)) for x, y in line) for line in lines if len(line) >= 3)
    return tuple(line for line in inside if area_of([line], _SHAPE) is not None)


def _within(share: float) -> float:
    return round(min(max(share, 0.0), 1.0), _DIGITS)


def _check(region: BeltRegion) -> None:
    if sum(len(line) for line in (*region.belt, *region.ignored)) > _MOST_CORNERS:
        hint = Message("belt.fewer_corners", most=_MOST_CORNERS)
        raise SettingsError(Message("belt.too_many_corners"), hint=hint)
    everything = mask_from_box(Box(0, 0, *_SHAPE))
    belt = area_of(region.belt, _SHAPE) if region.belt else everything
    left = difference(belt, area_of(region.ignored, _SHAPE))
    if left is None or left.area < _LEAST * everything.area:
        hint = Message("belt.draw_larger")
        raise SettingsError(Message("belt.too_small"), hint=hint)
