"""The first tables."""

import sqlalchemy as sa
from alembic import op

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
        _id("id"),
        _big("chat"),
        _text("name"),
        _text("language", 12),
        _flag("language_is_chosen"),
        _text("time_zone", 64),
        _flag("is_owner"),
        _text("ring_mode", 20),
        _flag("announce"),
        sa.Column("greeting", sa.LargeBinary()),
        _flag("has_greeting"),
        _instant("created"),
        *(sa.Column(limit, sa.Integer()) for limit in LIMITS),
        _key("users"),
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
        _id("id"),
        _text("token_hash", 64),
        _id("created_by"),
        _instant("created"),
        _instant("expires"),
        _instant("used", nullable=True),
        sa.Column("used_by", sa.Uuid()),
        _instant("revoked_at", nullable=True),
        _key("invites"),
        sa.UniqueConstraint("token_hash", name="uq_invites_token_hash"),
        _refers("invites", "created_by", "users.id", "CASCADE"),
        _refers("invites", "used_by", "users.id", "SET NULL"),
    )
    for column in ("created_by", "used_by"):
        _index("invites", column)
    _personal(
        "phones",
        _text("label"),
        _text("address"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        _flag("enabled"),
        _instant("verified_at", nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        _instant("cooling_until", nullable=True),
        sa.UniqueConstraint("user_id", "address", name="uq_phones_user_id_address"),
    )
    _index("phones", "user_id")
    op.create_table(
        "removed_phones",
        _id("user_id"),
        _text("address"),
        sa.Column("tries", sa.Integer(), nullable=False),
        _instant("cooling_until", nullable=True),
        _instant("removed"),
        _key("removed_phones", "user_id", "address"),
        _of_user("removed_phones"),
    )
    _personal(
        "accounts",
        _text("network", 30),
        _text("address"),
        _text("label"),
        _flag("enabled"),
        _flag("is_trunk"),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _instant("created"),
        _text("health", 20),
        _instant("since"),
        _text("reason"),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.UniqueConstraint(
            "user_id", "network", "address", name="uq_accounts_user_id_network_address"
        ),
    )
    _index("accounts", "user_id")


def _calls() -> None:
    _personal(
        "calls",
        _text("direction", 20),
        _text("network", 30),
        _text("account"),
        _text("caller_name"),
        _text("caller_address"),
        _text("called"),
        _instant("started"),
        _instant("answered", nullable=True),
        _instant("ended"),
        _text("answered_on"),
        _text("cause", 40),
        sa.Column("ended_by", sa.String(20)),
        sa.Column("ring_seconds", sa.Double(), nullable=False),
        sa.Column("talk_seconds", sa.Double(), nullable=False),
        _text("codec", 40),
        sa.Column("loss", sa.Double(), nullable=False),
        sa.Column("jitter_ms", sa.Double(), nullable=False),
        _text("reason", 60),
    )
    _index("calls", "user_id", "started")
    op.create_table(
        "cards",
        _id("call_id"),
        _id("user_id"),
        _big("message"),
        _instant("created"),
        _key("cards", "call_id"),
        _of_user("cards"),
    )
    _index("cards", "user_id")
    _personal(
        "voicemails",
        sa.Column("call_id", sa.Uuid()),
        _text("caller_name"),
        _text("caller_address"),
        _instant("created"),
        sa.Column("seconds", sa.Double(), nullable=False),
        _flag("heard"),
        sa.Column("ogg", sa.LargeBinary(), nullable=False),
    )
    _index("voicemails", "user_id")
    _index("voicemails", "call_id")
    op.create_table(
        "blocked",
        _id("user_id"),
        _text("address"),
        _text("name"),
        _instant("since"),
        _key("blocked", "user_id", "address"),
        _of_user("blocked"),
    )
    _personal(
        "quiet_hours",
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, sa.Time(), nullable=False) for name in ("start", "end")),
    )
    _index("quiet_hours", "user_id")


def _machinery() -> None:
    op.create_table(
        "leases",
        _id("account_id"),
        _text("owner", 64),
        _big("epoch"),
        _instant("lease_until"),
        _key("leases", "account_id"),
        _refers("leases", "account_id", "accounts.id", "CASCADE"),
    )
    _index("leases", "lease_until")
    _personal(
        "phone_legs",
        _id("call_id"),
        sa.Column("phone_id", sa.Uuid()),
        _flag("counted"),
        _instant("opened"),
        _instant("seen"),
        _instant("closed", nullable=True),
        sa.Column("talk_seconds", sa.Double(), nullable=False),
        _refers("phone_legs", "phone_id", "phones.id", "SET NULL"),
    )
    _index("phone_legs", "user_id")
    _index("phone_legs", "closed")
    op.create_table(
        "outbox",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        _id("user_id"),
        sa.Column("body", sa.JSON(), nullable=False),
        _instant("created"),
        _key("outbox", "number"),
        _of_user("outbox"),
        sqlite_autoincrement=True,
    )
    _index("outbox", "user_id")
    op.create_table("consumers", _text("name", 60), _big("acknowledged"), _key("consumers", "name"))


def _text(name: str, length: int = 200) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _personal(table: str, *parts: sa.schema.SchemaItem) -> None:
    """A table with an id of its own whose rows go with their user."""
    op.create_table(table, _id("id"), _id("user_id"), *parts, _key(table), _of_user(table))


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=f"pk_{table}")


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return _refers(table, "user_id", "users.id", "CASCADE")


def _refers(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete=ondelete)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
