"""Bounded caches of what pages show again and again."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import streamlit as st

from beltmask.model import BeltRegion, Class, Finding, Image, Task
from beltmask.workflows import comparison_pictures, decisions, object_crops, previews, review_queue
from beltmask.workflows.answer_difference import difference_jpeg
from beltmask.workflows.comparison_pictures import ComparedPicture
from beltmask.workflows.decisions import Key, ObjectFilter
from beltmask.workflows.pictures import Look, bare_jpeg, overlay_jpeg, unfinished_jpeg
from beltmask.workflows.review_queue import ReviewQueue, Spot
from beltmask.workflows.stability import Stability, agreement_jpeg, stability_of
from components.services import services


@st.cache_data(max_entries=3000, show_spinner=False)
def thumbnail(sha256: str, _image: Image) -> bytes:  # noqa: ARG001
    """JPEG of at most 256 px, about 10 kB."""
    return previews.thumbnail(_image, services=services())


@st.cache_data(max_entries=64, show_spinner=False)
def preview(sha256: str, _image: Image) -> bytes:  # noqa: ARG001
    """JPEG of at most 2048 px."""
    return previews.preview(_image, services=services())


@st.cache_data(max_entries=200, ttl=20, show_spinner=False)
def queue_count(queue: ReviewQueue, spot: Spot, look: Sequence[Hashable]) -> tuple[int, int]:  # noqa: ARG001
    """How many images come before a spot, and how many there are.

    ``look`` is what this person's own work may have changed: that is counted anew at once.
    """
    return review_queue.count_queue(queue, spot, services=services())


@st.cache_data(max_entries=200, ttl=20, show_spinner=False)
def object_count(where: ObjectFilter, before: Key) -> tuple[int, int]:
    """How many objects come before a place, and how many there are."""
    return decisions.count_objects(where, before=before, services=services())


@st.cache_data(max_entries=3000, show_spinner=False)
def crop(sha256: str, object_id: str, shape: str, color: str, _image: Image) -> bytes:  # noqa: ARG001
    """JPEG of an object in its picture, about 8 kB."""
    return object_crops.crop_jpeg(_image, object_id, shape=shape, color=color, services=services())


@st.cache_data(max_entries=50, ttl=20, show_spinner=False)
def problem_kinds(project_id: int) -> list[str]:
    """Every kind of problem met in the newest answers about a project's images."""
    return review_queue.problem_kinds(project_id, services=services())


@st.cache_data(max_entries=64, show_spinner=False)
def bare(image_id: int, belt: BeltRegion) -> bytes:
    """JPEG of an image with the belt region outlined, ready for the screen."""
    return bare_jpeg(image_id, belt, services=services())


@st.cache_data(max_entries=64, show_spinner=False)
def overlay(
    image_id: int,
    task_id: int,
    look: Look,
    hidden: Sequence[int],
    classes: Sequence[Class],  # noqa: ARG001
) -> bytes:
    """JPEG of an image with what a task found drawn over it, ready for the screen.

    ``classes`` is among the arguments so that a class's new colour makes a new picture.
    """
    return overlay_jpeg(image_id, task_id, look, hidden=hidden, services=services())


@st.cache_data(max_entries=32, show_spinner=False)
def difference(task_id: int, other_id: int, look: Look) -> bytes:
    """JPEG of an image with what two answers found, and what only one of them did."""
    return difference_jpeg(task_id, other_id, look, services=services())


@st.cache_data(max_entries=8, show_spinner=False)
def unfinished(
    image_id: int,
    task: Task,  # noqa: ARG001
    version: int,  # noqa: ARG001
    look: Look,
    classes: Sequence[Class],  # noqa: ARG001
    _findings: Sequence[Finding],
) -> bytes:
    """JPEG of an image with what a task has found so far, as ``overlay`` shows it in the end.

    ``version`` stands for the findings, and ``classes`` for their colours.
    """
    return unfinished_jpeg(image_id, _findings, look, services=services())


@st.cache_data(max_entries=50, show_spinner=False)
def compared(
    comparison_id: int,
    name: str,
    other: str,
    stamp: str,  # noqa: ARG001
) -> list[ComparedPicture]:
    """A comparison's pictures, the biggest loss first; ``stamp`` is another with other figures."""
    return comparison_pictures.compared_pictures(comparison_id, name, other, services=services())


@st.cache_data(max_entries=200, show_spinner=False)
def compared_picture(
    comparison_id: int,
    image_id: int,
    revision: int,  # noqa: ARG001
    what: str,
    name: str,
    stamp: str,  # noqa: ARG001
) -> bytes:
    """JPEG of a picture's "truth", or of the "difference" of a contender's answer from it."""
    if what == "truth":
        return comparison_pictures.truth_jpeg(comparison_id, image_id, services=services())
    draw = comparison_pictures.difference_jpeg
    return draw(comparison_id, image_id, name, services=services())


@st.cache_data(max_entries=20, show_spinner=False)
def stability(comparison_id: int, name: str, stamp: str) -> Stability:  # noqa: ARG001
    """What a contender's repeats agree on; ``stamp`` is another with other figures."""
    return stability_of(comparison_id, name, services=services())


@st.cache_data(max_entries=50, show_spinner=False)
def agreement(comparison_id: int, image_id: int, name: str, stamp: str) -> bytes:  # noqa: ARG001
    """JPEG of a picture with the share of repeats that saw something at each pixel."""
    return agreement_jpeg(comparison_id, image_id, name, services=services())
