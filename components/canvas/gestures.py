"""Snapshot against sheet -> the edits a person's gestures amount to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import NAMESPACE_OID, uuid5

import numpy as np

from beltmask.masks import mask_from_rings
from beltmask.model import Annotation, Class, Mask
from beltmask.review import Edit, EditKind
from components.canvas.changes import Change, after_reload, difference_of
from components.canvas.drawing import STROKE, Outline, Role, View, shape_of
from components.canvas.ledger import Known, Sheet, digest
from components.canvas.reshaping import carries_more, reshaped_by, stays_put
from components.canvas.shapes import Shape, Snapshot


@dataclass(frozen=True, slots=True)
class Scene:
    """What the page passed in this run."""

    annotations: Mapping[str, Annotation]
    known: Mapping[str, Known]
    view: View
    to_class: Class | None
    session: str


def told(sheet: Sheet, snapshot: Snapshot, scene: Scene) -> tuple[Sheet, tuple[Edit, ...]]:
    """The edits since the sheet was last read, and the sheet with them told.

    Reading the same snapshot again gives no edit; reading the same sheet again gives the
    same edits with the same ids.
    """
    sheet = after_reload(sheet, snapshot)
    found = difference_of(sheet.outlines, snapshot)
    sheet = replace(sheet, worn=sheet.worn or found.strangers > 0)
    edits: list[Edit] = []
    for owner in dict.fromkeys(c.outline.owner for c in found.changes if c.outline.owner):
        changes = [c for c in found.changes if c.outline.owner == owner]
        sheet, edit = _changed(sheet, owner, changes, scene)
        edits += [edit] if edit else []
    sheet, revived = _without_strays(sheet, found.changes)
    for shape in (*revived, *found.new):
        sheet, edit = _drawn(sheet, shape, scene)
        edits += [edit] if edit else []
    return sheet, tuple(edits)


def _changed(
    sheet: Sheet, owner: str, changes: Sequence[Change], scene: Scene
) -> tuple[Sheet, Edit | None]:
    if owner not in sheet.known:
        return sheet, None
    if any(c.outline.role is Role.MAIN and c.after is None for c in changes):
        return _deleted(sheet, owner, scene)
    changes = [c for c in changes if not stays_put(c, scene.view)]
    if not changes:
        return sheet, None
    known, family = sheet.known[owner], [o for o in sheet.outlines if o.owner == owner]
    current = _seen_shape(known, scene.annotations.get(owner), family, scene.view)
    mask = reshaped_by(changes, current, scene.view)
    sheet = replace(
        sheet,
        outlines=_moved_on(sheet.outlines, changes),
        worn=sheet.worn or mask is None or carries_more(changes, family),
    )
    if mask is None or mask == current:
        return sheet, None
    base = _seen_revision(known, scene.known.get(owner))
    edit = Edit(_id(scene, sheet, owner, base, digest(mask)), EditKind.RESHAPE, owner, base, mask)
    return _knowing(sheet, owner, Known(base + 1, digest(mask), "")), edit


def _seen_shape(
    known: Known, now: Annotation | None, family: Sequence[Outline], view: View
) -> Mask | None:
    """The shape the person saw: of one that was changed meanwhile its outlines are left."""
    current = None if now is None else shape_of(now)
    if current is not None and digest(current) == known.digest:
        return current
    return mask_from_rings([view.to_image(o.shape.ring) for o in family], view.image)


def _deleted(sheet: Sheet, owner: str, scene: Scene) -> tuple[Sheet, Edit | None]:
    base = sheet.known[owner].revision
    left = tuple(o for o in sheet.outlines if o.owner != owner)
    known = {i: k for i, k in sheet.known.items() if i != owner}
    edit = Edit(_id(scene, sheet, owner, base, "delete"), EditKind.DELETE, owner, base)
    worn = sheet.worn or len(sheet.outlines) - len(left) > 1
    present = owner in scene.annotations
    return replace(sheet, outlines=left, known=known, worn=worn), edit if present else None


def _drawn(sheet: Sheet, shape: Shape, scene: Scene) -> tuple[Sheet, Edit | None]:
    """A new object. Without a class it waits on the canvas until there is one."""
    if scene.to_class is None:
        return sheet, None
    mask = _mask_of(shape, scene.view)
    owner = "" if mask is None else _id(scene, sheet, "new", sheet.drawn_count)
    outline = Outline(owner, Role.MAIN, shape)
    sheet = replace(sheet, outlines=(*sheet.outlines, outline), drawn_count=sheet.drawn_count + 1)
    if mask is None:
        return sheet, None
    edit_id = _id(scene, sheet, owner, 0, digest(mask))
    edit = Edit(edit_id, EditKind.ADD, owner, 0, mask, scene.to_class)
    return _knowing(sheet, owner, Known(1, digest(mask), "")), edit


def _mask_of(shape: Shape, view: View) -> Mask | None:
    stray = np.ptp(shape.ring, axis=0).max() <= 2 * STROKE + 1
    return None if stray else mask_from_rings([view.to_image(shape.ring)], view.image)


def _without_strays(sheet: Sheet, changes: Sequence[Change]) -> tuple[Sheet, tuple[Shape, ...]]:
    """A stray click that was made larger or taken away is one no more."""
    changed = [c for c in changes if not c.outline.owner]
    places = [c.outline for c in changed]
    left = tuple(o for o in sheet.outlines if o not in places)
    return replace(sheet, outlines=left), tuple(c.after for c in changed if c.after is not None)


def _moved_on(outlines: Sequence[Outline], changes: Sequence[Change]) -> tuple[Outline, ...]:
    after = {c.outline: c.after for c in changes}
    moved = [(o, after.get(o, o.shape)) for o in outlines]
    return tuple(replace(o, shape=shape) for o, shape in moved if shape is not None)


def _knowing(sheet: Sheet, owner: str, known: Known) -> Sheet:
    return replace(sheet, known={**sheet.known, owner: known})


def _seen_revision(seen: Known, now: Known | None) -> int:
    """The revision to name: a newer one that left the shape alone takes nothing from anybody."""
    return now.revision if now is not None and now.digest == seen.digest else seen.revision


def _id(scene: Scene, sheet: Sheet, *about: object) -> str:
    return str(uuid5(NAMESPACE_OID, f"{scene.session}/{sheet.number}/{about}"))
