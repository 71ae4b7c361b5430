"""Large pictures: overlapping tiles at full resolution, joined across their seams.

A detector is sent a picture of at most ``Prompt.image_side`` pixels. On a line scan of
12,000 x 4,000 that is one pixel in twelve, and small things are gone before anybody looks. Each
tile is a question of its own through the same door; what they answer becomes one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from beltmask.detectors.base import Detector, Event, ObjectFound, ObjectsWithdrawn, ProblemFound
from beltmask.geometry import Box, Mask, Size
from beltmask.masks import intersection_area, mask_from_box, moved, part_in, union
from beltmask.model import Finding, Picture, Problem, Prompt

OVERLAP = 5
"""Neighbouring tiles share at least one part in this many of their side."""
SAME_OBJECT = 0.5
"""Share of the smaller piece, within what both tiles saw, that makes two pieces one object."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A finding in the whole picture's pixels, and the tile that was looked at."""

    finding: Finding
    tile: Box


def tiles_of(size: Size, side: int) -> list[Box]:
    """Tiles of at most ``side`` pixels that cover a picture of ``size``, row by row.

    Neighbours overlap, evenly, by a fifth of their side or more.
    """
    columns, rows = _steps(size[0], side), _steps(size[1], side)
    width, height = min(side, size[0]), min(side, size[1])
    return [Box(x, y, x + width, y + height) for y in rows for x in columns]


def detect_in_tiles(
    detector: Detector, picture: Picture, prompt: Prompt, tiles: Sequence[Box]
) -> Iterator[Event]:
    """Ask about every tile; objects come at the end, whole and each once.

    Raises:
        DetectorError: A tile could not be answered, so part of the picture was not looked at.
    """
    pieces: list[Piece] = []
    for number, tile in enumerate(tiles, start=1):
        where = f"tile {number} of {len(tiles)}"
        for event in detector.detect(_cut(picture, tile, where), prompt):
            if isinstance(event, ObjectFound):
                pieces.append(Piece(_placed(event.finding, tile), tile))
            elif isinstance(event, ObjectsWithdrawn):
                pieces = [piece for piece in pieces if piece.tile != tile]
            elif isinstance(event, ProblemFound):
                yield ProblemFound(_told(event.problem, where))
            else:
                yield event
    yield from (ObjectFound(finding) for finding in joined(pieces))


def detect_closely(
    detector: Detector, picture: Picture, prompt: Prompt, *, side: int
) -> Iterator[Event]:
    """Ask about the whole picture first, then look closely only where something is suspected."""
    suspects: list[Box] = []
    for event in detector.detect(picture, prompt):
        if isinstance(event, ObjectFound):
            suspects.append(event.finding.box)
        elif isinstance(event, ObjectsWithdrawn):
            suspects.clear()
        else:
            yield event
    tiles = [tile for tile in tiles_of(picture.size, side) if _any_inside(suspects, tile)]
    yield from detect_in_tiles(detector, picture, prompt, tiles)


def joined(pieces: Sequence[Piece]) -> list[Finding]:
    """Pieces of one object, seen from several tiles, put together; others as they are."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        same = [group for group in groups if any(_same(piece, other) for other in group)]
        groups = [group for group in groups if group not in same]
        groups.append([piece, *(other for group in same for other in group)])
    return [_together([piece.finding for piece in group]) for group in groups]


def _steps(length: int, side: int) -> list[int]:
    """Where tiles begin along one axis."""
    if length <= side:
        return [0]
    stride = side - side // OVERLAP
    gaps = -(-(length - side) // stride)
    return [round(step * (length - side) / gaps) for step in range(gaps + 1)]


def _cut(picture: Picture, tile: Box, where: str) -> Picture:
    pixels = picture.pixels[tile.y0 : tile.y1, tile.x0 : tile.x1]
    return Picture(f"{picture.name}, {where}", picture.sha256, pixels)


def _placed(finding: Finding, tile: Box) -> Finding:
    """A tile's finding in the whole picture's pixels."""
    mask = None if finding.mask is None else moved(finding.mask, tile.x0, tile.y0)
    return replace(finding, box=finding.box.moved(tile.x0, tile.y0), mask=mask)


def _told(problem: Problem, where: str) -> Problem:
    return replace(problem, detail=f"{where}: {problem.detail}")


def _any_inside(boxes: Iterable[Box], tile: Box) -> bool:
    return any(box.overlap(tile) is not None for box in boxes)


def _same(first: Piece, second: Piece) -> bool:
    """Whether two pieces agree about what both tiles could see."""
    both_saw = None if first.tile == second.tile else first.tile.overlap(second.tile)
    if both_saw is None:
        return False
    one, other = (part_in(_pixels(each.finding), both_saw) for each in (first, second))
    if one is None or other is None:
        return False
    return intersection_area(one, other) >= SAME_OBJECT * min(one.area, other.area)


def _pixels(finding: Finding) -> Mask:
    return mask_from_box(finding.box) if finding.mask is None else finding.mask


def _together(findings: Sequence[Finding]) -> Finding:
    """One finding: the surest one's words, everybody's pixels."""
    surest = max(findings, key=lambda each: (each.score or 0.0, each.box.area))
    mask, box = surest.mask, surest.box
    for each in findings:
        mask, box = union(mask, each.mask), box.hull(each.box)
    return replace(surest, box=box if mask is None else mask.box, mask=mask)
