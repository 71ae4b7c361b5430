"""Every session-state key of the app, spelled once.

Slots hold plain values only (numbers, text, tuples): Streamlit may reload a module and leave
an old class behind in the session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import streamlit as st

from beltmask.model import Line

T = TypeVar("T")


@dataclass(frozen=True)
class Slot(Generic[T]):
    """A named, typed place in one person's session."""

    name: str
    default: T

    def of(self, item: object) -> Slot[T]:
        """The same slot, kept apart for each item, such as each image."""
        return replace(self, name=f"{self.name}/{item}")

    def get(self) -> T:
        value: T = st.session_state.get(self.name, self.default)
        return value

    def set(self, value: T) -> None:
        st.session_state[self.name] = value

    def missing(self) -> bool:
        return self.name not in st.session_state


def cells_clicked(table: str) -> list[int]:
    """Rows of the cells that are selected in the table of this key."""
    kept = st.session_state.get(table)
    return [] if kept is None else [row for row, _column in kept["selection"]["cells"]]


def model_of(detector: str) -> Slot[str]:
    """The model chosen for a detector that asks one."""
    return Slot(f"detect.model.{detector}", "")


project_name: Slot[str | None] = Slot("project", None)
"""The project this person works on."""
project_menu: Slot[str | None] = Slot("project.menu", None)
"""What was chosen in the menu of each project."""
image_id: Slot[int] = Slot("image", 0)
"""The image last looked at; in the URL as ``image``."""
image_left: Slot[tuple[int, float]] = Slot("image.left", (0, 0.0))
"""The image that was looked at before, and when it was left by the clock that only goes on."""
image_unasked: Slot[int] = Slot("image.unasked", 0)
"""The image that is shown because this visit asked for none."""

queue_state: Slot[list[str]] = Slot("queue_state", [])
"""States the queue is made of; this and the next are in the URL by the same name."""
queue_class: Slot[str | None] = Slot("queue_class", None)
"""Name of the class a picture of the queue has an object of."""
queue_problem: Slot[str | None] = Slot("queue_problem", None)
"""Kind of problem the newest answer about it met."""
queue_open: Slot[bool] = Slot("queue_open", False)
"""Whether an object of it must wait to be settled."""
queue_comments: Slot[bool] = Slot("queue_comments", False)
"""Whether a thread of comments about it must be open."""
queue_here: Slot[str] = Slot("queue.here", "")
"""The picture and the queue this window has kept as its person's place."""
queue_order: Slot[str] = Slot("queue_order", "added")

outage_over: Slot[float] = Slot("outage.over", float("-inf"))
"""When the database was found to answer again, by the clock that only goes on."""

demo_fresh: Slot[bool] = Slot("demo.fresh", False)
"""The page has just been drawn whole, and not by the tick of a fragment."""

upload_round: Slot[int] = Slot("images.upload_round", 0)
"""Counts uploads; a new number gives an empty uploader."""
upload_report: Slot[tuple[tuple[str, str, str], ...]] = Slot("images.upload_report", ())
"""(name, outcome, note) of each file of the last upload."""
gallery_after: Slot[int] = Slot("images.gallery_after", 0)
"""Id of the image before the gallery's page."""
gallery_where: Slot[str] = Slot("images.gallery_where", "")
"""The filter the gallery's place belongs to."""

detect_run: Slot[int] = Slot("detect.run", 0)
"""The run being watched, for each project."""
detect_settled: Slot[int] = Slot("detect.settled", 0)
"""How many pictures of the run were done when the page was drawn."""
detect_over: Slot[int] = Slot("detect.over", 0)
"""The run that has just ended, for each project."""
reread_told: Slot[str] = Slot("detect.reread_told", "")
"""What reading a task's reply again would change, in words, for each task."""
reread_differs: Slot[str] = Slot("detect.reread_differs", "")
"""Whether that is anything at all: "yes" or nothing, for each task."""
detector: Slot[str] = Slot("detect.detector", "")
query: Slot[str] = Slot("detect.query", "")
temperature: Slot[float] = Slot("detect.temperature", 0.5)
classes_how: Slot[str] = Slot("detect.classes_how", "")
classes_typed: Slot[str] = Slot("detect.classes", "")
thinking: Slot[str] = Slot("detect.thinking", "")
avoid: Slot[str] = Slot("detect.avoid", "")
template: Slot[str] = Slot("detect.template", "")
tiling: Slot[str] = Slot("detect.tiling", "")
object_cap: Slot[int] = Slot("detect.cap", 0)
image_side: Slot[int] = Slot("detect.side", 0)
sketching: Slot[bool] = Slot("detect.sketching", False)
ask_again: Slot[bool] = Slot("detect.again", False)
"""The question's form, as its widgets keep it."""
form_project: Slot[int] = Slot("detect.form_project", 0)
"""The project whose question the form holds."""
form_kept: Slot[Mapping[str, str | int | float | bool]] = Slot("detect.form_kept", {})
"""The form as it was filled in, or kept last."""

