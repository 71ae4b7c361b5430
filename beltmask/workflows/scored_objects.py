"""Objects of files as scoring sees them."""

from __future__ import annotations

from collections.abc import Mapping

from beltmask.formats.dataset import Dataset, DatasetImage
from beltmask.names import folded
from beltmask.scoring import ScoredObject


def class_names(*sets: Dataset) -> dict[str, str]:
    """One name of each class, whatever the case and Unicode's form: the first that is met."""
    names: dict[str, str] = {}
    for data in sets:
        for name in data.classes.values():
            names.setdefault(folded(name), name)
    return names


def scored_objects(
    data: Dataset, image: DatasetImage, names: Mapping[str, str]
) -> list[ScoredObject]:
    """The objects of an image, their classes called by ``names`` of ``class_names``."""
    return [
        ScoredObject(
            item.box,
            item.mask,
            names[folded(data.classes[item.class_position])],
            item.ignored,
            item.score,
            item.empty,
        )
        for item in image.objects
    ]
