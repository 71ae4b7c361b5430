"""Large pictures: overlapping tiles at full resolution, joined across their seams.

A detector is sent a picture of at most ``Prompt.image_side`` pixels. On a line scan of
12,000 x 4,000 that is one pixel in twelve, and small things are gone before anybody looks. Each
tile is a question of its own through the same door; what they answer becomes one answer.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from beltmask.detectors.base import (
    Detector,
    DetectorTraits,
    EarlierAnswer,
    EarlierReply,
    Estimate,
    Event,
    ObjectFound,
    ObjectsWithdrawn,
    ProblemFound,
    ReplyFinished,
    WrappedDetector,
)
from beltmask.detectors.lines import lines_in
from beltmask.detectors.seams import TilePiece, joined
from beltmask.errors import BeltMaskError, UnansweredError
from beltmask.geometry import Box, Size
from beltmask.masks import moved
from beltmask.messages import Message
from beltmask.model import Finding, Picture, Problem, Prompt, Tiling

OVERLAP = 5
"""Neighbouring tiles share at least one part in this many of their side."""
_OF_ONE = re.compile(r"tile \d+ of \d+: ")
"""How it was kept before there were codes."""


@dataclass(frozen=True, slots=True)
class _TileRequest:
    """One tile among those that are asked about."""

    tile: Box
    number: int
    count: int

    @property
    def place(self) -> Message:
        return Message("tiles.tile", number=self.number, total=self.count)

    @property
    def where(self) -> str:
        return f"tile {self.number} of {self.count}"

    def cut(self, picture: Picture) -> Picture:
        tile, name = self.tile, f"{picture.name}, {self.where}"
        return Picture(name, picture.sha256, picture.pixels[tile.y0 : tile.y1, tile.x0 : tile.x1])

    def prompt(self, picture: Picture, prompt: Prompt) -> Prompt:
        """The question with the strokes that run through the tile."""
        return replace(prompt, sketch=lines_in(prompt.sketch, picture.size, self.tile))


class TilingDetector(WrappedDetector):
    """Any detector, shown large pictures as the prompt wishes; small ones go through as they are.

    Every tile is a question of its own, with the detector's own deadline, second asks and cap.
    """

    @property
    def traits(self) -> DetectorTraits:
        return replace(super().traits, takes_tiles=True)

    def estimate(self, prompt: Prompt, sizes: Sequence[Size], day: date) -> Estimate | None:
        """Every tile is a request; with suspects, from none of them to all."""
        views = [_views(size, prompt) for size in sizes]
        fewest, most = (list(chain.from_iterable(pair[end] for pair in views)) for end in (0, 1))
        low = super().estimate(prompt, fewest, day)
        high = super().estimate(prompt, most, day)
        return low and high and replace(_spanning(low, high), pictures=len(sizes))

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        """
        Raises:
            DetectorError: The picture, or one of its tiles, could not be answered.
        """
        tiles = tiles_for(picture.size, prompt)
        if len(tiles) == 1:
            yield from self._detector.detect(picture, prompt)
        elif prompt.tiling is Tiling.TILES:
            yield from detect_in_tiles(self._detector, picture, prompt, tiles)
        else:
            yield from detect_closely(self._detector, picture, prompt, tiles)

    def read(self, answer: EarlierAnswer, picture: Picture, prompt: Prompt) -> Iterator[Event]:
        """
        Raises:
            DetectorError: As ``base.Detector`` says.
        """
        parts = _parts(answer)
        if parts.keys() == {None} and len(tiles_for(picture.size, prompt)) == 1:
            yield from self._detector.read(answer, picture, prompt)
        else:
            yield from read_in_tiles(self._detector, parts, picture, prompt)


def tiles_for(size: Size, prompt: Prompt) -> list[Box]:
    """What a prompt would have looked at in a picture of ``size``: one box is all of it."""
    if prompt.tiling is Tiling.WHOLE:
        return [Box(0, 0, *size)]
    return tiles_of(size, prompt.image_side)


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
    """Ask about every tile; what was told on the way is told again at the end, whole and once.

    Raises:
        DetectorError: A tile could not be answered, so part of the picture was not looked at.
    """
    yield from _put_together(
        (asked, detector.detect(asked.cut(picture), asked.prompt(picture, prompt)))
        for asked in _requests(tiles)
    )


def detect_closely(
    detector: Detector, picture: Picture, prompt: Prompt, tiles: Sequence[Box]
) -> Iterator[Event]:
    """Ask about the whole picture first, then look closely only where something is suspected."""
    suspects = yield from _seen_from_afar(detector.detect(picture, prompt))
    yield from detect_in_tiles(detector, picture, prompt, suspected(suspects, tiles))


def read_in_tiles(
    detector: Detector,
    parts: Mapping[Box | None, EarlierAnswer],
    picture: Picture,
    prompt: Prompt,
) -> Iterator[Event]:
    """Read what was answered about each of the ``parts``, the whole picture being None.

    Nothing is asked: what is suspected only now counts as it was seen from afar.

    Raises:
        UnansweredError: Some tiles were never answered, and asking did not come to its end.
        DetectorError: Of one part nothing can be read.
    """
    suspects: Sequence[Finding] = ()
    if None in parts:
        suspects = yield from _seen_from_afar(detector.read(parts[None], picture, prompt))
    tiles = [part for part in parts if part is not None]
    events = (
        (asked, detector.read(parts[asked.tile], asked.cut(picture), asked.prompt(picture, prompt)))
        for asked in _requests(tiles)
    )
    yield from _put_together(
        events, beside=[one for one in suspects if not suspected([one], tiles)]
    )
    if not all(answer.complete for answer in parts.values()):
        wanted = tiles_for(picture.size, prompt)
        closely = None in parts and prompt.tiling is Tiling.SUSPECTS
        _check_answered(suspected(suspects, wanted) if closely else wanted, tiles)


def suspected(findings: Iterable[Finding], tiles: Iterable[Box]) -> list[Box]:
    """The tiles in which something lies."""
    boxes = [finding.box for finding in findings]
    return [tile for tile in tiles if any(box.overlap(tile) is not None for box in boxes)]


def placed(finding: Finding, tile: Box) -> TilePiece:
    """A tile's finding in the whole picture's pixels."""
    mask = None if finding.mask is None else moved(finding.mask, tile.x0, tile.y0)
    return TilePiece(replace(finding, box=finding.box.moved(tile.x0, tile.y0), mask=mask), tile)


def named(problem: Problem, number: int, count: int) -> Problem:
    """A problem that says which tile it is about; one that was kept may say it already."""
    if problem.said.code == "tiles.of_one" or _OF_ONE.match(problem.detail):
        return problem
    return replace(
        problem, said=Message("tiles.of_one", number=number, total=count, said=problem.said)
    )


def _views(size: Size, prompt: Prompt) -> tuple[list[Size], list[Size]]:
    """What is looked at of a picture at least, and at most."""
    tiles = [(tile.width, tile.height) for tile in tiles_for(size, prompt)]
    if len(tiles) == 1 or prompt.tiling is Tiling.TILES:
        return tiles, tiles
    return [size], [size, *tiles]


def _spanning(low: Estimate, high: Estimate) -> Estimate:
    """From the least of one to the most of the other."""
    return replace(
        high,
        requests=(low.requests[0], high.requests[1]),
        output_tokens=(low.output_tokens[0], high.output_tokens[1]),
        cost=low.cost and high.cost and (low.cost[0], high.cost[1]),
    )


def _parts(answer: EarlierAnswer) -> dict[Box | None, EarlierAnswer]:
    """The replies about each part of the picture, in the order in which the first ones came."""
    parts: dict[Box | None, list[EarlierReply]] = {}
    for earlier in answer.replies:
        parts.setdefault(earlier.reply.region, []).append(earlier)
    return {part: replace(answer, replies=tuple(replies)) for part, replies in parts.items()}


def _requests(tiles: Sequence[Box]) -> Iterator[_TileRequest]:
    for number, tile in enumerate(tiles, start=1):
        yield _TileRequest(tile, number, len(tiles))


def _seen_from_afar(events: Iterable[Event]) -> Generator[Event, None, list[Finding]]:
    """What a look at the whole tells; returns what it found, which is not told yet."""
    suspects: list[Finding] = []
    for event in events:
        if isinstance(event, ObjectFound):
            suspects.append(event.finding)
        elif isinstance(event, ObjectsWithdrawn):
            suspects.clear()
        else:
            yield event
    return suspects


def _put_together(
    looks: Iterable[tuple[_TileRequest, Iterator[Event]]], *, beside: Sequence[Finding] = ()
) -> Iterator[Event]:
    """What every tile tells, then all its objects whole and once, and those ``beside`` them."""
    pieces: list[TilePiece] = []
    for asked, events in looks:
        try:
            for event in events:
                yield from _told(event, asked, pieces)
        except BeltMaskError as error:
            raise error.at(asked.place) from error
    if pieces or beside:
        yield from _instead((*joined(pieces), *beside))


def _check_answered(wanted: Iterable[Box], answered: Sequence[Box]) -> None:
    unseen = sum(tile not in answered for tile in wanted)
    if unseen:
        raise UnansweredError(Message("tiles.unanswered", count=unseen))


def _steps(length: int, side: int) -> list[int]:
    """Where tiles begin along one axis."""
    if length <= side:
        return [0]
    stride = side - side // OVERLAP
    gaps = -(-(length - side) // stride)
    return [round(step * (length - side) / gaps) for step in range(gaps + 1)]


def _told(event: Event, asked: _TileRequest, pieces: list[TilePiece]) -> Iterator[Event]:
    """What a tile's event means for the whole picture; ``pieces`` holds all that counts."""
    match event:
        case ObjectFound(finding):
            pieces.append(placed(finding, asked.tile))
            yield ObjectFound(pieces[-1].finding)
        case ObjectsWithdrawn():
            pieces[:] = [piece for piece in pieces if piece.tile != asked.tile]
            yield from _instead(piece.finding for piece in pieces)
        case ProblemFound(problem):
            yield ProblemFound(named(problem, asked.number, asked.count))
        case ReplyFinished(reply):
            yield ReplyFinished(replace(reply, region=asked.tile))
        case _:
            yield event


def _instead(findings: Iterable[Finding]) -> Iterator[Event]:
    yield ObjectsWithdrawn()
    yield from map(ObjectFound, findings)
