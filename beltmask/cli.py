"""``python -m beltmask``: the same workflows without a browser."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from beltmask.arguments import picture_in, size_of, temperature_of, text_in
from beltmask.counts import counted
from beltmask.errors import BeltMaskError, SettingsError, StoreError
from beltmask.model import Prompt, Tiling
from beltmask.settings import load_settings
from beltmask.workflows.belt_regions import belt_region_of
from beltmask.workflows.evaluation import evaluate_files
from beltmask.workflows.export import EXPORT_FORMATS, ExportChoice, export_dataset
from beltmask.workflows.files import detect_files
from beltmask.workflows.images import AddOutcome, add_paths, told_where_it_stopped
from beltmask.workflows.integrity import Fate, check_everything
from beltmask.workflows.projects import project_named, project_of_name
from beltmask.workflows.prompts import DEFAULT_QUERY, model_asked
from beltmask.workflows.reparse import reread_project
from beltmask.workflows.reply_report import parse_reply_text
from beltmask.workflows.services import DEFAULT_DETECTOR, Services, StorelessServices

SOME_FAILED = 1
UNUSABLE = 2
_MOST_TOLD = 20
"""Sentences of a kind; the answer lists them all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when everything went through, 1 when some of the input was refused, 2 when nothing
        could be done. Reasons go to standard error, one line each.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # file names may be bytes that are no text
            stream.reconfigure(errors="backslashreplace")
    try:
        chosen = _parser().parse_args(arguments)
        code: int = chosen.run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read us (``| head``) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    except BeltMaskError as error:
        _complain(error.explanation)
        return UNUSABLE
    except KeyboardInterrupt:
        _complain("stopped")
        return 130
    return code


def add(chosen: argparse.Namespace) -> int:
    """Add pictures to a project, which is made when there is none of that name."""
    counts: Counter[AddOutcome] = Counter()
    passed_over = []
    with _services() as services:
        project = project_of_name(chosen.project, services=services)
        arriving = add_paths(chosen.paths, project_id=project.id, services=services)
        for added in told_where_it_stopped(arriving, services=services):
            if added.outcome is AddOutcome.PASSED_OVER:
                passed_over.append(added.name)
                continue
            counts[added.outcome] += 1
            if added.outcome is AddOutcome.REFUSED:
                _complain(added.note)
            elif added.outcome is AddOutcome.ADDED and added.note:
                _complain(f"{added.name}: {added.note}")
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no pictures")
    _tell_passed_over(passed_over)
    if not counts:
        _complain("there is no picture in what was named. Name pictures, folders or ZIPs.")
    return _code(refused=counts[AddOutcome.REFUSED], total=counts.total())


def detect(chosen: argparse.Namespace) -> int:
    """Detect in files; writes annotations.json and overlay pictures."""
    failed = total = 0
    passed_over = []
    with _detecting_services(chosen) as services:
        belt = None
        if isinstance(services, Services) and chosen.project is not None:
            project = project_named(chosen.project, services=services)
            belt = belt_region_of(project.id, services=services)
        files, prompt, out = chosen.files, _prompt(chosen, services), chosen.out
        for detected in detect_files(files, prompt, out=out, services=services, belt=belt):
            if detected.passed_over:
                passed_over.append(detected.name)
                continue
            total += 1
            if detected.error is None:
                outside = f", {detected.outside} outside the belt" if detected.outside else ""
                found = counted(len(detected.findings), "object")
                print(f"{detected.name}: {found}{outside}")
                if detected.note:
                    _complain(f"{detected.name}: {detected.note}")
            else:
                failed += 1
                _complain(detected.error)
    _tell_passed_over(passed_over)
    if not total:
        _complain("there is no picture in what was named. Name pictures or folders.")
    return _code(refused=failed, total=total)


def parse(chosen: argparse.Namespace) -> int:
    """Print what a recorded reply says, as JSON."""
    text = text_in(chosen.reply)
    picture = None if chosen.image is None else picture_in(chosen.image)
    print(json.dumps(parse_reply_text(text, size=chosen.size, picture=picture), indent=1))
    return 0


def reread(chosen: argparse.Namespace) -> int:
    """Read a project's kept replies again and say what that changes; keep it with --apply."""
    changing = total = 0
    with _services() as services:
        project = project_named(chosen.project, services=services)
        differences = reread_project(project.id, services=services, apply=chosen.apply)
        for difference in differences:
            total += 1
            changing += difference.anything
            if difference.anything or difference.note:
                print(difference.sentence)
    verb = "changed" if chosen.apply else "would change"
    read = counted(total, "reply", "replies")
    print(f"{read} read again, {changing} {verb}")
    return 0


def export(chosen: argparse.Namespace) -> int:
    """Export a project's truth: a ZIP when PATH ends in .zip, else a folder."""
    with _services() as services:
        project = project_named(chosen.project, services=services)
        choice = ExportChoice(chosen.reviewed, not chosen.no_images, chosen.format)
        report = export_dataset(project, choice, path=chosen.out, services=services)
    print(report.sentence)
    return 0


