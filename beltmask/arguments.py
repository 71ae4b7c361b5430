"""What the arguments of the command line mean: sizes, numbers, texts and pictures in files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from beltmask.errors import ImageRefusedError, SettingsError
from beltmask.images import DEFAULT_LIMITS, read_image
from beltmask.messages import Message
from beltmask.model import Pixels, Size


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
