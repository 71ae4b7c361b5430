"""Pieces of objects across the seams of tiles: each object whole and once, and none swallowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.seams import TilePiece, joined
from beltmask.detectors.tiling import tiles_of
from beltmask.geometry import Box, Mask, Size
from beltmask.masks import difference, mask_from_box, mask_from_frame, moved, part_in, union
from beltmask.model import Finding, MaskSource
from tests.beltmask.detectors.eyes import ellipse

SIZE: Size = (260, 180)
SIDE = 100
TILES = tiles_of(SIZE, SIDE)
LEFT, RIGHT = Box(0, 0, 100, 100), Box(80, 0, 180, 100)


@dataclass(frozen=True, eq=False)
class Thing:
    """What lies there."""

    label: str
    mask: Mask


def thing(x0: int, y0: int, x1: int, y1: int, label: str = "thing") -> Thing:
    return Thing(label, mask_from_box(Box(x0, y0, x1, y1)))


def piece(mask: Mask, tile: Box, label: str = "thing", score: float | None = None) -> TilePiece:
    return TilePiece(Finding(label, mask.box, mask, MaskSource.MODEL, score), tile)


def seen(things: Sequence[Thing], tiles: Sequence[Box] = TILES) -> Iterator[TilePiece]:
    """What every tile shows of everything, tile by tile."""
    for tile in tiles:
        for one in things:
            part = part_in(one.mask, tile)
            if part is not None:
                yield piece(part, tile, one.label)


def apart(mask: Mask) -> list[Mask]:
    """The parts of a mask that do not touch, as somebody sees them who knows no more."""
    count, labels = cv2.connectedComponents(mask.bits.astype(np.uint8))
    frames = [np.asarray(labels == number) for number in range(1, count)]
    crops = [crop for frame in frames if (crop := mask_from_frame(frame)) is not None]
    return [Mask(crop.x + mask.x, crop.y + mask.y, crop.bits) for crop in crops]


def check_found(findings: Sequence[Finding], things: Sequence[Thing]) -> None:
    """Each thing once, pixel for pixel, and nothing else."""
    assert _sorted((f.label, f.mask) for f in findings) == _sorted(
        (t.label, t.mask) for t in things
    )


def _sorted(found: Iterator[tuple[str, Mask | None]]) -> list[tuple[object, ...]]:
    rows = [(label, m.x, m.y, m.bits.shape, m.bits.tobytes()) for label, m in found if m]
    return sorted(rows)


LINE, CROSSING, CORNER = thing(90, 10, 92, 170), thing(10, 40, 250, 60), thing(70, 70, 130, 130)


@pytest.mark.parametrize(
    ("one", "tiles"),
    [
        pytest.param(thing(85, 10, 95, 20), 2, id="within what two tiles saw"),
        pytest.param(thing(50, 10, 120, 30), 2, id="cut by a seam"),
        pytest.param(CROSSING, 3, id="cut by two seams"),
        pytest.param(CORNER, 4, id="cut where four tiles meet"),
        pytest.param(thing(0, 0, *SIZE), 6, id="in every tile"),
        pytest.param(LINE, 4, id="thin and long"),
    ],
)
def test_an_object_across_tiles_comes_out_as_one(one: Thing, tiles: int) -> None:
    pieces = list(seen([one]))
    assert len(pieces) == tiles
    check_found(joined(pieces), [one])


BOLTS = [
    pytest.param(thing(84, 30, 96, 42), id="where two tiles saw it"),
    pytest.param(thing(20, 30, 32, 42), id="in one tile"),
    pytest.param(thing(70, 30, 120, 40), id="cut by a seam"),
    pytest.param(thing(92, 30, 106, 40), id="cut at the end of a tile"),
    pytest.param(thing(74, 30, 90, 40), id="cut at the beginning of a tile"),
]


@pytest.mark.parametrize("bolt", BOLTS)
def test_a_bolt_on_a_sheet_of_paper_is_not_swallowed(bolt: Thing) -> None:
    paper = thing(10, 10, 170, 90)
    check_found(joined(list(seen([paper, bolt]))), [paper, bolt])
    check_found(joined(list(seen([bolt, paper]))), [paper, bolt])


@pytest.mark.parametrize("bolt", BOLTS)
def test_a_bolt_in_a_hole_of_the_mask_of_its_paper_is_not_swallowed(bolt: Thing) -> None:
    left = difference(thing(10, 10, 170, 90).mask, bolt.mask)
    assert left is not None
    paper = Thing("thing", left)
    check_found(joined(list(seen([paper, bolt]))), [paper, bolt])


def test_a_bolt_that_one_tile_missed_is_not_swallowed_by_the_paper_both_saw() -> None:
    paper, bolt = thing(10, 10, 170, 90), thing(84, 30, 130, 40)
    pieces = [each for each in seen([paper]) if each.tile in (LEFT, RIGHT)]
    part = part_in(bolt.mask, LEFT)
    assert part is not None
    found = joined([*pieces, piece(part, LEFT)])
    check_found(found, [paper, Thing("thing", part)])


def test_a_bolt_and_the_paper_of_another_tile_are_two_objects() -> None:
    """Each tile overlooked one of them."""
    paper, bolt = thing(80, 10, 170, 90).mask, thing(84, 30, 94, 40).mask
    assert len(joined([piece(bolt, LEFT), piece(paper, RIGHT)])) == 2


def test_a_stack_of_rings_stays_a_stack() -> None:
    rings = [Thing("ring", ellipse(*SIZE, (130, 90), (20 + 10 * n, 10 + 10 * n))) for n in range(7)]
    check_found(joined(list(seen(rings))), rings)


def test_overlapping_findings_of_one_tile_stay_apart() -> None:
    """However alike they are, and however alike what the other tile saw."""
    first, second = thing(20, 20, 95, 60).mask, thing(24, 20, 95, 62).mask
    assert len(joined([piece(first, LEFT), piece(second, LEFT)])) == 2
    both = part_in(first, RIGHT)
    assert both is not None
    found = joined([piece(first, LEFT), piece(second, LEFT), piece(both, RIGHT)])
    check_found(found, [Thing("thing", first), Thing("thing", second)])


def test_two_labels_are_never_joined() -> None:
    one = thing(50, 10, 120, 30).mask
    left, right = part_in(one, LEFT), part_in(one, RIGHT)
    assert left is not None
    assert right is not None
    assert len(joined([piece(left, LEFT, "bolt"), piece(right, RIGHT, "nut")])) == 2
    assert len(joined([piece(left, LEFT, "Bolt "), piece(right, RIGHT, "bolt")])) == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_the_legs_of_a_u_are_one_object_with_what_holds_them(turn: int) -> None:
    """The first tile shows two bars and cannot know; both are cut by the seam."""
    frame = np.zeros((100, 180), dtype=np.bool_)
    frame[20:80, 30:150] = True
    frame[40:60, 30:120] = False
    u = mask_from_frame(frame)
    assert u is not None
    parts = [(apart(seen_of), tile) for tile in (LEFT, RIGHT) if (seen_of := part_in(u, tile))]
    assert [len(masks) for masks, _ in parts] == [2, 1]
    pieces = [piece(mask, tile) for masks, tile in parts for mask in masks]
    check_found(joined(pieces[::1] if turn == 1 else pieces[::-1]), [Thing("thing", u)])


def test_neighbours_one_tile_sees_as_one_are_not_a_reason_to_join_what_overlaps() -> None:
    """The second tile's blob covers two sheets that overlap; the first one knew better."""
    low, high = thing(40, 20, 100, 60).mask, thing(40, 50, 100, 90).mask
    blob = part_in(union(low, high) or low, RIGHT)
    assert blob is not None
    found = joined([piece(low, LEFT), piece(high, LEFT), piece(blob, RIGHT)])
    assert len(found) == 2


