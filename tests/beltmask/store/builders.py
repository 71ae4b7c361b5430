"""Small projects, images and objects for tests of what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from beltmask.masks import mask_from_crop
from beltmask.model import (
    Actor,
    Annotation,
    AnnotationSource,
    AnnotationState,
    Box,
    Finding,
    Image,
    ImageFacts,
    Mask,
    MaskSource,
    Project,
    Prompt,
)
from beltmask.store.records import Store

ANN = Actor("Ann")
PROMPT = Prompt("offline", "Detect all foreign objects")


def facts(number: int, **other: Any) -> ImageFacts:
    return ImageFacts(f"belt-{number:04}.png", f"{number:064x}", 640, 480, "PNG", 1234, **other)


def project_with_images(
    store: Store, count: int, name: str = "Belt 3"
) -> tuple[Project, list[Image]]:
    with store.write() as records:
        project = records.projects.add(name, actor=ANN)
        added = [records.images.add(project.id, facts(n), actor=ANN) for n in range(count)]
    return project, added


def mask(x: int = 10, y: int = 20, seed: int = 0) -> Mask:
    """An irregular mask of at most 12 x 9 pixels whose top left pixel is about (x, y)."""
    bits = np.random.default_rng(seed).random((9, 12)) < 0.6
    found = mask_from_crop(bits, x, y)
    assert found is not None
    return found


def annotation(name: str, image_id: int, **other: Any) -> Annotation:
    shape = mask()
    plain = Annotation(
        id=name,
        image_id=image_id,
        label="bottle",
        box=shape.box,
        mask=shape,
        source=AnnotationSource.MODEL,
        state=AnnotationState.PROPOSED,
    )
    return replace(plain, **other)


def finding(label: str = "bottle", shape: Mask | None = None, **other: Any) -> Finding:
    shape = mask() if shape is None else shape
    return replace(Finding(label, shape.box, shape, MaskSource.MODEL), **other)


def box_finding(label: str, corners: Sequence[int]) -> Finding:
    return Finding(label, Box(*corners), None, MaskSource.NONE)


def content(annotation: Annotation) -> tuple[Any, ...]:
    """Everything a person sees of an object; how often it was changed left out."""
    shape = annotation.mask
    bits = None if shape is None else (shape.x, shape.y, shape.bits.tolist())
    plain = (annotation.id, annotation.label, annotation.class_id, annotation.box)
    return (*plain, annotation.source, annotation.state, annotation.layer, bits)
