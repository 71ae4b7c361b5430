"""Prompts hold what was drawn on the picture, projects and runs where objects count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from beltmask.store.columns import Id, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("prompts", sa.Column("sketch", sa.JSON(none_as_null=True)))
    op.create_table(
        "belt_regions",
        sa.Column("id", Id, nullable=False),
        sa.Column("project_id", Id, nullable=False),
        sa.Column("belt", sa.JSON(), nullable=False),
        sa.Column("ignored", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], "fk_belt_regions_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_belt_regions"),
    )
    op.create_index("ix_belt_regions_project_id", "belt_regions", ["project_id"])
    op.add_column("runs", sa.Column("belt_region_id", Id))
