"""Prompts that are kept under a name, and the one a project asks with unless told otherwise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from beltmask.store.columns import Id, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "prompt_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("project_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("parent_id", Id),
        sa.Column("prompt_id", Id, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_prompt_versions_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["prompt_versions.id"], name=op.f("fk_prompt_versions_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["prompt_id"], ["prompts.id"], name=op.f("fk_prompt_versions_prompt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_versions")),
        sa.UniqueConstraint(
            "project_id", "number", name=op.f("uq_prompt_versions_project_id_number")
        ),
        sa.UniqueConstraint(
            "project_id", "folded", name=op.f("uq_prompt_versions_project_id_folded")
        ),
    )
    op.create_table(
        "usual_prompts",
        sa.Column("id", Id, nullable=False),
        sa.Column("project_id", Id, nullable=False),
        sa.Column("version_id", Id),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_usual_prompts_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["prompt_versions.id"], name=op.f("fk_usual_prompts_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usual_prompts")),
    )
    op.create_index("ix_usual_prompts_project_id", "usual_prompts", ["project_id"])
