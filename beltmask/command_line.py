"""What can be written after ``python -m beltmask``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from beltmask.arguments import (
    count_of,
    dollars_of,
    gate_in,
    named_file,
    seed_of,
    size_of,
    temperature_of,
    threshold_of,
)
from beltmask.counts import counted
from beltmask.model import Tiling
from beltmask.workflows.export import EXPORT_FORMATS
from beltmask.workflows.prompts import DEFAULT_QUERY
from beltmask.workflows.services import DEFAULT_DETECTOR

UNUSABLE = 2


def complain(sentence: str) -> None:
    """One line on standard error."""
    print(" ".join(sentence.split()), file=sys.stderr)


def tell_passed_over(names: Sequence[str]) -> None:
    if names:
        some = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        were = "was" if len(names) == 1 else "were"
        complain(f"{counted(len(names), 'file')} beside the pictures {were} passed over: {some}.")


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        complain(f"{message}. See {self.prog} --help.")
        raise SystemExit(UNUSABLE)


def parser() -> argparse.ArgumentParser:
    """Reads the arguments; ``command`` of what it answers is the name of the command."""
    whole = _OneLineParser(prog="python -m beltmask", description="BeltMask without a browser")
    commands = whole.add_subparsers(required=True, dest="command", metavar="COMMAND")

    command = commands.add_parser("add", help="add pictures, folders or ZIPs to a project")
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    command.add_argument("--project", required=True, metavar="NAME")

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

    command = commands.add_parser("parse", help="read a recorded reply of a model")
    command.add_argument(
        "reply", type=Path, metavar="REPLY", help="a file, or - for standard input"
    )
    command.add_argument("--size", required=True, type=size_of, metavar="WIDTHxHEIGHT")
    command.add_argument("--image", type=Path, metavar="FILE", help="the picture it is about")

    command = commands.add_parser("reread", help="read a project's kept replies again")
    command.add_argument("--project", required=True, metavar="NAME")
    command.add_argument("--apply", action="store_true", help="keep what is read now")

    command = commands.add_parser("export", help="write a project's truth for other tools")
    command.add_argument("--project", required=True, metavar="NAME")
    command.add_argument("--format", default=EXPORT_FORMATS[0], choices=EXPORT_FORMATS)
    command.add_argument("--out", required=True, type=Path, metavar="PATH")
    command.add_argument("--reviewed", action="store_true", help="also images still in review")
    command.add_argument("--no-images", action="store_true", help="annotations only")

    command = commands.add_parser("check", help="look whether everything that is kept is sound")
    command.add_argument("--repair", action="store_true", help="put right what can be")

    command = commands.add_parser("evaluate", help="score predictions against truth")
    command.add_argument("--truth", required=True, type=Path, metavar="COCO")
    command.add_argument("--predictions", required=True, type=Path, metavar="COCO")

    _add_compare(
        commands.add_parser(
            "compare", help="compare predictions on one truth, or prompts on a project's"
        )
    )

    command = commands.add_parser("prompts", help="list a project's prompt versions")
    command.add_argument("--project", required=True, metavar="NAME")
    command.add_argument("--json", action="store_true", help="all they ask, for other tools")
    return whole


def _add_compare(command: argparse.ArgumentParser) -> None:
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--truth", type=Path, metavar="COCO")
    source.add_argument("--project", metavar="NAME")
    command.add_argument(
        "--predictions",
        nargs="+",
        action="extend",
        default=[],
        type=named_file,
        metavar="NAME=COCO",
        help="with --truth",
    )
    command.add_argument(
        "--prompts", nargs="+", default=[], metavar="VERSION", help="with --project"
    )
    command.add_argument("--pictures", type=count_of, metavar="N", help="a sample, by --seed")
    command.add_argument("--repeats", type=count_of, default=1, metavar="K")
    command.add_argument("--budget", type=dollars_of, metavar="USD")
    command.add_argument("--baseline", metavar="NAME", help="the first unless named")
    command.add_argument("--iou", type=threshold_of, default=0.5, metavar="0..1")
    command.add_argument("--groups", type=Path, metavar="CSV", help="file_name,group")
    command.add_argument("--seed", type=seed_of, default=0, metavar="N")
    command.add_argument("--json", action="store_true", help="all figures, for other tools")
    command.add_argument("--gate", type=gate_in, action="append", default=[], metavar="f1:-0.01")
    command.add_argument("--junit", type=Path, metavar="FILE", help="the gates for CI")
