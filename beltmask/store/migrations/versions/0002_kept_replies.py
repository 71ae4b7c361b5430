"""Replies are found again by the request they answered, and say so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "replies", sa.Column("cached", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index("ix_replies_of_request", "replies", ["request"])
