"""What a changed outline does to the pixels of its object."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from beltmask.masks import Ring, difference, mask_from_rings, reshaped, union
from beltmask.model import Mask
from components.canvas.changes import Change
from components.canvas.drawing import Outline, Role, View
from components.canvas.pieces import Affine, hole_in, moved, part_in, stays
from components.canvas.shapes import NEAR, Shape


def reshaped_by(changes: Sequence[Change], mask: Mask | None, view: View) -> Mask | None:
    """The mask after all changes of one object; None when no pixel is left.

    Holes come after the parts they lie in; one that moved along with its part is done.
    """
    carried = [_motion(c, view) for c in changes if c.outline.role is not Role.HOLE]
    for change in sorted(changes, key=lambda c: c.outline.role is Role.HOLE):
        if change.outline.role is not Role.HOLE:
            mask = _with_part(mask, change, view)
        elif mask is not None and not _among(_motion(change, view), carried):
            mask = _with_hole(mask, change, view)
    return mask


def stays_put(change: Change, view: View) -> bool:
    """Moved by less than half a pixel of the image."""
    motion = _motion(change, view)
    return motion is not None and stays(motion)


def carries_more(changes: Sequence[Change], family: Sequence[Outline]) -> bool:
    """A part went as a whole, and other outlines of its object may have to follow."""
    whole = any(
        c.outline.role is not Role.HOLE
        and (c.after is None or c.after.same_corners(c.outline.shape))
        for c in changes
    )
    return whole and len(family) > len(changes)


def _with_part(mask: Mask | None, change: Change, view: View) -> Mask | None:
    before, after = view.to_image(change.outline.shape.ring), change.after
    motion = _motion(change, view)
    if mask is None:
        return None if after is None else mask_from_rings([view.to_image(after.ring)], view.image)
    if after is not None and motion is None:
        return reshaped(
            mask, before, view.to_image(_settled(change.outline.shape, after)), view.image
        )
    piece = part_in(mask, before, view.image)
    there = None if piece is None or motion is None else moved(piece, motion, view.image)
    return union(difference(mask, piece), there)


def _with_hole(mask: Mask, change: Change, view: View) -> Mask | None:
    before, after = view.to_image(change.outline.shape.ring), change.after
    motion = _motion(change, view)
    if after is not None and motion is None:
        return reshaped(
            mask, view.to_image(_settled(change.outline.shape, after)), before, view.image
        )
    piece = hole_in(mask, before, view.image)
    there = None if piece is None or motion is None else moved(piece, motion, view.image)
    return difference(union(mask, piece), there)


def _motion(change: Change, view: View) -> Affine | None:
    """How the outline went as a whole; None when its corners changed or it is gone."""
    before, after = change.outline.shape, change.after
    if after is None or not after.same_corners(before):
        return None
    return view.affine(before.matrix, after.matrix)


def _settled(before: Shape, after: Shape) -> Ring:
    """The corners now, those nobody touched exactly where they were."""
    first, ring = before.ring, after.ring
    if len(first) != len(ring):  # one was taken away, so the others are found by place
        apart = np.abs(ring[:, np.newaxis] - first[np.newaxis]).max(axis=2)
        first = first[apart.argmin(axis=1)]
    still = np.abs(ring - first).max(axis=1) < NEAR
    return np.where(still[:, np.newaxis], first, ring)


def _among(motion: Affine | None, others: Sequence[Affine | None]) -> bool:
    return motion is not None and any(
        other is not None and np.allclose(motion, other, atol=1e-2) for other in others
    )
