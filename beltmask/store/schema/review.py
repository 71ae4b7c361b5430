"""The working truth of images, what was done to it and what was said about it."""

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

from beltmask.store.columns import UtcDateTime, id_column, metadata, shape_columns

annotations = Table(
    "annotations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("image_id", ForeignKey("images.id"), nullable=False),
    Column("class_id", ForeignKey("classes.id")),
    Column("label", Text, nullable=False),
    *shape_columns(),
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
