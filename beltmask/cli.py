"""``python -m beltmask``: the same workflows without a browser."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any

from beltmask.arguments import picture_in, predictions_by_name, text_in
from beltmask.command_line import UNUSABLE, complain, parser, tell_passed_over
from beltmask.counts import counted
from beltmask.errors import BeltMaskError, SettingsError, StoreError
from beltmask.model import Prompt, Tiling
from beltmask.scoring.gate import gate_outcomes
from beltmask.settings import load_settings
from beltmask.workflows.belt_regions import belt_region_of
from beltmask.workflows.comparable_prompts import versions_named
from beltmask.workflows.comparison_plan import ComparisonWish
from beltmask.workflows.comparison_result import compare_now, unanswered
from beltmask.workflows.comparison_table import comparison_table
from beltmask.workflows.evaluation import evaluate_files
from beltmask.workflows.export import ExportChoice, export_dataset
from beltmask.workflows.file_comparison import compare_files
from beltmask.workflows.files import detect_files
from beltmask.workflows.images import AddOutcome, add_paths, told_where_it_stopped
from beltmask.workflows.integrity import Fate, check_everything
from beltmask.workflows.junit import write_junit
from beltmask.workflows.projects import project_named, project_of_name
from beltmask.workflows.prompts import model_asked
from beltmask.workflows.reparse import reread_project
from beltmask.workflows.reply_report import parse_reply_text
from beltmask.workflows.services import Services, StorelessServices
from beltmask.workflows.version_table import versions_told

SOME_FAILED = 1
GATE_BROKEN = 3
_MOST_TOLD = 20
"""Sentences of a kind; the answer lists them all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when everything went through, 1 when some of the input was refused, 2 when nothing
        could be done, 3 when a gate was broken. Reasons go to standard error, one line each.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # file names may be bytes that are no text
            stream.reconfigure(errors="backslashreplace")
    try:
        chosen = parser().parse_args(arguments)
        code = COMMANDS[chosen.command](chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read us (``| head``) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    except BeltMaskError as error:
        complain(error.explanation)
        return UNUSABLE
    except KeyboardInterrupt:
        complain("stopped")
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
                complain(added.note)
            elif added.outcome is AddOutcome.ADDED and added.note:
                complain(f"{added.name}: {added.note}")
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no pictures")
    tell_passed_over(passed_over)
    if not counts:
        complain("there is no picture in what was named. Name pictures, folders or ZIPs.")
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
                    complain(f"{detected.name}: {detected.note}")
            else:
                failed += 1
                complain(detected.error)
    tell_passed_over(passed_over)
    if not total:
        complain("there is no picture in what was named. Name pictures or folders.")
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
    return _told(result["remarks"], result["left_out"])


def compare(chosen: argparse.Namespace) -> int:
    """Print which prompt is better on one truth: a table, or all figures as JSON."""
    found = _compared_files(chosen) if chosen.truth else _compared_prompts(chosen)
    if chosen.json:
        print(json.dumps(found, indent=1))
    else:
        print("\n".join(comparison_table(found)))
    outcomes = list(gate_outcomes(found["differences"], chosen.gate, baseline=found["baseline"]))
    if chosen.junit is not None:
        write_junit(chosen.junit, found["sentence"], outcomes)
    broken = [outcome for outcome in outcomes if not outcome.held]
    for outcome in broken:
        complain(str(outcome.reason))
    missing = list(unanswered(found))
    code = _told([*found.get("remarks", ()), *missing], found.get("left_out", ()))
    return GATE_BROKEN if broken else SOME_FAILED if missing else code


def _compared_files(chosen: argparse.Namespace) -> Mapping[str, Any]:
    return compare_files(
        chosen.truth,
        predictions_by_name(chosen.predictions),
        baseline=chosen.baseline,
        iou=chosen.iou,
        groups=chosen.groups,
        seed=chosen.seed,
    )


def _compared_prompts(chosen: argparse.Namespace) -> Mapping[str, Any]:
    """Ask what is not answered yet, until all is or the budget is spent."""
    with _services() as services:
        project = project_named(chosen.project, services=services)
        wish = ComparisonWish(
            project.id,
            versions_named(project.id, chosen.prompts, services=services),
            pictures=chosen.pictures,
            seed=chosen.seed,
            repeats=chosen.repeats,
            baseline=chosen.baseline or "",
            iou=chosen.iou,
            budget=chosen.budget,
        )
        return compare_now(wish, services=services)


def prompts(chosen: argparse.Namespace) -> int:
    """List a project's prompt versions."""
    with _services() as services:
        project = project_named(chosen.project, services=services)
        print(versions_told(project.id, as_json=chosen.json, services=services))
    return 0


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
            complain(f"{str(error).rstrip('.')}: answers are not kept")
    try:
        yield services or storeless
    finally:
        if services is not None:
            services.close()


def _told(remarks: Sequence[str], left_out: Sequence[str]) -> int:
    """Say what figures rest on and which objects could not be read."""
    for sentence in [*remarks, *left_out[:_MOST_TOLD]]:
        complain(sentence)
    if len(left_out) > _MOST_TOLD:
        complain(f"{len(left_out)} objects were left out; all are listed in left_out.")
    return SOME_FAILED if left_out else 0


def _code(*, refused: int, total: int) -> int:
    if refused == total:
        return UNUSABLE
    return SOME_FAILED if refused else 0


def _prompt(chosen: argparse.Namespace, services: Services | StorelessServices) -> Prompt:
    return Prompt(
        detector=chosen.detector,
        query=chosen.query,
        model=model_asked(chosen.detector, chosen.model, services),
        temperature=chosen.temperature,
        tiling=Tiling(chosen.tiling),
    )


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "add": add,
    "detect": detect,
    "parse": parse,
    "reread": reread,
    "export": export,
    "check": check,
    "evaluate": evaluate,
    "compare": compare,
    "prompts": prompts,
}
