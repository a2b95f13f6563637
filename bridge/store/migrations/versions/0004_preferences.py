"""What a user prefers, in one column."""

import sqlalchemy as sa
from alembic import op

from bridge.store.migrations.columns import added

revision = "0004"
down_revision = "0003"

SWITCHES = ("announce", "forwarding", "keeps_quiet", "voice", "barge_in")
MOVED = ("ring_mode", *SWITCHES)


def upgrade() -> None:
    added("users", sa.Column("preferences", sa.JSON(), nullable=False, server_default="{}"))
    users = sa.table(
        "users",
        sa.column("id", sa.Uuid()),
        sa.column("preferences", sa.JSON()),
        sa.column("ring_mode", sa.String()),
        *(sa.column(switch, sa.Boolean()) for switch in SWITCHES),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(users)).mappings().all():
        chosen = {name: row[name] for name in MOVED}
        whose = users.c.id == row["id"]
        connection.execute(sa.update(users).where(whose).values(preferences=chosen))
    with op.batch_alter_table("users") as batch:
        for name in MOVED:
            batch.drop_column(name)
