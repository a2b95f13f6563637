"""The first tables."""

import sqlalchemy as sa
from alembic import op

from bridge.store.migrations.columns import (
    big,
    flag,
    identity,
    index,
    instant,
    key,
    of_user,
    personal,
    refers,
    text,
)

revision = "0001"
down_revision = None

LIMITS = ("concurrent_calls", "minutes_a_day", "longest_call_minutes")


def upgrade() -> None:
    _people()
    _calls()
    _machinery()


def _people() -> None:
    op.create_table(
        "users",
        identity("id"),
        big("chat"),
        text("name"),
        text("language", 12),
        flag("language_is_chosen"),
        text("time_zone", 64),
        flag("is_owner"),
        text("ring_mode", 20),
        flag("announce"),
        sa.Column("greeting", sa.LargeBinary()),
        flag("has_greeting"),
        instant("created"),
        *(sa.Column(limit, sa.Integer()) for limit in LIMITS),
        key("users"),
        sa.UniqueConstraint("chat", name="uq_users_chat"),
    )
    op.create_index(
        "uq_users_only_owner",
        "users",
        ["is_owner"],
        unique=True,
        sqlite_where=sa.text("is_owner"),
        postgresql_where=sa.text("is_owner"),
    )
    op.create_table(
        "invites",
        identity("id"),
        text("token_hash", 64),
        identity("created_by"),
        instant("created"),
        instant("expires"),
        instant("used", nullable=True),
        sa.Column("used_by", sa.Uuid()),
        instant("revoked_at", nullable=True),
        key("invites"),
        sa.UniqueConstraint("token_hash", name="uq_invites_token_hash"),
        refers("invites", "created_by", "users.id", "CASCADE"),
        refers("invites", "used_by", "users.id", "SET NULL"),
    )
    for column in ("created_by", "used_by"):
        index("invites", column)
    personal(
        "phones",
        text("label"),
        text("address"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        flag("enabled"),
        instant("verified_at", nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        instant("cooling_until", nullable=True),
        sa.UniqueConstraint("user_id", "address", name="uq_phones_user_id_address"),
    )
    index("phones", "user_id")
    op.create_table(
        "removed_phones",
        identity("user_id"),
        text("address"),
        sa.Column("tries", sa.Integer(), nullable=False),
        instant("cooling_until", nullable=True),
        instant("removed"),
        key("removed_phones", "user_id", "address"),
        of_user("removed_phones"),
    )
    personal(
        "accounts",
        text("network", 30),
        text("address"),
        text("label"),
        flag("enabled"),
        flag("is_trunk"),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        instant("created"),
        text("health", 20),
        instant("since"),
        text("reason"),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.UniqueConstraint(
            "user_id", "network", "address", name="uq_accounts_user_id_network_address"
        ),
    )
    index("accounts", "user_id")


def _calls() -> None:
    personal(
        "calls",
        text("direction", 20),
        text("network", 30),
        text("account"),
        text("caller_name"),
        text("caller_address"),
        text("called"),
        instant("started"),
        instant("answered", nullable=True),
        instant("ended"),
        text("answered_on"),
        text("cause", 40),
        sa.Column("ended_by", sa.String(20)),
        sa.Column("ring_seconds", sa.Double(), nullable=False),
        sa.Column("talk_seconds", sa.Double(), nullable=False),
        text("codec", 40),
        sa.Column("loss", sa.Double(), nullable=False),
        sa.Column("jitter_ms", sa.Double(), nullable=False),
        text("reason", 60),
    )
    index("calls", "user_id", "started")
    op.create_table(
        "cards",
        identity("call_id"),
        identity("user_id"),
        big("message"),
        instant("created"),
        key("cards", "call_id"),
        of_user("cards"),
    )
    index("cards", "user_id")
    personal(
        "voicemails",
        sa.Column("call_id", sa.Uuid()),
        text("caller_name"),
        text("caller_address"),
        instant("created"),
        sa.Column("seconds", sa.Double(), nullable=False),
        flag("heard"),
        sa.Column("ogg", sa.LargeBinary(), nullable=False),
    )
    index("voicemails", "user_id")
    index("voicemails", "call_id")
    op.create_table(
        "blocked",
        identity("user_id"),
        text("address"),
        text("name"),
        instant("since"),
        key("blocked", "user_id", "address"),
        of_user("blocked"),
    )
    personal(
        "quiet_hours",
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, sa.Time(), nullable=False) for name in ("start", "end")),
    )
    index("quiet_hours", "user_id")


def _machinery() -> None:
    op.create_table(
        "leases",
        identity("account_id"),
        text("owner", 64),
        big("epoch"),
        instant("lease_until"),
        key("leases", "account_id"),
        refers("leases", "account_id", "accounts.id", "CASCADE"),
    )
    index("leases", "lease_until")
    personal(
        "phone_legs",
        identity("call_id"),
        sa.Column("phone_id", sa.Uuid()),
        flag("counted"),
        instant("opened"),
        instant("seen"),
        instant("closed", nullable=True),
        sa.Column("talk_seconds", sa.Double(), nullable=False),
        refers("phone_legs", "phone_id", "phones.id", "SET NULL"),
    )
    index("phone_legs", "user_id")
    index("phone_legs", "closed")
    op.create_table(
        "outbox",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        identity("user_id"),
        sa.Column("body", sa.JSON(), nullable=False),
        instant("created"),
        key("outbox", "number"),
        of_user("outbox"),
        sqlite_autoincrement=True,
    )
    index("outbox", "user_id")
    op.create_table("consumers", text("name", 60), big("acknowledged"), key("consumers", "name"))
