"""What was asked of detectors, and what came back."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from beltmask.store.columns import Id, UtcDateTime, id_column, metadata, shape_columns

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
    Column("classes", JSON(none_as_null=True)),
    Column("closed", Boolean, nullable=False, server_default=false()),
    Column("avoid", Text, nullable=False, server_default=""),
    Column("template", Text, nullable=False, server_default=""),
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
    Column("cancelled_at", UtcDateTime),
    Column("comparison_id", Id, index=True),
    Column("trial", Boolean, nullable=False, server_default=false()),
)
"""What a comparison asked is measured, what a trial asked is shown: neither is proposed."""

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
    Column("failure", JSON(none_as_null=True)),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("deaths", Integer, nullable=False, server_default="0"),
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
    *shape_columns(),
    Column("mask_source", String(20), nullable=False),
    Column("score", Float),
)