answer_shown: Slot[int | None] = Slot("detect.answer", None)
"""Task whose answer is on show, for each image and its newest answer."""
answer_beside: Slot[int | None] = Slot("detect.beside", None)
"""Task whose answer stands beside it, for each image."""
answers_before: Slot[int] = Slot("detect.answers_before", 0)
"""The task above the page of each image's answers; 0 is the newest page."""
detect_chosen: Slot[tuple[int, ...]] = Slot("detect.chosen", ())
"""Images ticked in the gallery."""

compare_how: Slot[str] = Slot("compare.how", "Prompts")
"""Whether prompts are compared or a grid; this and the next are widgets' keys."""
compare_prompts: Slot[list[str]] = Slot("compare.prompts", [])
"""Names of the prompts chosen, the baseline first."""

compare_unseen: Slot[int] = Slot("compare.unseen", 0)
"""Id of the comparison whose pictures are left out; a widget's key."""
compare_next: Slot[tuple[str, str, int] | None] = Slot("compare.next", None)
"""Two prompts to be compared next, and the comparison that has seen their pictures."""

sketch: Slot[tuple[Line, ...]] = Slot("detect.sketch", ())
"""The strokes drawn on a picture, for each image."""
pad_base: Slot[tuple[Line, ...]] = Slot("pad.base", ())
"""The lines a pad began with, for each pad: others would start the drawing anew."""
pad_zones: Slot[tuple[Line, ...]] = Slot("pad.zones", ())
"""The ignored zones among them."""
pad_round: Slot[int] = Slot("pad.round", 0)
"""Counts the pads of each project's belt region: a new number shows what is kept."""

review_seen: Slot[int] = Slot("review.seen", -1)
"""Revision of the image the person has been looking at: a rerun re-reads."""
review_refusal: Slot[str] = Slot("review.refusal", "")
"""Why what the canvas told last could not be saved."""

review_following: Slot[int] = Slot("review.following", 0)
"""The image to go on to once each image is approved."""
history_before: Slot[int] = Slot("history.before", 0)
"""The operation above the page of each image's history; 0 is its newest page."""
history_refusal: Slot[str] = Slot("history.refusal", "")
"""Why a point of the history was not restored just now."""

comment_place: Slot[tuple[int, float, float, str]] = Slot("comments.place", (0, 0.0, 0.0, ""))
"""Image, x, y and object (or "") pointed at just now, to be commented on."""

canvas_told: Slot[Mapping[str, object]] = Slot("review.canvas", {})
"""What the canvas tells, as Streamlit keeps it; also its key."""
canvas_answered: Slot[tuple[str, ...]] = Slot("canvas.answered", ())
"""Ids of the gestures told last that have been answered."""
canvas_elsewhere: Slot[tuple[str, ...]] = Slot("canvas.elsewhere", ())
"""Ids of those told last that were made in another database."""
canvas_refused: Slot[tuple[tuple[str, str, tuple[str, ...]], ...]] = Slot("canvas.refused", ())
"""(id, why, ids of the objects it is about) of the answered ones that were refused."""

sheet_told: Slot[Mapping[str, Any]] = Slot("by_class.sheet", {})
"""What the contact sheet tells: its ``tail`` of decisions."""
sheet_settled: Slot[tuple[tuple[str, str], ...]] = Slot("by_class.settled", ())
"""Ids of decisions, and what became of them in words."""
sheet_elsewhere: Slot[tuple[str, ...]] = Slot("by_class.elsewhere", ())
"""Ids of those told last that were made in another database."""
sheet_look: Slot[str] = Slot("by_class.look", "")
"""The filter the page of objects belongs to."""
sheet_page: Slot[tuple[tuple[int, int, str], ...]] = Slot("by_class.page", ())
"""Image, position and id of the objects on the page."""

export_path: Slot[str] = Slot("versions.path", "")
"""The export that waits to be downloaded, for each project."""
export_sentence: Slot[str] = Slot("versions.sentence", "")
"""What its certificate says."""

compare_settled: Slot[int] = Slot("compare.settled", 0)
"""How many answers there were when the page was drawn, for each comparison."""
comparison_id: Slot[str] = Slot("comparison", "")
"""The comparison that is looked at; in the URL by the same name."""
version_number: Slot[str] = Slot("version", "")
"""Number of the version that is looked at; in the URL by the same name."""
version_round: Slot[int] = Slot("prompts.round", 0)
"""Counts the versions kept, for each project: a new number empties name and notes."""
trial_settled: Slot[int] = Slot("prompts.settled", 0)
"""How many answers of the trial there were when the page was drawn, for each project."""
