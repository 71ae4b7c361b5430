"""Detect in picture files of this machine, with no project: pictures in, COCO and overlays out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile

from beltmask.detectors.base import Detector, Event, ReplyFinished
from beltmask.detectors.region import OUTSIDE
from beltmask.errors import BeltMaskError, NotAPictureError, SettingsError
from beltmask.folders import FoundFile, files_of, picture_bytes, told_apart
from beltmask.formats.dataset import DatasetImage, DatasetObject
from beltmask.formats.files import FileNames, replaced, safe_name
from beltmask.formats.registry import DEFAULT_FORMAT, format_named
from beltmask.images import encode_jpeg, read_image
from beltmask.messages import Message, as_said
from beltmask.model import BeltRegion, Finding, Picture, Prompt, Size
from beltmask.palette import color_for
from beltmask.render import OverlayObject, overlay, with_region
from beltmask.runs import TaskAnswer
from beltmask.workflows.images import FIRST_OF_MANY
from beltmask.workflows.services import Services, StorelessServices

ANNOTATIONS = "annotations.json"
OVERLAY = "-masks.jpg"


@dataclass(frozen=True, slots=True, eq=False)
class Detected:
    """What came of one file; ``error`` is a sentence when it failed, ``note`` says what was left
    out of it.

    ``name`` is its path below the folder that was named, with as many folders before it as tell
    it from the others. ``outside`` objects lay outside the belt region and are not among the
    findings. One that was ``passed_over`` lay in a folder and is no picture.
    """

    name: str
    size: Size = (0, 0)
    sha256: str = ""
    findings: Sequence[Finding] = ()
    problem_count: int = 0
    outside: int = 0
    error: str | None = None
    passed_over: bool = False
    note: str = ""


@dataclass(slots=True)
class _Labels:
    """Categories in the order in which their labels were first seen."""

    positions: dict[str, int] = field(default_factory=dict)

    def position(self, label: str) -> int:
        return self.positions.setdefault(label, len(self.positions))


def detect_files(
    paths: Iterable[Path],
    prompt: Prompt,
    *,
    out: Path,
    services: Services | StorelessServices,
    belt: BeltRegion | None = None,
) -> Iterator[Detected]:
    """Detect in each file, yield what came of it, and write ``out``.

    ``out`` gets ``annotations.json`` (COCO; ``file_name`` is ``Detected.name``) once every file
    was looked at, and ``NAME-masks.jpg`` for each picture; nothing when no file was one.
    ``belt`` is where objects count.

    Raises:
        SettingsError: There is no such detector, or it is not set up, or ``out`` cannot be written.
    """
    detector = _ready_detector(prompt.detector, services)
    there_before = out.exists()
    _open_folder(out)
    names, done = FileNames(), []
    for found in _named(paths):
        if isinstance(found, Detected):
            yield found
            continue
        detected, picture = _detect(*found, detector, prompt, services, belt=belt)
        if picture is not None:
            drawn = with_region(overlay(picture.pixels, _shown(detected.findings)), belt)
            with _writing(out):
                (out / _overlay_name(found[1], names)).write_bytes(encode_jpeg(drawn, quality=90))
            done.append(detected)
        yield detected
    with _writing(out):
        if done:
            _write_annotations(done, prompt, out / ANNOTATIONS)
        elif not there_before:
            out.rmdir()


def _overlay_name(name: str, names: FileNames) -> str:
    """Beside the annotations, without the picture's folders unless another has the name."""
    path = PurePosixPath(safe_name(name))
    plain, whole = f"{path.stem}{OVERLAY}", f"{'-'.join([*path.parent.parts, path.stem])}{OVERLAY}"
    return names.free(plain if names.is_free(plain) else whole)


def _write_annotations(done: Sequence[Detected], prompt: Prompt, path: Path) -> None:
    labels = _Labels()
    images = [_dataset_image(detected, labels) for detected in done]
    classes = {position: label for label, position in labels.positions.items()}
    with replaced(path) as temporary:
        format_named(DEFAULT_FORMAT).write(temporary, images, classes, description=prompt.query)


def _ready_detector(name: str, services: Services | StorelessServices) -> Detector:
    detector = services.detectors.get(name)
    if detector is None:
        hint = Message("runs.choose_one_of", names=tuple(services.detectors))
        raise SettingsError(Message("runs.no_detector", name=name), hint=hint)
    now = detector.availability()
    if not now.ready:
        raise SettingsError(Message("runs.detector_not_set_up", name=name), hint=as_said(now.note))
    return detector


def _open_folder(out: Path) -> None:
    """Make the folder, or find out that it cannot be written before any picture costs time."""
    with _writing(out):
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=out):
            pass
    for name in (out / ANNOTATIONS, *out.glob(f"*{OVERLAY}")):
        if name.is_dir():
            hint = Message("files.move_it_away")
            raise SettingsError(Message("files.in_the_way", path=str(name)), hint=hint)


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = Message("files.choose_another_folder")
        raise SettingsError(
            Message("files.not_written", path=str(out), reason=error.strerror), hint=hint
        ) from error


def _named(paths: Iterable[Path]) -> Iterator[tuple[FoundFile, str] | Detected]:
    """The files with their names, and the folders that could not be looked at."""
    found = list(files_of(paths))
    names = iter(told_apart([each for each in found if isinstance(each, FoundFile)]))
    for each in found:
        if isinstance(each, FoundFile):
            yield each, next(names)
        else:
            yield Detected("", error=each.explanation)


def _detect(
    found: FoundFile,
    name: str,
    detector: Detector,
    prompt: Prompt,
    services: Services | StorelessServices,
    *,
    belt: BeltRegion | None,
) -> tuple[Detected, Picture | None]:
    answer = TaskAnswer()
    try:
        data = picture_bytes(found, limits=services.limits)
        decoded = read_image(data, name=found.path.name, limits=services.limits)
        picture = Picture(found.path.name, decoded.facts.sha256, decoded.pixels, belt)
        answer.take(_paid(detector.detect(picture, prompt), services))
    except NotAPictureError as error:
        return Detected(name, error=error.explanation, passed_over=True), None
    except BeltMaskError as error:
        return Detected(name, error=error.explanation), None
    problems = [*(each for _, told in answer.replies for each in told), *answer.late]
    outside = sum(problem.kind == OUTSIDE for problem in problems)
    facts, note = decoded.facts, FIRST_OF_MANY if decoded.first_of_many else ""
    told = (len(problems), outside)
    return Detected(name, facts.size, facts.sha256, answer.findings, *told, note=note), picture


def _paid(events: Iterator[Event], services: Services | StorelessServices) -> Iterator[Event]:
    """The events; no reply is kept, so the budget is told what each one cost."""
    for event in events:
        if isinstance(event, ReplyFinished):
            services.budget.paid(event.reply.cost or 0.0)
        yield event


def _shown(findings: Sequence[Finding]) -> list[OverlayObject]:
    return [
        OverlayObject(number, finding.box, finding.mask, color_for(number - 1), finding.label)
        for number, finding in enumerate(findings, start=1)
    ]


def _dataset_image(detected: Detected, labels: _Labels) -> DatasetImage:
    objects = [
        DatasetObject(
            class_position=labels.position(finding.label),
            box=finding.box,
            mask=finding.mask,
            attributes={"mask_source": finding.mask_source.value},
            score=finding.score,
        )
        for finding in detected.findings
    ]
    return DatasetImage(detected.name, detected.size, objects, sha256=detected.sha256)