def test_the_tile_that_saw_all_of_an_object_has_the_say() -> None:
    whole, cut = thing(50, 20, 90, 60).mask, thing(80, 18, 92, 63).mask
    [found] = joined([piece(whole, LEFT, score=0.2), piece(cut, RIGHT, score=0.9)])
    assert (found.mask, found.score) == (whole, 0.2)


def test_of_two_tiles_that_saw_all_of_it_the_surer_one_has_the_say() -> None:
    first, second = thing(83, 20, 96, 60).mask, thing(83, 20, 97, 61).mask
    [found] = joined([piece(first, LEFT, score=0.9), piece(second, RIGHT, score=0.8)])
    assert (found.mask, found.score) == (first, 0.9)


def test_of_cut_pieces_the_surest_says_what_it_is_and_everybody_where() -> None:
    one = thing(50, 10, 120, 30).mask
    left, right = part_in(one, LEFT), part_in(one, RIGHT)
    assert left is not None
    assert right is not None
    pieces = [piece(left, LEFT, "Bolt", 0.3), piece(right, RIGHT, "bolt", 0.8)]
    [found] = joined(pieces)
    assert (found.label, found.score, found.mask, found.box) == ("bolt", 0.8, one, one.box)


def test_boxes_without_masks_are_joined_too() -> None:
    pieces = [
        TilePiece(Finding("thing", Box(50, 10, 100, 30), None, MaskSource.NONE), LEFT),
        TilePiece(Finding("thing", Box(80, 11, 120, 30), None, MaskSource.NONE), RIGHT),
    ]
    [found] = joined(pieces)
    assert (found.box, found.mask) == (Box(50, 10, 120, 30), None)


