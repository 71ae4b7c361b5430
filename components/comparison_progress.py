"""How far a comparison is: a bar, what it cost so far, pause, go on, cancel."""

from __future__ import annotations

import streamlit as st

from beltmask.counts import counted
from beltmask.model import Comparison, TaskState
from beltmask.workflows.comparison import (
    Progress,
    cancel_comparison,
    comparison_progress,
    pause_comparison,
    resume_comparison,
    spent_on_comparison,
)
from components import state
from components.costs import dollars
from components.errors import explained
from components.services import services


def watch_comparison(comparison: Comparison) -> None:
    """Follow a comparison that is under way; one that is over has nothing to follow."""
    progress = comparison_progress(comparison.id, services=services())
    state.compare_settled.of(comparison.id).set(progress.settled)
    if not progress.over:
        _follow(comparison)


@st.fragment(run_every="1s")
def _follow(comparison: Comparison) -> None:
    """Draws the page anew whenever an answer has come, of many whenever a fiftieth has."""
    with explained():
        bar, buttons = st.container(), st.container(horizontal=True)
        progress = _steer(comparison, buttons)
        seen = state.compare_settled.of(comparison.id)
        if progress.over or progress.settled - seen.get() >= max(1, progress.total // 50):
            seen.set(progress.settled)
            st.rerun()
        share = progress.settled / max(progress.total, 1)
        bar.progress(share, _told(comparison, progress))


def _steer(comparison: Comparison, buttons: st.delta_generator.DeltaGenerator) -> Progress:
    """What was pressed is done before it is counted how far things are."""
    progress = comparison_progress(comparison.id, services=services())
    paused = TaskState.PAUSED in progress.counts
    label, icon = ("Go on", "play_arrow") if paused else ("Pause", "pause")
    if buttons.button(label, key="compare.pause", icon=f":material/{icon}:"):
        change = resume_comparison if paused else pause_comparison
        change(comparison.id, services=services())
        st.rerun()
    if buttons.button("Cancel", key="compare.cancel", icon=":material/stop:"):
        cancel_comparison(comparison.id, services=services())
        st.rerun()
    return progress


def _told(comparison: Comparison, progress: Progress) -> str:
    spent = spent_on_comparison(comparison.id, services=services())
    parts = [f"{progress.settled} of {counted(progress.total, 'answer')}"]
    parts += [f"{dollars(spent)} spent"] if spent else []
    if TaskState.PAUSED in progress.counts:
        limit = comparison.budget
        reached = limit is not None and spent >= limit
        parts.append("the budget is spent" if reached else "paused")
    return ", ".join(parts)
