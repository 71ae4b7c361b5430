"""Sets of objects by id, and what a store makes of changes to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from beltmask.model import Annotation, Change, Class

CAN = Class(1, 1, 0, "can", "#ff0000", aliases=("tin",))


GLOVE = Class(2, 1, 1, "glove", "#00ff00")


Objects = Mapping[str, Annotation]


def by_id(annotations: Iterable[Annotation]) -> dict[str, Annotation]:
    return {each.id: each for each in annotations}


def changed(objects: Objects, changes: Iterable[Change]) -> dict[str, Annotation]:
    """What a store makes of changes: each on top of the revision it was made from."""
    after = dict(objects)
    for change in changes:
        if change.before is not None:
            assert after.pop(change.before.id).revision == change.before.revision
        if change.after is not None:
            assert change.after.id not in after
            after[change.after.id] = change.after
    return after
