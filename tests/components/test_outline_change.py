"""A corner is dragged, in the browser as in the engine: what goes with it, and what stays."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from beltmask import masks
from beltmask.masks import Ring
from beltmask.model import BoolArray, Box, Mask
from tests.components.frontend import CanvasFunctions
from tests.components.reference_outlines import CRUMB, reshaped
from tests.examples import examples
from tests.frames import frame_of

SIZE = (48, 40)
FRAME = (SIZE[1], SIZE[0])
eighths = st.integers(-80, 464).map(lambda number: number / 8)
places = st.tuples(eighths, eighths)
"""In the picture and around it."""


@st.composite
def blobs(draw: st.DrawFn) -> Mask:
    """Frayed shapes with holes and islands, as models draw them."""
    seed, grain = draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from([3, 5, 9, 15]))
    noise = np.random.default_rng(seed).random(FRAME, dtype=np.float32)
    smooth = cv2.GaussianBlur(noise, (grain, grain), 0)
    rows, columns = np.indices(FRAME)
    inside = np.hypot(rows - 20, columns - 24) < draw(st.integers(6, 19))
    frame = inside & (smooth > np.quantile(smooth, draw(st.floats(0.05, 0.6))))
    made = masks.mask_from_frame(frame)
    return made or masks.mask_from_box(Box(20, 20, 24, 24))


@st.composite
def drags(draw: st.DrawFn, ring: Ring) -> tuple[Ring, Ring]:
    """A ring as it is shown, with corners put in, and as somebody leaves it."""
    shown = [tuple(corner) for corner in ring.tolist()]
    for _ in range(draw(st.integers(0, 2))):
        edge, share = draw(st.integers(0, len(shown) - 1)), draw(st.floats(0.1, 0.9))
        (ax, ay), (bx, by) = shown[edge], shown[(edge + 1) % len(shown)]
        shown.insert(edge + 1, (ax + share * (bx - ax), ay + share * (by - ay)))
    changed = list(shown)
    for _ in range(draw(st.integers(1, 3))):
        corner = draw(st.integers(0, len(changed) - 1))
        if draw(st.booleans()) or len(changed) <= 3:
            changed[corner] = draw(places)
        else:
            del changed[corner]
    return np.array(shown), np.array(changed)


@settings(max_examples=examples(15, exploring=50))
@given(mask=blobs(), stray=st.integers(1, 4), data=st.data())
def test_no_hole_and_no_speck_is_left_where_a_corner_was_dragged(
    browser: CanvasFunctions, mask: Mask, stray: int, data: st.DataObject
) -> None:
    shown, changed = data.draw(drags(data.draw(st.sampled_from(shown_rings(browser, mask, stray)))))
    found = browser.mask("reshaped", mask, shown.tolist(), changed.tolist(), SIZE)
    assert found == reshaped(mask, shown, changed, SIZE)
    if found is None:
        return
    was, now = (np.pad(bits_of(each), 1) for each in (mask, found))
    assert pieces_come_from(was, now, connectivity=8)
    assert pieces_come_from(~was, ~now, connectivity=4)


@settings(max_examples=examples(15, exploring=50))
@given(mask=blobs(), stray=st.integers(1, 4), to=places, data=st.data())
def test_what_lies_away_from_the_old_edge_and_the_new_one_stays_as_it_was(
    browser: CanvasFunctions, mask: Mask, stray: int, to: tuple[float, float], data: st.DataObject
) -> None:
    rings = shown_rings(browser, mask, stray)
    shown = data.draw(st.sampled_from(rings))
    corner = data.draw(st.integers(0, len(shown) - 1))
    changed = shown.copy()
    changed[corner] = to
    before, after = shown[corner - 1], shown[(corner + 1) % len(shown)]
    between = np.array([before, shown[corner], after, to])
    found = browser.mask("reshaped", mask, shown.tolist(), changed.tolist(), SIZE)
    was, now = bits_of(mask), bits_of(found)
    far = ~near(between, stray + 1)
    turned = far & (was ^ now)
    pieces = [*pieces_of(was & ~now, 8), *pieces_of(now & ~was, 8)]
    assert all(int((piece & far).sum()) < CRUMB for piece in pieces if (piece & turned).any())


@settings(max_examples=examples(15, exploring=50))
@given(mask=blobs(), stray=st.integers(1, 4), share=st.floats(0.1, 3), data=st.data())
def test_pulling_out_takes_nothing_away_and_pushing_in_adds_nothing(
    browser: CanvasFunctions, mask: Mask, stray: int, share: float, data: st.DataObject
) -> None:
    shown = max(shown_rings(browser, mask, stray), key=len)
    corner = data.draw(st.integers(0, len(shown) - 1))
    changed = shown.copy()
    middle = shown.mean(axis=0)
    changed[corner] = middle + share * (shown[corner] - middle)
    old, new = (masks.mask_from_rings([ring], SIZE) for ring in (shown, changed))
    was, now = mask, browser.mask("reshaped", mask, shown.tolist(), changed.tolist(), SIZE)
    if masks.difference(old, new) is None:
        assert masks.difference(was, now) is None
    if masks.difference(new, old) is None:
        assert masks.difference(now, was) is None


def shown_rings(browser: CanvasFunctions, mask: Mask, stray: int) -> list[Ring]:
    exact = [ring.tolist() for ring in browser.rings(mask)]
    return [np.array(browser.ask("simplified", ring, stray)) for ring in exact]


def bits_of(mask: Mask | None) -> BoolArray:
    return np.zeros(FRAME, dtype=np.bool_) if mask is None else frame_of(mask, SIZE)


def near(ring: Ring, reach: float) -> BoolArray:
    """The pixels in a ring, and those that close to its lines."""
    fine = np.round((ring + 40) * 16).astype(np.int32)
    frame = np.zeros((16 * 120, 16 * 130), dtype=np.uint8)
    cv2.fillPoly(frame, [fine], (1,))
    cv2.polylines(frame, [fine], isClosed=True, color=(1,), thickness=round(32 * reach))
    found: BoolArray = frame[8::16, 8::16][40 : 40 + SIZE[1], 40 : 40 + SIZE[0]] > 0
    return found


def pieces_come_from(was: BoolArray, now: BoolArray, *, connectivity: int) -> bool:
    """Whether each piece is of one that was there: all that is left of it, or a good part."""
    return (
        all(
            (piece & was).any()
            and (int(piece.sum()) >= CRUMB or is_all_that_is_left(piece, was, now, connectivity))
            for piece in pieces_of(now, connectivity)
        )
        or not (was & now).any()
    )


def is_all_that_is_left(
    piece: BoolArray, was: BoolArray, now: BoolArray, connectivity: int
) -> bool:
    """Of some piece that was there, no larger one is left."""

    def rest(old: BoolArray) -> int:
        return max(int(each.sum()) for each in pieces_of(now, connectivity) if (each & old).any())

    return any(
        rest(old) == int(piece.sum()) for old in pieces_of(was, connectivity) if (old & piece).any()
    )


def pieces_of(bits: BoolArray, connectivity: int) -> list[BoolArray]:
    count, labels = cv2.connectedComponents(bits.astype(np.uint8), connectivity=connectivity)
    return [labels == piece for piece in range(1, count)]
