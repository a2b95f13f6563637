"""Contacts, and what phoning in needs."""

import sqlalchemy as sa
from alembic import op

from bridge.store.migrations.columns import (
    added,
    big,
    identity,
    index,
    instant,
    key,
    number,
    of_user,
    personal,
    refers,
    switch,
    text,
)

revision = "0003"
down_revision = "0002"

ADDRESS, TRANSCRIPT = 320, 10_000


def upgrade() -> None:
    _preferences()
    _contacts()
    _pins()
    _voice_notes()
    _transcripts()


def _preferences() -> None:
    added(
        "users",
        switch("forwarding", True),
        switch("keeps_quiet", True),
        switch("voice", True),
        switch("barge_in", False),
        sa.Column("next_speed_dial", sa.Integer(), nullable=False, server_default="1"),
    )
    added("phones", switch("pin_waived", False))
    added("accounts", switch("is_phone_in", False))


def _contacts() -> None:
    personal(
        "contacts",
        text("name"),
        text("sounds_like"),
        number("speed_dial"),
        instant("talked", nullable=True),
        sa.UniqueConstraint("user_id", "speed_dial", name="uq_contacts_user_id_speed_dial"),
    )
    index("contacts", "user_id")
    personal(
        "contact_ways",
        identity("contact_id"),
        text("network", 30),
        text("address", ADDRESS),
        sa.Column("account_id", sa.Uuid()),
        refers("contact_ways", "contact_id", "contacts.id", "CASCADE"),
        refers("contact_ways", "account_id", "accounts.id", "SET NULL"),
        sa.UniqueConstraint(
            "user_id", "network", "address", name="uq_contact_ways_user_id_network_address"
        ),
    )
    for column in ("user_id", "contact_id", "account_id"):
        index("contact_ways", column)
    op.create_table(
        "spent_speed_dials",
        identity("user_id"),
        number("number"),
        key("spent_speed_dials", "user_id", "number"),
        of_user("spent_speed_dials"),
    )


def _pins() -> None:
    op.create_table(
        "pins",
        identity("user_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        number("tries"),
        instant("locked_until", nullable=True),
        key("pins", "user_id"),
        of_user("pins"),
    )


def _voice_notes() -> None:
    op.create_table(
        "voice_notes",
        identity("voicemail_id"),
        identity("user_id"),
        big("message"),
        instant("created"),
        key("voice_notes", "voicemail_id"),
        of_user("voice_notes"),
    )
    index("voice_notes", "user_id")


def _transcripts() -> None:
    # may be empty: nothing that has rows, and their sound, is written anew for it
    op.add_column("voicemails", sa.Column("transcript", sa.String(TRANSCRIPT)))
