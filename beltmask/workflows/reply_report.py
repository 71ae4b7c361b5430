"""What a recorded reply says, as plain data: the command ``parse``."""

from __future__ import annotations

from typing import Any

from beltmask.detectors.replies.reader import read_reply
from beltmask.detectors.replies.rebuilt_masks import with_rebuilt_masks
from beltmask.model import Finding, Pixels, Problem, Size


def parse_reply_text(text: str, *, size: Size, picture: Pixels | None) -> dict[str, Any]:
    """The objects and problems in a model's text, or in a whole body of the API around it.

    Args:
        text: As recorded.
        size: (width, height) of the picture it is about.
        picture: Its pixels, RGB; with them, masks that cannot be read are made again.

    Returns:
        ``{"dialect", "objects": [{"label", "box": [x0, y0, x1, y1], "area", "mask_source"}],
        "problems": [{"kind", "object", "detail"}]}``. Boxes are half-open pixels, ``area`` is
        the mask's pixels or None; a problem's object counts from 1 in the reply's order.

    Raises:
        UnreadableReplyError: Nothing can be read; the message is one line.
    """
    read = read_reply(text, size=size)
    if picture is not None:
        read = with_rebuilt_masks(read, picture)
    return {
        "dialect": read.dialect,
        "objects": [_object(finding) for finding in read.findings],
        "problems": [_problem(problem) for problem in read.problems],
    }


def _object(finding: Finding) -> dict[str, Any]:
    return {
        "label": finding.label,
        "box": list(finding.box.corners),
        "area": None if finding.mask is None else finding.mask.area,
        "mask_source": finding.mask_source.value,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"kind": problem.kind, "object": problem.object, "detail": problem.detail}
