"""Prompts compared on a project's pictures, and the figures that were kept of them."""

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from beltmask.store.columns import UtcDateTime, id_column, metadata

comparisons = Table(
    "comparisons",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("image_ids", JSON, nullable=False),
    Column("seed", Integer),
    Column("repeats", Integer, nullable=False),
    Column("baseline", Integer, nullable=False),
    Column("iou", Float, nullable=False),
    Column("budget", Float),
    Column("actor", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("rules", String(64), nullable=False),
    Column("truths", JSON, nullable=False),
    Column("groups", JSON(none_as_null=True)),
    Column("summary", JSON(none_as_null=True)),
)
"""``truths``: by image, the revision and the digest of its truth as it was scored last, by
``rules`` that are a digest of their own. ``groups``: by image, the like of which it is."""

contenders = Table(
    "contenders",
    metadata,
    id_column(),
    Column("comparison_id", ForeignKey("comparisons.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("prompt_id", ForeignKey("prompts.id"), nullable=False),
    UniqueConstraint("comparison_id", "position"),
)

comparison_tasks = Table(
    "comparison_tasks",
    metadata,
    Column("contender_id", ForeignKey("contenders.id"), primary_key=True),
    Column("task_id", ForeignKey("tasks.id"), primary_key=True),
    Index("ix_comparison_tasks_of_task", "task_id"),
)
"""The answers a contender is judged by: asked for it, or long before."""

figures = Table(
    "figures",
    metadata,
    Column("task_id", ForeignKey("tasks.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("counts", JSON, nullable=False),
)
"""What an answer was worth against a truth; ``digest`` is of the truth and of the rules."""
