"""What a person chose last in a project."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from beltmask.store.columns import Id, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("project_id", Id, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_preferences_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "actor", "name", name=op.f("pk_preferences")),
    )
