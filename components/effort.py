"""What correcting pictures took, in figures."""

from __future__ import annotations

import streamlit as st

from beltmask.counts import counted
from beltmask.model import Image, Project
from beltmask.workflows.effort import Effort, effort_by_image, total_effort
from components.markup import literal
from components.services import services


def effort_caption(image: Image) -> None:
    """Say in a line what was done about one image so far."""
    efforts = effort_by_image(image.project_id, services=services(), image_ids=[image.id])
    st.caption(in_words(efforts.get(image.id, Effort())))


def show_effort(project: Project) -> None:
    """Draw the totals of a project; nothing is counted while they are closed."""
    shown = st.expander(
        "What correcting took", icon=":material/timer:", key="project.effort", on_change="rerun"
    )
    if not shown.open:
        return
    efforts = effort_by_image(project.id, services=services()).values()
    total = total_effort(efforts)
    share = total.untouched_share
    figures = {
        "Pictures worked on": f"{sum(each.gestures > 0 for each in efforts):,}",
        "Seconds per object": _per_object(total.active_seconds, total),
        "Gestures per object": _per_object(total.gestures, total),
        "Accepted untouched": "–" if share is None else f"{share:.0%}",
    }
    for column, (name, value) in zip(shown.columns(len(figures)), figures.items(), strict=True):
        column.metric(name, value)
    shown.caption(in_words(total))


def in_words(effort: Effort) -> str:
    """Such as "1 min 5 s at work; 2 gestures (2 accept); 1 object accepted untouched, ..."."""
    if not effort.gestures:
        return "Nobody has corrected anything yet."
    often = sorted(effort.operations.items(), key=lambda each: (-each[1], each[0]))
    kinds = ", ".join(f"{count:,} {literal(kind)}" for kind, count in often)
    untouched = f"{counted(effort.untouched, 'object')} accepted untouched"
    return (
        f"{_duration(effort.active_seconds)} at work; "
        f"{counted(effort.gestures, 'gesture')} ({kinds}); "
        f"{untouched}, {effort.corrected:,} corrected, {effort.drawn:,} drawn"
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:,} min {rest} s" if minutes else f"{seconds:.1f} s"


def _per_object(amount: float, effort: Effort) -> str:
    return f"{amount / effort.objects:.1f}" if effort.objects else "–"
