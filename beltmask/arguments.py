"""What the arguments of the command line mean: sizes, numbers, texts and pictures in files."""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from beltmask.errors import ImageRefusedError, SettingsError
from beltmask.images import DEFAULT_LIMITS, read_image
from beltmask.messages import Message
from beltmask.model import Pixels, Size
from beltmask.scoring.gate import QualityGate, gate_of
from beltmask.scoring.statistics import FIGURES


def size_of(text: str) -> Size:
    """``1280x960`` as (width, height)."""
    width, _, height = text.lower().partition("x")
    digits = width.isdecimal() and height.isdecimal() and len(width + height) < 20
    area = int(width) * int(height) if digits else 0
    if not 0 < area <= DEFAULT_LIMITS.max_pixels:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not WIDTHxHEIGHT, such as 1280x960")
    return (int(width), int(height))


def temperature_of(text: str) -> float:
    """A number from 0 to 2."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 2:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 2")
    return value


def threshold_of(text: str) -> float:
    """An IoU above 0 and at most 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0 and at most 1")
    return value


def seed_of(text: str) -> int:
    """A whole number from 0 on."""
    if not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from 0 on")
    return int(text)


def count_of(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or len(text) > 18 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from 1 on")
    return int(text)


def dollars_of(text: str) -> float:
    """An amount of money above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not an amount above 0, such as 2.50")
    return value


def gate_in(text: str) -> QualityGate:
    """``f1:-0.01``."""
    try:
        return gate_of(text)
    except ValueError as error:
        known = ", ".join(FIGURES)
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is not FIGURE:NUMBER, such as f1:-0.01; figures are {known}"
        ) from error


def named_file(text: str) -> tuple[str, Path]:
    """``new=predictions.json``."""
    name, _, path = text.partition("=")
    if not name.strip() or not path.strip():
        raise argparse.ArgumentTypeError(
            f"{text[:80]!r} is not NAME=FILE, such as new=predictions.json"
        )
    return name.strip(), Path(path)


def predictions_by_name(named: Sequence[tuple[str, Path]]) -> dict[str, Path]:
    """The files by their names.

    Raises:
        SettingsError: There is none, or a name occurs twice.
    """
    if not named:
        hint = Message("comparison.name_predictions")
        raise SettingsError(Message("comparison.no_predictions"), hint=hint)
    for name, count in Counter(name for name, _ in named).items():
        if count > 1:
            hint = Message("comparison.other_name")
            raise SettingsError(Message("comparison.name_twice", name=name), hint=hint)
    return dict(named)


def text_in(path: Path) -> str:
    """What a file says, or standard input for ``-``.

    Raises:
        SettingsError: It cannot be read.
    """
    if str(path) == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return _bytes(path).decode("utf-8", "replace")


def picture_in(path: Path) -> Pixels:
    """The upright pixels of a file.

    Raises:
        SettingsError: It is no picture, or cannot be read.
    """
    try:
        return read_image(_bytes(path), name=path.name).pixels
    except ImageRefusedError as error:
        raise SettingsError(error.message, hint=Message("cli.name_a_picture")) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        hint = Message("cli.check_path")
        raise SettingsError(
            Message("cli.file_not_read", path=str(path), reason=error.strerror), hint=hint
        ) from error
