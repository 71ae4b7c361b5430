"""What a detector found on one image: overlay, table, raw reply, download."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from beltmask.model import Image, Prediction, Project, TaskState, Usage
from beltmask.workflows.belt_regions import belt_region_of
from beltmask.workflows.detection import DetectionResult, start_run, usable_result_of
from beltmask.workflows.pictures import Look, class_names, overlay_png
from beltmask.workflows.projects import classes_of
from components import cached
from components.costs import dollars
from components.markup import literal
from components.project_choice import link_to
from components.raw_reply import show_replies
from components.run_progress import again_button, watch_new_run
from components.services import services


def show_result(
    image: Image, result: DetectionResult, project: Project, *, look: Look, newest: bool
) -> None:
    """An answer about ``image``; where the newest failed, the last one that did not."""
    if result.task.state is not TaskState.FAILED:
        _show_objects(image, result, project, look=look)
        show_replies(result)
        return
    why = literal(str(result.task.error))
    which = "The last" if newest else "This"
    st.error(f"{which} detection failed: {why}", icon=":material/error:")
    if newest and again_button("Try this picture again", project, key="detect.again_here"):
        watch_new_run(start_run(result.prompt, [image.id], services=services()))
        st.rerun()
    show_replies(result)
    before = usable_result_of(image.id, services=services()) if newest else None
    if before is None:  # which says nothing about the belt
        show_bare(image)
    else:
        st.caption("Here is the answer before it.")
        _show_objects(image, before, project, look=look)


def _show_objects(image: Image, result: DetectionResult, project: Project, *, look: Look) -> None:
    place = st.container()
    hidden = _object_table(image, result)
    with place:
        summary_caption(result, look=look)
        show_overlay(image, result, project, look=look, hidden=hidden)
    _ways_on(image, result, project, look=look, hidden=hidden)


def show_overlay(
    image: Image,
    result: DetectionResult,
    project: Project,
    *,
    look: Look,
    hidden: tuple[int, ...] = (),
) -> None:
    """The picture of an answer, without objects where it failed."""
    if result.task.state is TaskState.FAILED:  # which says nothing about the belt
        show_bare(image)
        return
    classes = classes_of(project.id, services=services()) if look.by_class else ()
    drawn = cached.overlay(image.id, result.task.id, look, hidden, classes)
    st.image(drawn, width="stretch", alt=f"{image.name} with {_count(result)}")


def summary_caption(result: DetectionResult, *, look: Look, name: str = "") -> None:
    """A line that says what an answer is; ``name`` is put before it."""
    failed = result.task.state is TaskState.FAILED
    said = f"failed: {literal(str(result.task.error))}" if failed else _summary(result)
    st.caption(f"{name}{said}")
    if look.belt != result.belt:
        st.caption("The belt region has changed since: detect again to have it heeded.")


def show_bare(image: Image) -> None:
    """The picture without objects, the belt outlined."""
    belt = belt_region_of(image.project_id, services=services())
    sha256 = image.facts.sha256
    shown = cached.preview(sha256, image) if belt is None else cached.bare(image.id, belt)
    st.image(shown, width="stretch", alt=image.name)


def choose_look(image: Image) -> Look:
    """Draw the choice of how objects are drawn on an image."""
    belt = belt_region_of(image.project_id, services=services())
    opacity = st.slider(
        "Opacity",
        0.0,
        1.0,
        0.5,
        0.05,
        key="detect.opacity",
        persist_state="session",
        label_visibility="collapsed",
        width=180,
    )
    color_by = st.segmented_control(
        "Colour by",
        ["object", "class"],
        default="object",
        required=True,
        key="detect.color_by",
        persist_state="session",
        label_visibility="collapsed",
    )
    boxes = st.toggle("Boxes", True, key="detect.boxes", persist_state="session")
    return Look(opacity=opacity, by_class=color_by == "class", boxes=boxes, belt=belt)


def _object_table(image: Image, result: DetectionResult) -> tuple[int, ...]:
    """Draw the table; returns the numbers of the objects that are hidden."""
    if not result.predictions:
        return ()
    names = class_names(image.project_id, result.predictions, services=services())
    rows = [_row(p, names[p.number]) for p in result.predictions]
    frame = pd.DataFrame(rows)
    shown = st.data_editor(
        frame,
        hide_index=True,
        disabled=[name for name in frame.columns if name != "Show"],
        column_config={"Show": st.column_config.CheckboxColumn(width="small")},
        key=f"detect.objects/{result.task.id}",
    )
    return tuple(int(n) for n in shown.loc[~shown["Show"], "No."])


def _row(prediction: Prediction, class_name: str | None) -> dict[str, object]:
    finding = prediction.finding
    return {
        "Show": True,
        "No.": prediction.number,
        "Label": finding.label,
        "Class": class_name,
        "Box": "{}, {} – {}, {}".format(*finding.box.corners),
        "Area, px": finding.box.area if finding.mask is None else finding.mask.area,
        "Mask from": str(finding.mask_source),
        "Score": finding.score,
    }


def _ways_on(
    image: Image, result: DetectionResult, project: Project, *, look: Look, hidden: tuple[int, ...]
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/label/review.py",
            label="Review this picture",
            icon=":material/rate_review:",
            query_params=link_to(image, project),
        )
        st.download_button(
            "Picture as PNG",
            data=lambda: overlay_png(
                image.id, result.task.id, look, hidden=hidden, services=services()
            ),
            file_name=f"{image.name.rsplit('.', 1)[0]}-masks.png",
            mime="image/png",
            icon=":material/download:",
            on_click="ignore",
        )


def _summary(result: DetectionResult) -> str:
    prompt = result.prompt
    asked = literal(f"{prompt.detector} {prompt.model}".strip())
    seconds = sum(kept.reply.latency for kept in result.replies)
    spent = f", {seconds:.1f} s" if seconds else ""
    costs = [kept.reply.cost for kept in result.replies if kept.reply.cost is not None]
    spent += f", {dollars(sum(costs))}" if costs and not result.from_cache else ""
    tokens = [kept.reply.usage for kept in result.replies]
    spent += "" if result.from_cache else _tokens(tokens)
    problems = f", {result.problem_count} problems" if result.problem_count else ""
    kept = ", answered from what was kept: no request, no cost" if result.from_cache else ""
    drawn = " with a sketch" if prompt.sketch else ""
    return f"{_count(result)} found by {asked}{drawn}{spent}{problems}{kept}"


def _tokens(counted: Sequence[Usage]) -> str:
    tokens_in = sum(usage.prompt_tokens or 0 for usage in counted)
    out = sum((usage.output_tokens or 0) + (usage.thinking_tokens or 0) for usage in counted)
    return f", {tokens_in:,} tokens in and {out:,} out" if tokens_in else ""


def _count(result: DetectionResult) -> str:
    return counted(len(result.predictions))


def counted(count: int) -> str:
    """Objects, in words."""
    return "no objects" if count == 0 else f"{count} object{'s' * (count > 1)}"
