"""What a prompt names beside its query: classes, what not to report, the words around it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("prompts", sa.Column("classes", sa.JSON(none_as_null=True)))
    op.add_column(
        "prompts", sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for name in ("avoid", "template"):
        op.add_column("prompts", sa.Column(name, sa.Text(), nullable=False, server_default=""))
