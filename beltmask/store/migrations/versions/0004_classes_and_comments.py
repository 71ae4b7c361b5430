"""Classes are merged and their changes kept, pictures are commented on, names are unique."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from beltmask.store.columns import Id, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _make_names_unique()
    op.add_column("classes", sa.Column("merged_into", Id))
    _make_class_tables()
    _make_comment_tables()


def _make_names_unique() -> None:
    """Of projects that differ by capitals only, the first is the one no other may be like."""
    op.add_column("projects", sa.Column("folded", sa.Text()))
    columns = (sa.Column("id", Id), sa.Column("name", sa.Text()), sa.Column("folded", sa.Text()))
    projects = sa.Table("projects", sa.MetaData(), *columns)
    connection, known = op.get_bind(), set[str]()
    for row in connection.execute(sa.select(projects).order_by(projects.c.id)).all():
        folded = row.name.casefold()
        if folded not in known:
            known.add(folded)
            same = projects.c.id == row.id
            connection.execute(sa.update(projects).where(same).values(folded=folded))
    op.create_index("uq_projects_folded", "projects", ["folded"], unique=True)


def _make_class_tables() -> None:
    op.create_table(
        "class_changes",
        sa.Column("id", Id, nullable=False),
        sa.Column("project_id", Id, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("images", sa.Integer(), nullable=False),
        sa.Column("undoes", Id),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], "fk_class_changes_project_id"),
        sa.ForeignKeyConstraint(["undoes"], ["class_changes.id"], "fk_class_changes_undoes"),
        sa.PrimaryKeyConstraint("id", name="pk_class_changes"),
        sa.UniqueConstraint("undoes", name="uq_class_changes_undoes"),
    )
    op.create_index("ix_class_changes_project_id", "class_changes", ["project_id"])
    op.create_table(
        "class_moves",
        sa.Column("change_id", Id, nullable=False),
        sa.Column("annotation_id", sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["class_changes.id"], "fk_class_moves_change_id"),
        sa.PrimaryKeyConstraint("change_id", "annotation_id", name="pk_class_moves"),
    )


def _make_comment_tables() -> None:
    op.create_table(
        "threads",
        sa.Column("id", Id, nullable=False),
        sa.Column("image_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("annotation_id", sa.String(36)),
        sa.Column("x", sa.Float()),
        sa.Column("y", sa.Float()),
        sa.Column("resolved_at", UtcDateTime()),
        sa.Column("resolved_by", sa.String(200)),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], "fk_threads_image_id"),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
        sa.UniqueConstraint("image_id", "number", name="uq_threads_image_id_number"),
    )
    op.create_index("ix_threads_open", "threads", ["resolved_at", "image_id"])
    op.create_table(
        "comments",
        sa.Column("id", Id, nullable=False),
        sa.Column("thread_id", Id, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("deleted_at", UtcDateTime()),
        sa.Column("deleted_by", sa.String(200)),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], "fk_comments_thread_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
    )
    op.create_index("ix_comments_thread_id", "comments", ["thread_id"])
