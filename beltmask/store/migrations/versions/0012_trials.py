"""Runs that only try a prompt: what they find is shown, and never proposed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column(
        "runs", sa.Column("trial", sa.Boolean(), nullable=False, server_default=sa.false())
    )
