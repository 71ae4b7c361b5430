"""A read reply -> what a detector tells about it, masks re-made from the picture included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from beltmask.detectors.base import Event, ObjectFound, ProblemFound
from beltmask.detectors.refine import mask_from_box_in
from beltmask.detectors.replies.reader import ReadReply
from beltmask.messages import Message
from beltmask.model import Finding, MaskSource, Pixels, Problem

MAX_REBUILT = 200
"""GrabCut takes some hundredths of a second; a runaway reply must not take minutes."""


def with_rebuilt_masks(read: ReadReply, pixels: Pixels) -> ReadReply:
    """The reply with every missing mask made again from the picture inside the object's box.

    Each one is marked as refined and named as a problem. Where the picture shows no clear
    object, or after ``MAX_REBUILT`` of them, the box stays alone. ``pixels`` is the upright RGB
    picture.
    """
    bare = [finding for finding in read.findings if finding.mask is None][:MAX_REBUILT]
    rebuilt = {id(finding): _rebuilt(finding, pixels) for finding in bare}
    findings = tuple(rebuilt.get(id(finding), finding) for finding in read.findings)
    said = Message("replies.mask_made_again")
    spans = read.spans or (None,) * len(findings)
    problems = tuple(
        Problem("mask_refined", said, number, span)
        for number, span, finding in zip(read.numbers, spans, findings, strict=True)
        if finding.mask_source is MaskSource.REFINED
    )
    return replace(read, findings=findings, problems=read.problems + problems)


def events_of(read: ReadReply) -> Iterator[Event]:
    """Its objects, then its problems."""
    yield from map(ObjectFound, read.findings)
    yield from map(ProblemFound, read.problems)


def _rebuilt(finding: Finding, pixels: Pixels) -> Finding:
    mask = mask_from_box_in(pixels, finding.box)
    return finding if mask is None else replace(finding, mask=mask, mask_source=MaskSource.REFINED)
