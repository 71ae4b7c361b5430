"""Prompts a project keeps under names, and which of them it asks with."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from beltmask.store.columns import UtcDateTime, id_column, metadata

prompt_versions = Table(
    "prompt_versions",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("folded", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("parent_id", ForeignKey("prompt_versions.id")),
    Column("prompt_id", ForeignKey("prompts.id"), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("project_id", "number"),
    UniqueConstraint("project_id", "folded"),
)
"""``folded`` is the name whatever its capitals."""

usual_prompts = Table(
    "usual_prompts",
    metadata,
    id_column(),
    Column("project_id", ForeignKey("projects.id"), nullable=False, index=True),
    Column("version_id", ForeignKey("prompt_versions.id")),
    Column("actor", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""The newest of a project holds; without a version, it asks as the app does by itself."""
