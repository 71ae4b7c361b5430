"""What the queue goes by, kept with each image whenever an answer about it is over."""

from __future__ import annotations

from collections.abc import Sequence

from beltmask.model import Prediction
from beltmask.scoring import ScoredObject, disagreement
from beltmask.store.records import Records


def rank_anew(records: Records, image_id: int) -> None:
    """Lowest score, disagreement of the last two answers, and problems of the last one."""
    records.images.get(image_id, lock=True)  # another answer may be over in the same moment
    answers = [
        records.predictions.of_task(task_id)
        for task_id in records.runs.newest_done(image_id, limit=2)
    ]
    scores = [p.finding.score for p in (answers[0] if answers else ())]
    records.queue.set_ranks(
        image_id,
        lowest_score=min((score for score in scores if score is not None), default=None),
        disagreement=disagreement(*map(_regions, answers)) if len(answers) == 2 else None,
    )
    task = records.runs.latest_task(image_id)
    replies = [] if task is None else records.replies.of_task(task.id)
    records.queue.set_problems(image_id, [p.kind for each in replies for p in each.problems])


def _regions(predictions: Sequence[Prediction]) -> list[ScoredObject]:
    return [ScoredObject(p.finding.box, p.finding.mask) for p in predictions]
