"""Prompts compared on approved pictures: planned, asked in the background, paused, gone on with."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from beltmask.model import Comparison, Contender, ReviewState, TaskState
from beltmask.store.images import ImageFilter
from beltmask.store.progress import Progress
from beltmask.store.records import Records
from beltmask.workflows.comparison_plan import ComparisonWish, cells_of, checked
from beltmask.workflows.imported_predictions import ImportedPredictions
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

__all__ = ["Comparison", "ComparisonWish", "Contender", "Progress"]

_A_MOMENT = 0.2
"""Seconds."""


def start_comparison(
    wish: ComparisonWish, *, services: Services, imported: Sequence[ImportedPredictions] = ()
) -> Comparison:
    """Ask what is not answered yet, in the background.

    ``imported`` answers for the contenders of the wish that are files.

    Raises:
        SettingsError: It cannot be done as it is wished.
        NotFoundError: No picture is approved, or fewer than wished.
    """
    require(services.actor, Action.DETECT, wish.project_id)
    files = {each.contender.name: each for each in imported}
    with services.store.write() as records:
        kept = records.comparisons.add(checked(wish, records, services))
        region_id = records.belt_regions.newest(kept.project_id)
        for contender in kept.contenders:
            there = records.comparisons.answered(kept, contender, region_id=region_id)
            records.comparisons.judge_by(contender, list(there.values()))
            cells = [cell for cell in cells_of(kept) if cell not in there]
            if contender.name in files:
                _answer_from(files[contender.name], kept, contender, cells, records)
            elif cells:
                records.comparisons.ask(kept, contender, cells, region_id=region_id)
    _go_on(kept.id, services)
    return kept


def comparisons_of(project_id: int, *, services: Services) -> list[Comparison]:
    """The newest first."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.comparisons.of_project(project_id)


def approved_count(project_id: int, *, services: Services) -> int:
    """How many pictures there are to compare on."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        where = ImageFilter(project_id)
        return records.images.count_by_review(where).get(ReviewState.APPROVED, 0)


def find_comparison(comparison_id: int, *, services: Services) -> Comparison:
    """Raises:
    NotFoundError: There is none.
    """
    with services.store.read() as records:
        found = records.comparisons.get(comparison_id)
    require(services.actor, Action.SEE_IMAGES, found.project_id)
    return found


def comparison_progress(comparison_id: int, *, services: Services) -> Progress:
    """How many of its answers are there; what was answered before is done."""
    with services.store.read() as records:
        _require(records, comparison_id, Action.SEE_IMAGES, services)
        return records.comparisons.progress(comparison_id)


def spent_on_comparison(comparison_id: int, *, services: Services) -> float:
    """USD its own requests cost so far."""
    with services.store.read() as records:
        _require(records, comparison_id, Action.SEE_IMAGES, services)
        return records.comparisons.spent(comparison_id)


def pause_comparison(comparison_id: int, *, services: Services) -> None:
    """Start nothing more for now; a request under way ends by itself."""
    with services.store.write() as records:
        _require(records, comparison_id, Action.DETECT, services)
        records.comparisons.pause(comparison_id)


def resume_comparison(
    comparison_id: int, *, services: Services, budget: float | None = None
) -> None:
    """Go on where it was paused; with another ``budget`` in USD, if one is named."""
    with services.store.write() as records:
        _require(records, comparison_id, Action.DETECT, services)
        if budget is not None:
            records.comparisons.keep_budget(comparison_id, budget)
        records.comparisons.resume(comparison_id)
    _go_on(comparison_id, services)


def finish_comparison(
    comparison_id: int, *, services: Services, sleep: Callable[[float], None] = time.sleep
) -> Progress:
    """Work along until nothing more is asked, because all is answered or it is paused."""
    while True:
        with services.store.read() as records:
            _require(records, comparison_id, Action.DETECT, services)
            progress = records.comparisons.progress(comparison_id)
            runs = records.comparisons.open_runs(comparison_id)
        if not {TaskState.QUEUED, TaskState.RUNNING} & progress.counts.keys():
            return progress
        answered = [services.runner.answer_next(run_id) for run_id in runs]
        if not any(answered):
            sleep(_A_MOMENT)


def cancel_comparison(comparison_id: int, *, services: Services) -> None:
    """Start nothing more, ever; what is answered stays, and is compared."""
    with services.store.write() as records:
        _require(records, comparison_id, Action.DETECT, services)
        records.comparisons.cancel(comparison_id)


def _require(
    records: Records, comparison_id: int, action: Action, services: Services
) -> Comparison:
    found = records.comparisons.get(comparison_id)
    require(services.actor, action, found.project_id)
    return found


def _go_on(comparison_id: int, services: Services) -> None:
    with services.store.read() as records:
        runs = records.comparisons.open_runs(comparison_id)
    for run_id in runs:
        services.runner.start(run_id)


def _answer_from(
    file: ImportedPredictions,
    asked: Comparison,
    contender: Contender,
    cells: Sequence[tuple[int, int]],
    records: Records,
) -> None:
    """Every cell is answered: with what the file says, which may be nothing."""
    region_id = records.belt_regions.newest(asked.project_id)
    done = TaskState.DONE
    run_id = records.comparisons.ask(asked, contender, cells, region_id=region_id, state=done)
    for task in records.runs.tasks(run_id, done, limit=None):
        findings = file.findings.get(task.image_id, ())
        records.predictions.add(task.id, task.image_id, findings)
