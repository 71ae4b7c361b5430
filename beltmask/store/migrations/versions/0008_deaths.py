"""Tasks count the processes that ended with them; runs know that they were cancelled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from beltmask.store.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels: str | None = None
depends_on: str | None = None

_CANCELLED = """
UPDATE runs SET cancelled_at = (
    SELECT max(tasks.finished_at) FROM tasks
    WHERE tasks.run_id = runs.id AND tasks.state = 'cancelled')
"""


def upgrade() -> None:
    deaths = sa.Column("deaths", sa.Integer(), nullable=False, server_default="0")
    op.add_column("tasks", deaths)
    op.add_column("runs", sa.Column("cancelled_at", UtcDateTime()))
    op.execute(_CANCELLED)
