"""Settled annotations out of a project, read back before anybody gets them."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from beltmask.errors import FormatError, ReviewError
from beltmask.formats.base import Format
from beltmask.formats.certificate import Certificate
from beltmask.formats.dataset import DatasetImage, DatasetObject, Loss, WrittenDataset
from beltmask.formats.files import replaced, safe_name
from beltmask.formats.registry import DEFAULT_FORMAT, FORMATS, format_named
from beltmask.images import SUFFIXES, opened_image, upright_bytes
from beltmask.messages import Message
from beltmask.model import Annotation, Image, Project, ReviewState
from beltmask.store.disk import close_folder, make_folder
from beltmask.workflows.originals import original_of
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services
from beltmask.workflows.snapshots import Snapshot, snapshot_of

EXPORT_FORMATS = tuple(FORMATS)
_READ_AND_WRITTEN = 0o666
LOST: Mapping[Loss, Callable[[int], Message]] = {
    Loss.NO_MASK: lambda count: Message("formats.lost_no_mask", count=count),
    Loss.MASKS: lambda count: Message("formats.lost_masks", count=count),
    Loss.HOLES: lambda count: Message("formats.lost_holes", count=count),
    Loss.PARTS: lambda count: Message("formats.lost_parts", count=count),
    Loss.OVERLAPS: lambda count: Message("formats.lost_overlaps", count=count),
    Loss.LABELS: lambda count: Message("formats.lost_labels", count=count),
    Loss.NEGATIVES: lambda count: Message("formats.lost_negatives", count=count),
}
"""What is said of so many objects or pictures."""


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """Approved images only, or all reviewed ones; with their pictures or without; as what.

    An image in review counts as reviewed once none of its objects is left proposed.
    """

    all_reviewed: bool = False
    pictures: bool = True
    format_name: str = DEFAULT_FORMAT

    @property
    def format(self) -> Format:
        """Raises FormatError: There is none of this name."""
        return format_named(self.format_name)

    @property
    def reviews(self) -> tuple[ReviewState, ...]:
        if self.all_reviewed:
            return (ReviewState.APPROVED, ReviewState.IN_REVIEW)
        return (ReviewState.APPROVED,)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """An export that was written and read back."""

    path: Path
    certificate: Certificate
    lost: Mapping[Loss, int]

    @property
    def sentence(self) -> str:
        notes = (str(LOST[loss](count)) for loss, count in self.lost.items())
        return " ".join([f"{self.path.name}: {self.certificate}.", *notes])


def export_dataset(
    project: Project, choice: ExportChoice, *, path: Path, services: Services
) -> ExportReport:
    """Write a ZIP (``.zip``), the annotations alone where the format has a file for them (COCO:
    ``.json``), or else a folder.

    It shows the project at one moment, whatever people do meanwhile. Nothing appears at ``path``
    unless every mask was read back as it was written.

    Raises:
        FormatError: There is nothing to export, no such format, or ``path`` cannot be written.
        ReviewError: A settled object has no class.
    """
    require(services.actor, Action.EXPORT, project.id)
    try:
        suffix, form = path.suffix.lower(), choice.format
        if suffix not in (".zip", form.suffix or ".zip"):
            return _export_folder(project, choice, path, services)
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix != ".zip":
            choice = replace(choice, pictures=False)
        with replaced(path) as temporary:
            written = _write(project, choice, temporary, services)
            return ExportReport(path, _certified(form, temporary, written), written.lost)
    except OSError as error:
        raise _unwritable(path, error) from error


def export_for_download(
    project: Project, choice: ExportChoice, *, services: Services
) -> ExportReport:
    """Write a ZIP into the data folder, where it waits to be downloaded.

    Every project and every choice has a file of its own: nobody downloads what another asked for.
    Other people of the machine cannot read them.

    Raises:
        FormatError, ReviewError: As ``export_dataset``.
    """
    name = safe_name(project.name).replace("/", "-").replace(" ", "-").lower()
    chosen = "-reviewed" * choice.all_reviewed + "-annotations" * (not choice.pictures)
    folder = services.settings.data / "exports" / str(project.id)
    path = folder / f"{name}-{choice.format.name}{chosen}.zip"
    try:
        make_folder(folder)
        close_folder(folder.parent)
        report = export_dataset(project, choice, path=path, services=services)
        path.chmod(folder.stat().st_mode & _READ_AND_WRITTEN)
    except OSError as error:
        raise _unwritable(path, error) from error
    return report


def _certified(form: Format, path: Path, written: WrittenDataset) -> Certificate:
    """What is lost without a word is no better than what differs."""
    unsaid = written.lost.keys() - form.loses
    if unsaid:
        losses = tuple(sorted(loss.value for loss in unsaid))
        said = Message("formats.undeclared_loss", name=form.title, losses=losses)
        raise FormatError(said, hint=Message("formats.report_it"))
    return form.certify(path, written)


def _unwritable(path: Path, error: OSError) -> FormatError:
    reason = error.strerror or str(error)
    return FormatError(
        Message("formats.file_not_written", path=str(path), reason=reason),
        hint=Message("formats.choose_another_path"),
    )


def _write(
    project: Project, choice: ExportChoice, path: Path, services: Services
) -> WrittenDataset:
    with snapshot_of(project.id, choice.reviews, services=services) as snapshot:
        classes = {each.position: each.name for each in snapshot.classes}
        images = _dataset_images(snapshot, choice, services)
        written = choice.format.write(path, images, classes, description=project.name)
    if not written.image_count:
        hint = Message("formats.approve_first")
        raise FormatError(Message("formats.nothing_to_export", name=project.name), hint=hint)
    return written


def _export_folder(
    project: Project, choice: ExportChoice, folder: Path, services: Services
) -> ExportReport:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as temporary:
        archived = Path(temporary) / "export.zip"
        written = _write(project, choice, archived, services)
        certificate = _certified(choice.format, archived, written)
        with zipfile.ZipFile(archived) as archive:
            archive.extractall(folder)
    return ExportReport(folder, certificate, written.lost)


def _dataset_images(
    snapshot: Snapshot, choice: ExportChoice, services: Services
) -> Iterator[DatasetImage]:
    """One image at a time, what is settled in it from bottom to top; none makes it a negative."""
    positions = {each.id: each.position for each in snapshot.classes}
    for image, settled in snapshot.images():
        name = str(PurePosixPath(image.facts.folder) / image.name)
        picture = None
        if choice.pictures:
            data, suffix = _upright(image, services)
            name = _with_suffix(name, suffix)
            picture = io.BytesIO(data).getvalue
        stacked = sorted(settled, key=_height)
        objects = [_dataset_object(each, image, positions) for each in stacked]
        yield DatasetImage(name, image.size, objects, picture, sha256=image.facts.sha256)


def _height(annotation: Annotation) -> tuple[int, int]:
    """More for what lies on top, as on the canvas: within a layer small ones on large ones."""
    mask = annotation.mask
    return annotation.layer, -(annotation.box.area if mask is None else mask.area)


def _with_suffix(name: str, suffix: str) -> str:
    """``name`` with the suffix of a picture; ``belt 1.2 mm`` had none to replace."""
    path = PurePosixPath(name)
    return f"{path.with_suffix('') if path.suffix.lower() in SUFFIXES else path}{suffix}"


def _upright(image: Image, services: Services) -> tuple[bytes, str]:
    """The picture's bytes and the suffix they deserve; its own where that fits."""
    data = original_of(image, blobs=services.store.blobs)
    with opened_image(data, name=image.name, limits=services.limits) as decoded:
        upright, suffix = upright_bytes(data, decoded)
    own = PurePosixPath(image.name).suffix
    return upright, own if upright is data and own.lower() in SUFFIXES else suffix


def _dataset_object(
    annotation: Annotation, image: Image, positions: Mapping[int, int]
) -> DatasetObject:
    position = positions.get(annotation.class_id or 0)
    if position is None:
        raise ReviewError(
            Message("formats.object_without_class", label=annotation.label, name=image.name),
            hint=Message("formats.give_class"),
        )
    attributes = {"source": annotation.source.value, "label": annotation.label}
    return DatasetObject(position, annotation.box, annotation.mask, attributes)
