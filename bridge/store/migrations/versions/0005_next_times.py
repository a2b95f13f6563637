"""Programmes and ring times keep when they are due next. All of those that there are have to be
looked at once.
"""

import sqlalchemy as sa

from bridge.store.migrations.columns import added, index, instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for table in ("programmes", "ring_times"):
        zone = sa.Column("due_zone", sa.String(64), nullable=False, server_default="")
        added(table, instant("next_due", nullable=True), zone)
        index(table, "next_due")
