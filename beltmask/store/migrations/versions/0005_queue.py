"""Images know what the queue goes by; where each person was is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from beltmask.store.columns import Id, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels: str | None = None
depends_on: str | None = None

_INDEXES = {
    "ix_images_queue": [],
    "ix_images_by_capture": ["captured_at"],
    "ix_images_by_score": ["lowest_score"],
    "ix_images_by_disagreement": ["disagreement"],
}
_IN_USE = sa.text("deleted_at IS NULL")
_LOWEST_SCORES = """
UPDATE images SET lowest_score = (
    SELECT min(predictions.score) FROM predictions WHERE predictions.task_id = (
        SELECT max(tasks.id) FROM tasks
        WHERE tasks.image_id = images.id AND tasks.state = 'done'))
"""


def upgrade() -> None:
    op.add_column("images", sa.Column("lowest_score", sa.Float()))
    op.add_column("images", sa.Column("disagreement", sa.Float()))
    for name, rank in _INDEXES.items():
        op.create_index(
            name,
            "images",
            ["project_id", *rank, "id", "review"],
            sqlite_where=_IN_USE,
            postgresql_where=_IN_USE,
        )
    op.create_table(
        "image_problems",
        sa.Column("image_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("fk_image_problems_image_id")
        ),
        sa.PrimaryKeyConstraint("image_id", "kind", name=op.f("pk_image_problems")),
    )
    op.create_index("ix_image_problems_of_kind", "image_problems", ["kind", "image_id"])
    op.create_table(
        "places",
        sa.Column("project_id", Id, nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("image_id", Id, nullable=False),
        sa.Column("queue", sa.JSON(), nullable=False),
        sa.Column("rank", sa.JSON(none_as_null=True)),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_places_image_id")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_places_project_id")),
        sa.PrimaryKeyConstraint("project_id", "actor", name=op.f("pk_places")),
    )
    op.execute(_LOWEST_SCORES)
    _keep_problems()


def _keep_problems() -> None:
    """Of the newest answer about each image."""
    newest = sa.text(
        """SELECT tasks.image_id, replies.problems FROM replies JOIN tasks
        ON tasks.id = replies.task_id WHERE tasks.id IN (
            SELECT max(id) FROM tasks WHERE state IN ('done', 'failed') GROUP BY image_id)"""
    ).columns(image_id=sa.Integer(), problems=sa.JSON())
    connection = op.get_bind()
    met = {
        (image_id, problem["kind"][:50])
        for image_id, problems in connection.execute(newest)
        for problem in problems
    }
    table = sa.table("image_problems", sa.column("image_id"), sa.column("kind"))
    rows = [{"image_id": image_id, "kind": kind} for image_id, kind in sorted(met)]
    if rows:
        connection.execute(sa.insert(table), rows)
