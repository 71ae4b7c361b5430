"""Projects, their classes and belt regions, and what people chose last in them."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from beltmask.store.columns import Id, UtcDateTime, id_column, metadata

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

preferences = Table(
    "preferences",
    metadata,
    Column("project_id", ForeignKey("projects.id"), primary_key=True),
    Column("actor", String(200), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""A row a choice, so that two windows of a person take nothing from each other."""
