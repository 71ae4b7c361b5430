"""The tables. Shapes are a box plus the run lengths of its crop (``masks.encode``)."""

from beltmask.store.columns import metadata
from beltmask.store.schema.comparison import comparison_tasks, comparisons, contenders, figures
from beltmask.store.schema.image import image_problems, images, places
from beltmask.store.schema.project import (
    belt_regions,
    class_changes,
    class_moves,
    classes,
    preferences,
    projects,
)
from beltmask.store.schema.prompt_version import prompt_versions, usual_prompts
from beltmask.store.schema.review import annotations, comments, operations, threads
from beltmask.store.schema.run import predictions, prompts, replies, runs, tasks

__all__ = [
    "annotations",
    "belt_regions",
    "class_changes",
    "class_moves",
    "classes",
    "comments",
    "comparison_tasks",
    "comparisons",
    "contenders",
    "figures",
    "image_problems",
    "images",
    "metadata",
    "operations",
    "places",
    "predictions",
    "preferences",
    "projects",
    "prompt_versions",
    "prompts",
    "replies",
    "runs",
    "tasks",
    "threads",
    "usual_prompts",
]