def test_a_box_without_a_mask_makes_the_box_of_the_whole_wider() -> None:
    pieces = [
        piece(mask_from_box(Box(50, 10, 100, 30)), LEFT),
        TilePiece(Finding("thing", Box(80, 10, 120, 30), None, MaskSource.NONE), RIGHT),
    ]
    [found] = joined(pieces)
    assert found.box == Box(50, 10, 120, 30)


def test_tiles_that_do_not_overlap_say_nothing_about_each_other() -> None:
    far = Box(100, 0, 200, 100)
    pieces = [piece(thing(60, 10, 100, 30).mask, LEFT), piece(thing(100, 10, 140, 30).mask, far)]
    assert len(joined(pieces)) == 2
    assert joined([]) == []


@st.composite
def things(draw: st.DrawFn) -> list[Thing]:
    """Sheets, bars and bits anywhere, on each other or not, of a few kinds."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        x0, y0 = draw(st.integers(0, SIZE[0] - 1)), draw(st.integers(0, SIZE[1] - 1))
        x1 = draw(st.integers(x0 + 1, SIZE[0]))
        y1 = draw(st.integers(y0 + 1, SIZE[1]))
        found.append(thing(x0, y0, x1, y1, draw(st.sampled_from(["bolt", "nut"]))))
    return found


@given(things=things())
def test_whatever_lies_there_comes_back_whole_and_once(things: list[Thing]) -> None:
    check_found(joined(list(seen(things))), things)
    check_found(joined(list(seen(things, [Box(0, 0, *SIZE)]))), things)


@given(things=things(), x=st.integers(-4, 4), y=st.integers(-4, 4))
def test_what_the_surest_tile_saw_whole_stays_as_it_saw_it(
    things: list[Thing], x: int, y: int
) -> None:
    """Whatever its neighbours, which are some pixels out, make of it."""
    inner = Box(0, 0, 94, 94)
    kept = [Thing(one.label, mask) for one in things if (mask := part_in(one.mask, inner))]
    pieces = list(seen(kept, [LEFT]))
    sure = [TilePiece(replace(each.finding, score=0.9), each.tile) for each in pieces]
    out = [Thing(one.label, moved(one.mask, x, y)) for one in kept]
    found = joined([*sure, *seen(out, [tile for tile in TILES if tile != LEFT])])
    masks = [each.mask for each in found if each.score]
    assert len(masks) == len(kept)
    assert all(one.mask in masks for one in kept)


@pytest.mark.parametrize(("shift", "objects"), [(4, 1), (5, 2)])
def test_pieces_are_one_object_from_an_iou_of_a_half_on(shift: int, objects: int) -> None:
    """12 px wide each and within what both tiles saw: 8 of 16 px are shared, or 7 of 17."""
    one, other = thing(82, 10, 94, 20).mask, thing(82 + shift, 10, 94 + shift, 20).mask
    assert len(joined([piece(one, LEFT), piece(other, RIGHT)])) == objects


def turned(box: Box, quarter: int) -> Box:
    """A box of the first two tiles where the seam between them lies another way."""
    x0, y0, x1, y1 = box.corners
    if quarter % 2:
        x0, y0, x1, y1 = y0, x0, y1, x1
    if quarter >= 2:
        x0, y0, x1, y1 = 200 - x1, 200 - y1, 200 - x0, 200 - y0
    return Box(x0, y0, x1, y1)


@pytest.mark.parametrize("quarter", range(4))
@pytest.mark.parametrize(
    ("part", "objects"),
    [
        pytest.param(Box(40, 10, 100, 20), 1, id="half of it within"),
        pytest.param(Box(40, 9, 100, 20), 2, id="less than half of it within"),
        pytest.param(Box(40, 10, 99, 20), 1, id="it ends next to the seam"),
        pytest.param(Box(40, 10, 98, 20), 2, id="it ends before the seam"),
    ],
)
def test_a_part_in_a_larger_piece_belongs_to_it_if_the_seam_cut_it(
    part: Box, objects: int, quarter: int
) -> None:
    host = mask_from_box(turned(Box(80, 15, 180, 90), quarter))
    left, right = turned(LEFT, quarter), turned(RIGHT, quarter)
    pieces = [piece(mask_from_box(turned(part, quarter)), left), piece(host, right)]
    assert len(joined(pieces)) == objects
    assert len(joined(pieces[::-1])) == objects


def test_the_tiles_of_these_tests_are_those() -> None:
    assert (LEFT in TILES, RIGHT in TILES, len(TILES)) == (True, True, 6)
