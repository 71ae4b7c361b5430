"""Prompts say how large pictures are looked at, replies which part they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "prompts", sa.Column("tiling", sa.String(20), server_default="whole", nullable=False)
    )
    op.add_column(
        "replies", sa.Column("readable", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("replies", sa.Column("object_cap", sa.Integer()))
    op.add_column("replies", sa.Column("region", sa.JSON(none_as_null=True)))
