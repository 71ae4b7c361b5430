"""Images, and how they are found and walked through."""

from sqlalchemy import (
    JSON,
    BigInteger,
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
