"""The tables. Shapes are a box plus the run lengths of its crop (``masks.encode``)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from beltmask.store.columns import Id, UtcDateTime, id_column, metadata

__all__ = ["metadata"]


def _shape() -> list[Column[int] | Column[bytes]]:
    corners = [Column(name, Integer, nullable=False) for name in ("x0", "y0", "x1", "y1")]
    return [*corners, Column("counts", LargeBinary)]


projects = Table(
    "projects",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("folded", Text),
    Index("uq_projects_folded", "folded", unique=True),
)
"""``folded`` is the name whatever its capitals; empty where an older version let two share one."""

classes = Table(
    "classes",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("color", String(7), nullable=False),
    Column("key", String(1)),
    Column("aliases", JSON, nullable=False),
    Column("merged_into", Id),
    UniqueConstraint("project_id", "position"),
    UniqueConstraint("project_id", "name"),
)
"""A class with ``merged_into`` is retired: it keeps its position, and nothing is of it."""

class_changes = Table(
    "class_changes",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("objects", Integer, nullable=False),
    Column("images", Integer, nullable=False),
    Column("undoes", ForeignKey("class_changes.id"), unique=True),
)

class_moves = Table(
    "class_moves",
    metadata,
    Column("change_id", ForeignKey("class_changes.id"), primary_key=True),
    Column("annotation_id", String(36), primary_key=True),
)
"""The objects a change gave another class."""

belt_regions = Table(
    "belt_regions",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, index=True),
    Column("belt", JSON, nullable=False),
    Column("ignored", JSON, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""The newest one of a project holds; the older ones are those that earlier runs heeded."""

images = Table(
    "images",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("file_format", String(20), nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("orientation", Integer, nullable=False),
    Column("bit_depth", Integer, nullable=False),
    Column("window", JSON),
    Column("captured_at", UtcDateTime),
    Column("review", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("object_count", Integer, nullable=False),
    Column("lowest_score", Float),
    Column("disagreement", Float),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", String(200), nullable=False),
    Column("deleted_at", UtcDateTime),
    UniqueConstraint("project_id", "sha256"),
    Index("ix_images_gallery", "project_id", "deleted_at", "id"),
    Index("ix_images_by_review", "project_id", "deleted_at", "review", "id"),
)

_IN_USE = images.c.deleted_at.is_(None)
"""Queues are walked by partial indexes: to PostgreSQL ``deleted_at IS NULL`` as the first columns
of an index leave the rest without an order."""
for _name, _rank in {
    "ix_images_queue": [images.c.id],
    "ix_images_by_capture": [images.c.captured_at, images.c.id],
    "ix_images_by_score": [images.c.lowest_score, images.c.id],
    "ix_images_by_disagreement": [images.c.disagreement, images.c.id],
}.items():
    Index(
        _name,
        images.c.project_id,
        *_rank,
        images.c.review,
        sqlite_where=_IN_USE,
        postgresql_where=_IN_USE,
    )

image_problems = Table(
    "image_problems",
    metadata,
    Column("image_id", ForeignKey("images.id"), primary_key=True),
    Column("kind", String(50), primary_key=True),
    Index("ix_image_problems_of_kind", "kind", "image_id"),
)

places = Table(
    "places",
    metadata,
    Column("project_id", ForeignKey("projects.id"), primary_key=True),
    Column("actor", String(200), primary_key=True),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("queue", JSON, nullable=False),
    Column("rank", JSON(none_as_null=True)),
    Column("at", UtcDateTime, nullable=False),
)

prompts = Table(
    "prompts",
    metadata,
    id_column(),
    Column("digest", String(64), nullable=False, unique=True),
    Column("detector", String(50), nullable=False),
    Column("query", Text, nullable=False),
    Column("model", String(200), nullable=False),
    Column("temperature", Float),
    Column("thinking", String(20), nullable=False),
    Column("object_cap", Integer, nullable=False),
    Column("image_side", Integer, nullable=False),
    Column("tiling", String(20), nullable=False, server_default="whole"),
    Column("sketch", JSON(none_as_null=True)),
)

runs = Table(
    "runs",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, index=True),
    Column("prompt_id", ForeignKey("prompts.id"), nullable=False),
    Column("belt_region_id", Id),
    Column("actor", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    id_column(),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("image_id", ForeignKey("images.id"), nullable=False, index=True),
    Column("repeat", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("worker", String(200)),
    Column("lease_until", UtcDateTime),
    Column("error", Text),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("run_id", "image_id", "repeat"),
    Index("ix_tasks_waiting", "state", "run_id", "id"),
)

replies = Table(
    "replies",
    metadata,
    id_column(),
    Column("task_id", ForeignKey("tasks.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("request", String(64), nullable=False),
    Column("raw_sha256", String(64), nullable=False),
    Column("dialect", String(20), nullable=False),
    Column("finish_reason", String(50)),
    Column("model_version", String(200)),
    Column("prompt_tokens", Integer),
    Column("output_tokens", Integer),
    Column("thinking_tokens", Integer),
    Column("latency", Float, nullable=False),
    Column("cost", Float),
    Column("cached", Boolean, nullable=False, server_default=false()),
    Column("readable", Boolean, nullable=False, server_default=false()),
    Column("object_cap", Integer),
    Column("region", JSON(none_as_null=True)),
    Column("problems", JSON, nullable=False),
    Index("ix_replies_of_request", "request"),
)

predictions = Table(
    "predictions",
    metadata,
    id_column(),
    Column("task_id", ForeignKey("tasks.id"), nullable=False, index=True),
    Column("image_id", ForeignKey("images.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("label", Text, nullable=False),
    *_shape(),
    Column("mask_source", String(20), nullable=False),
    Column("score", Float),
)

annotations = Table(
    "annotations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("class_id", ForeignKey("classes.id")),
    Column("label", Text, nullable=False),
    *_shape(),
    Column("source", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("prediction_id", ForeignKey("predictions.id")),
    Column("revision", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("layer", Integer, nullable=False, server_default="0"),
    Index("ix_annotations_of_image", "image_id", "state"),
    Index("ix_annotations_of_class", "class_id", "image_id"),
)

operations = Table(
    "operations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("changes", JSON, nullable=False),
    Column("review_before", String(20), nullable=False),
    Column("review_after", String(20), nullable=False),
    Column("detail", JSON, nullable=False),
    UniqueConstraint("image_id", "number"),
)

threads = Table(
    "threads",
    metadata,
    id_column(),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("annotation_id", String(36)),
    Column("x", Float),
    Column("y", Float),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", String(200)),
    UniqueConstraint("image_id", "number"),
    Index("ix_threads_open", "resolved_at", "image_id"),
)

comments = Table(
    "comments",
    metadata,
    id_column(),
    Column("thread_id", ForeignKey("threads.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("deleted_by", String(200)),
)
