"""The tables. Shapes are a box plus the run lengths of its crop (``masks.encode``)."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC times in, the same out; SQLite itself forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _shape() -> list[Column[int] | Column[bytes]]:
    corners = [Column(name, Integer, nullable=False) for name in ("x0", "y0", "x1", "y1")]
    return [*corners, Column("counts", LargeBinary)]


projects = Table(
    "projects",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(200), nullable=False),
)

classes = Table(
    "classes",
    metadata,
    _id(),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("color", String(7), nullable=False),
    Column("key", String(1)),
    Column("aliases", JSON, nullable=False),
    UniqueConstraint("project_id", "position"),
    UniqueConstraint("project_id", "name"),
)

images = Table(
    "images",
    metadata,
    _id(),
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
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", String(200), nullable=False),
    Column("deleted_at", UtcDateTime),
    UniqueConstraint("project_id", "sha256"),
    Index("ix_images_gallery", "project_id", "deleted_at", "id"),
    Index("ix_images_by_review", "project_id", "deleted_at", "review", "id"),
)

prompts = Table(
    "prompts",
    metadata,
    _id(),
    Column("digest", String(64), nullable=False, unique=True),
    Column("detector", String(50), nullable=False),
    Column("query", Text, nullable=False),
    Column("model", String(200), nullable=False),
    Column("temperature", Float),
    Column("thinking", String(20), nullable=False),
    Column("object_cap", Integer, nullable=False),
    Column("image_side", Integer, nullable=False),
    Column("tiling", String(20), nullable=False, server_default="whole"),
)

runs = Table(
    "runs",
    metadata,
    _id(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, index=True),
    Column("prompt_id", ForeignKey("prompts.id"), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    _id(),
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
    _id(),
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
    _id(),
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
