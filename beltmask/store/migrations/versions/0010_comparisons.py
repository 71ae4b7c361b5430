"""Prompts compared on a project's pictures, and the figures that are kept of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from beltmask.store.columns import Id, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("comparison_id", Id))
    op.create_index("ix_runs_comparison_id", "runs", ["comparison_id"])
    op.create_table(
        "comparisons",
        sa.Column("id", Id, nullable=False),
        sa.Column("project_id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("image_ids", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer()),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Integer(), nullable=False),
        sa.Column("iou", sa.Float(), nullable=False),
        sa.Column("budget", sa.Float()),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("rules", sa.String(64), nullable=False),
        sa.Column("truths", sa.JSON(), nullable=False),
        sa.Column("groups", sa.JSON(none_as_null=True)),
        sa.Column("summary", sa.JSON(none_as_null=True)),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_comparisons_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparisons")),
    )
    op.create_index("ix_comparisons_project_id", "comparisons", ["project_id"])
    op.create_table(
        "contenders",
        sa.Column("id", Id, nullable=False),
        sa.Column("comparison_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("prompt_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id"], ["comparisons.id"], name=op.f("fk_contenders_comparison_id")
        ),
        sa.ForeignKeyConstraint(
            ["prompt_id"], ["prompts.id"], name=op.f("fk_contenders_prompt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contenders")),
        sa.UniqueConstraint(
            "comparison_id", "position", name=op.f("uq_contenders_comparison_id_position")
        ),
    )
    op.create_table(
        "comparison_tasks",
        sa.Column("contender_id", Id, nullable=False),
        sa.Column("task_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["contender_id"], ["contenders.id"], name=op.f("fk_comparison_tasks_contender_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_comparison_tasks_task_id")
        ),
        sa.PrimaryKeyConstraint("contender_id", "task_id", name=op.f("pk_comparison_tasks")),
    )
    op.create_index("ix_comparison_tasks_of_task", "comparison_tasks", ["task_id"])
    op.create_table(
        "figures",
        sa.Column("task_id", Id, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_figures_task_id")),
        sa.PrimaryKeyConstraint("task_id", "digest", name=op.f("pk_figures")),
    )