def evaluate(chosen: argparse.Namespace) -> int:
    """Print precision, recall, F1 and mean IoU of predictions against truth, as JSON."""
    result = evaluate_files(chosen.truth, chosen.predictions)
    print(json.dumps(result, indent=1))
    left_out = result["left_out"]
    for sentence in [*result["remarks"], *left_out[:_MOST_TOLD]]:
        _complain(sentence)
    if len(left_out) > _MOST_TOLD:
        _complain(f"{len(left_out)} objects were left out; all are listed in left_out.")
    return SOME_FAILED if left_out else 0


def check(chosen: argparse.Namespace) -> int:
    """Look through everything that is kept; put right what can be with --repair."""
    fates: Counter[Fate] = Counter()
    with _services() as services:
        for flaw in check_everything(services=services, repair=chosen.repair):
            fates[flaw.fate] += 1
            print(flaw.sentence, flush=True)
    told = [f"{count} {fate}" for fate, count in fates.items()]
    print(", ".join(told) if told else "everything is as it should be")
    if fates[Fate.LEFT]:
        return UNUSABLE
    return SOME_FAILED if fates[Fate.MENDED] else 0


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        _complain(f"{message}. See {self.prog} --help.")
        raise SystemExit(UNUSABLE)


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(prog="python -m beltmask", description="BeltMask without a browser")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("add", help="add pictures, folders or ZIPs to a project")
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    command.add_argument("--project", required=True, metavar="NAME")
    command.set_defaults(run=add)

    command = commands.add_parser("detect", help="find foreign objects in picture files")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.add_argument("--detector", default=DEFAULT_DETECTOR, metavar="NAME")
    command.add_argument("--query", default=DEFAULT_QUERY)
    command.add_argument("--model", default="", metavar="ID")
    command.add_argument("--temperature", type=temperature_of, metavar="0..2")
    command.add_argument(
        "--tiling", default=Tiling.WHOLE.value, choices=[one.value for one in Tiling]
    )
    command.add_argument("--project", metavar="NAME", help="the project whose belt region counts")
    command.add_argument("--out", required=True, type=Path, metavar="DIR")
    command.set_defaults(run=detect)

    command = commands.add_parser("parse", help="read a recorded reply of a model")
    command.add_argument(
        "reply", type=Path, metavar="REPLY", help="a file, or - for standard input"
    )
    command.add_argument("--size", required=True, type=size_of, metavar="WIDTHxHEIGHT")
    command.add_argument("--image", type=Path, metavar="FILE", help="the picture it is about")
    command.set_defaults(run=parse)

    command = commands.add_parser("reread", help="read a project's kept replies again")
    command.add_argument("--project", required=True, metavar="NAME")
    command.add_argument("--apply", action="store_true", help="keep what is read now")
    command.set_defaults(run=reread)

    command = commands.add_parser("export", help="write a project's truth for other tools")
    command.add_argument("--project", required=True, metavar="NAME")
    command.add_argument("--format", default=EXPORT_FORMATS[0], choices=EXPORT_FORMATS)
    command.add_argument("--out", required=True, type=Path, metavar="PATH")
    command.add_argument("--reviewed", action="store_true", help="also images still in review")
    command.add_argument("--no-images", action="store_true", help="annotations only")
    command.set_defaults(run=export)

    command = commands.add_parser("check", help="look whether everything that is kept is sound")
    command.add_argument("--repair", action="store_true", help="put right what can be")
    command.set_defaults(run=check)

    command = commands.add_parser("evaluate", help="score predictions against truth")
    command.add_argument("--truth", required=True, type=Path, metavar="COCO")
    command.add_argument("--predictions", required=True, type=Path, metavar="COCO")
    command.set_defaults(run=evaluate)
    return parser


@contextmanager
def _services() -> Iterator[Services]:
    services = Services.open(load_settings())
    try:
        yield services
    finally:
        services.close()


@contextmanager
def _detecting_services(chosen: argparse.Namespace) -> Iterator[Services | StorelessServices]:
    """Plain files need no data folder. Models that cost money keep their answers where they can."""
    settings = load_settings()
    storeless = StorelessServices.of(settings)
    services: Services | None = None
    if chosen.project is not None or storeless.asks_a_model(chosen.detector):
        try:
            services = Services.open(settings)
        except (StoreError, SettingsError) as error:
            if chosen.project is not None or settings.daily_budget is not None:
                raise
            _complain(f"{str(error).rstrip('.')}: answers are not kept")
    try:
        yield services or storeless
    finally:
        if services is not None:
            services.close()


def _tell_passed_over(names: Sequence[str]) -> None:
    if names:
        some = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        were = "was" if len(names) == 1 else "were"
        _complain(f"{counted(len(names), 'file')} beside the pictures {were} passed over: {some}.")


def _code(*, refused: int, total: int) -> int:
    if refused == total:
        return UNUSABLE
    return SOME_FAILED if refused else 0


def _complain(sentence: str) -> None:
    print(" ".join(sentence.split()), file=sys.stderr)


def _prompt(chosen: argparse.Namespace, services: Services | StorelessServices) -> Prompt:
    return Prompt(
        detector=chosen.detector,
        query=chosen.query,
        model=model_asked(chosen.detector, chosen.model, services),
        temperature=chosen.temperature,
        tiling=Tiling(chosen.tiling),
    )
