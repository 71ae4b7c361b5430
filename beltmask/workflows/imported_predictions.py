"""Predictions of other makers: a COCO file under a name, compared like a prompt."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from beltmask.formats.dataset import Dataset, DatasetImage, DatasetObject, named_apart
from beltmask.formats.registry import DEFAULT_FORMAT, format_named
from beltmask.messages import Message
from beltmask.model import Contender, Finding, Image, MaskSource, Prompt, ReviewState
from beltmask.names import one_line
from beltmask.store.images import ImageFilter
from beltmask.workflows.permission import Action, require
from beltmask.workflows.picture_pairs import picture_pairs
from beltmask.workflows.services import Services

FROM_FILE = "file"
"""Stands where a prompt names its detector: nobody can be asked."""
_MOST = 100_000
"""Approved pictures."""


@dataclass(frozen=True, slots=True, eq=False)
class ImportedPredictions:
    """What a file says: findings by image, none where it has nothing to say.

    ``left_out`` are sentences on what could not be read.
    """

    contender: Contender
    findings: Mapping[int, Sequence[Finding]]
    left_out: tuple[str, ...] = ()


def file_contender(name: str, data: bytes) -> Contender:
    """A file as a contender; other bytes under the same name are another one."""
    digest = hashlib.sha256(data).hexdigest()[:16]
    return Contender(one_line(name), Prompt(FROM_FILE, one_line(name), model=digest))


def read_predictions(
    project_id: int, contender: Contender, data: bytes, *, services: Services
) -> ImportedPredictions:
    """Pair the pictures of a COCO file with the project's approved ones, as ``evaluate`` does.

    Raises:
        FormatError: It cannot be read, is not COCO, or has no picture of the project.
    """
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        where = ImageFilter(project_id, (ReviewState.APPROVED,))
        images = records.images.page(where, limit=_MOST)
        known = _dataset(records.projects.get(project_id).name, images)
    left_out: list[Message] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "predictions.json"
        path.write_bytes(data)
        found = format_named(DEFAULT_FORMAT).read(path, truth=known, left_out=left_out)
        pairs = picture_pairs(known, found)
        findings = {
            image.id: _findings(found, pairs.by_truth.get(one))
            for image, one in zip(images, known.images, strict=True)
        }
    return ImportedPredictions(contender, findings, tuple(map(str, left_out)))


def _dataset(name: str, images: Sequence[Image]) -> Dataset:
    pictures = (
        DatasetImage(_path(each), each.size, sha256=each.facts.sha256, id=each.id)
        for each in images
    )
    return Dataset(name, tuple(named_apart(pictures)), {})


def _path(image: Image) -> str:
    return f"{image.facts.folder}/{image.name}" if image.facts.folder else image.name


def _findings(data: Dataset, image: DatasetImage | None) -> list[Finding]:
    return [] if image is None else [_finding(data, each) for each in image.objects]


def _finding(data: Dataset, item: DatasetObject) -> Finding:
    source = MaskSource.NONE if item.mask is None else MaskSource.MODEL
    score = item.score if item.score is None or 0 <= item.score <= 1 else None
    return Finding(data.classes[item.class_position], item.box, item.mask, source, score)
