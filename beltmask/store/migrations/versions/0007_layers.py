"""Objects lie in layers: those of a higher one on top."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    layer = sa.Column("layer", sa.Integer(), nullable=False, server_default="0")
    op.add_column("annotations", layer)
