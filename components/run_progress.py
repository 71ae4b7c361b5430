"""How far a run is: a bar with the time left, cancel, and what failed."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from beltmask.counts import counted
from beltmask.model import Project, Run, TaskState
from beltmask.workflows.detection import (
    Progress,
    cancel_run,
    failures_of,
    progress_of,
    running_run,
    trouble_of,
    try_again,
)
from beltmask.workflows.images import find_image
from components import state
from components.costs import show_bill
from components.errors import explained
from components.markup import literal
from components.services import services


@st.fragment(run_every="1s")
def watch_run(project: Project) -> None:
    """Follow the project's run; draw the page anew whenever a picture is done."""
    run_id = state.detect_run.of(project.id).get()
    if not run_id:
        return
    with explained():
        bar = st.container()
        # Before anything that draws the page anew, which would forget the click.
        if st.button("Cancel", key="detect.cancel", icon=":material/stop:"):
            cancel_run(run_id, services=services())
        trouble = trouble_of(run_id, services=services())
        if trouble:  # said before the database is asked, which may be what the run waits for
            words = f"The run waits, and goes on by itself: {literal(str(trouble))}"
            st.warning(words, icon=":material/pause:")
        progress = progress_of(run_id, services=services())
        if progress.over:
            state.detect_run.of(project.id).set(0)
            state.detect_over.of(project.id).set(run_id)
            st.rerun()
        if state.detect_settled.get() != progress.settled:
            state.detect_settled.set(progress.settled)
            st.rerun()
        share = progress.settled / max(progress.total, 1)
        done = f"{progress.settled} of {counted(progress.total, 'picture')}"
        bar.progress(share, f"{done}{_time_left(progress)}")


def run_to_watch(project: Project) -> int:
    """The run this person follows: their own, or one that went on while the page was closed."""
    watched = state.detect_run.of(project.id)
    if not watched.get():
        watched.set(running_run(project.id, services=services()))
    return watched.get()


def watch_new_run(run: Run) -> None:
    state.detect_over.of(run.project_id).set(0)
    state.detect_run.of(run.project_id).set(run.id)


def show_run_summary(project: Project) -> None:
    """What came of the run that has just ended."""
    run_id = state.detect_over.of(project.id).get()
    if not run_id:
        return
    progress = progress_of(run_id, services=services())
    counts = {each: progress.counts[each] for each in TaskState if each in progress.counts}
    failed, cancelled = counts.get(TaskState.FAILED, 0), TaskState.CANCELLED in counts
    say = st.error if failed else st.info if cancelled else st.success
    say(f"Detection over: {', '.join(f'{count} {word}' for word, count in counts.items())}.")
    show_bill(run_id)
    if not failed:
        return
    for task in failures_of(run_id, services=services())[:10]:
        image = find_image(task.image_id, services=services())
        st.caption(f"{literal(image.name)}: {literal(str(task.error))}")
    again = f"Try {counted(failed, 'picture')} again"
    if again_button(again, project, key="detect.try_again"):
        watch_new_run(try_again(run_id, services=services()))
        st.rerun()


def again_button(label: str, project: Project, *, key: str) -> bool:
    """A button that asks once more; not while a run of the project is under way, as Detect."""
    busy = bool(run_to_watch(project))
    return st.button(label, key=key, icon=":material/replay:", disabled=busy)


def _time_left(progress: Progress) -> str:
    if progress.first_start is None or not progress.settled:
        return ""
    spent = (datetime.now(UTC) - progress.first_start).total_seconds()
    left = spent / progress.settled * (progress.total - progress.settled)
    return f", {_readable(left)} left"


def _readable(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
