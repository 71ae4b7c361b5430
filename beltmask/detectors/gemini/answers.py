"""A read reply -> what a detector tells about it, masks re-made from the picture included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from beltmask.detectors.base import Event, ObjectFound, ProblemFound
from beltmask.detectors.gemini.reply import ReadReply
from beltmask.detectors.refine import mask_from_box_in
from beltmask.model import Finding, MaskSource, Pixels, Problem


def with_remade_masks(read: ReadReply, pixels: Pixels) -> ReadReply:
    """The reply with every missing mask made again from the picture inside the object's box.

    Each one is marked as refined and named as a problem. Where the picture shows no clear
    object, the box stays alone. ``pixels`` is the upright RGB picture.
    """
    findings = tuple(_remade(finding, pixels) for finding in read.findings)
    said = "the mask was made again from the picture inside the box"
    remade = tuple(
        Problem("mask_refined", said, number)
        for number, finding in zip(read.numbers, findings, strict=True)
        if finding.mask_source is MaskSource.REFINED
    )
    return replace(read, findings=findings, problems=read.problems + remade)


def events_of(read: ReadReply) -> Iterator[Event]:
    """Its objects, then its problems."""
    yield from map(ObjectFound, read.findings)
    yield from map(ProblemFound, read.problems)


def _remade(finding: Finding, pixels: Pixels) -> Finding:
    mask = None if finding.mask is not None else mask_from_box_in(pixels, finding.box)
    return finding if mask is None else replace(finding, mask=mask, mask_source=MaskSource.REFINED)
