"""Prompt versions tried at once on a few pictures: asked in the background, seen in one grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.model import PromptVersion, Task, TaskState
from beltmask.store.records import Records
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

MOST_PICTURES = 12

Grid = Mapping[tuple[int, int], Task]
"""By (id of the version, id of the image): the newest answer, or one under way."""

_TO_ASK_AGAIN = (TaskState.FAILED, TaskState.CANCELLED)


def try_versions(
    versions: Sequence[PromptVersion], image_ids: Sequence[int], *, services: Services
) -> list[int]:
    """Ask what is not answered yet, in the background; nothing that is found is proposed.

    Returns the ids of the runs, one for each version that had something left to ask.

    Raises:
        NotFoundError: No version or no picture is named, or one is not there.
    """
    if not versions or not image_ids:
        raise NotFoundError(Message("prompts.nothing_to_try"), hint=Message("prompts.choose_both"))
    with services.store.write() as records:
        project_id = records.images.get(image_ids[0]).project_id
        require(services.actor, Action.DETECT, project_id)
        there = _grid(records, project_id, versions, image_ids)
        runs = []
        for version in versions:
            asked = [one for one in image_ids if _is_open(there.get((version.id, one)))]
            if asked:
                prompt, actor = version.prompt, services.actor
                run = records.runs.add(project_id, prompt, asked, actor=actor, trial=True)
                runs.append(run.id)
    for run_id in runs:
        services.runner.start(run_id)
    return runs


def trial_grid(
    project_id: int,
    versions: Sequence[PromptVersion],
    image_ids: Sequence[int],
    *,
    services: Services,
) -> Grid:
    """What was answered so far, be it on Detect or in a comparison; what is under way, too."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return _grid(records, project_id, versions, image_ids)


def _grid(
    records: Records, project_id: int, versions: Sequence[PromptVersion], image_ids: Sequence[int]
) -> Grid:
    prompt_ids = records.trials.prompt_ids(version.id for version in versions)
    newest = records.trials.newest(project_id, prompt_ids.values(), image_ids)
    cells = product(prompt_ids.items(), image_ids)
    return {
        (version_id, image_id): newest[prompt_id, image_id]
        for (version_id, prompt_id), image_id in cells
        if (prompt_id, image_id) in newest
    }


def _is_open(task: Task | None) -> bool:
    """Whether a cell of the grid is to be asked: it is empty, or came to nothing."""
    return task is None or task.state in _TO_ASK_AGAIN
