"""Podcasts, radio, and the call-outs they lead to."""

import sqlalchemy as sa
from alembic import op

from bridge.store.migrations.columns import (
    big,
    flag,
    identity,
    index,
    instant,
    key,
    number,
    of_user,
    personal,
    refers,
    text,
)

revision = "0002"
down_revision = "0001"

ADDRESS = 2000


def upgrade() -> None:
    _podcasts()
    _radio()
    _call_outs()


def _podcasts() -> None:
    op.create_table(
        "feeds",
        identity("id"),
        text("address", ADDRESS),
        text("title"),
        text("link", ADDRESS),
        text("cover", ADDRESS),
        text("language", 12),
        text("state", 20),
        text("reason", 60),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("validators", sa.JSON(), nullable=False),
        instant("next_poll"),
        number("interval_seconds"),
        number("failures"),
        instant("created"),
        instant("checked", nullable=True),
        instant("changed", nullable=True),
        key("feeds"),
        sa.UniqueConstraint("address", name="uq_feeds_address"),
    )
    index("feeds", "next_poll")
    op.create_table(
        "episodes",
        identity("id"),
        identity("feed_id"),
        text("guid", 500),
        text("title"),
        instant("published"),
        instant("seen"),
        text("enclosure", ADDRESS),
        text("mime", 100),
        sa.Column("size", sa.BigInteger()),
        sa.Column("seconds", sa.Double()),
        text("link", ADDRESS),
        sa.Column("notes", sa.Text(), nullable=False),
        instant("stored", nullable=True),
        instant("wanted", nullable=True),
        instant("used", nullable=True),
        key("episodes"),
        refers("episodes", "feed_id", "feeds.id", "CASCADE"),
        sa.UniqueConstraint("feed_id", "guid", name="uq_episodes_feed_id_guid"),
    )
    index("episodes", "feed_id", "published")
    index("episodes", "feed_id", "seen")
    index("episodes", "stored")
    index("episodes", "wanted")
    personal(
        "subscriptions",
        identity("feed_id"),
        instant("created"),
        text("rings", 20),
        text("pick", 20),
        sa.Column("least_minutes", sa.Integer()),
        sa.Column("oldest_days", sa.Integer()),
        refers("subscriptions", "feed_id", "feeds.id", "CASCADE"),
        sa.UniqueConstraint("user_id", "feed_id", name="uq_subscriptions_user_id_feed_id"),
    )
    index("subscriptions", "user_id")
    index("subscriptions", "feed_id")
    personal(
        "ring_times",
        identity("subscription_id"),
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        refers("ring_times", "subscription_id", "subscriptions.id", "CASCADE"),
    )
    index("ring_times", "user_id")
    index("ring_times", "subscription_id")
    op.create_table(
        "listenings",
        identity("user_id"),
        identity("episode_id"),
        sa.Column("position", sa.Double(), nullable=False),
        flag("heard"),
        instant("updated"),
        key("listenings", "user_id", "episode_id"),
        of_user("listenings"),
        refers("listenings", "episode_id", "episodes.id", "CASCADE"),
    )
    index("listenings", "episode_id")


def _radio() -> None:
    personal(
        "stations",
        text("name"),
        text("address", ADDRESS),
        instant("created"),
        sa.UniqueConstraint("user_id", "address", name="uq_stations_user_id_address"),
    )
    index("stations", "user_id")
    personal(
        "programmes",
        identity("station_id"),
        text("title"),
        sa.Column("weekdays", sa.SmallInteger()),
        sa.Column("at", sa.Time()),
        text("cron", 120),
        sa.Column("calendar", sa.LargeBinary()),
        text("calendar_address", ADDRESS),
        sa.Column("minutes", sa.Integer()),
        flag("enabled"),
        instant("created"),
        refers("programmes", "station_id", "stations.id", "CASCADE"),
    )
    index("programmes", "user_id")
    index("programmes", "station_id")


def _call_outs() -> None:
    personal(
        "slots",
        identity("source_id"),
        sa.Column("local_date", sa.Date(), nullable=False),
        text("key", 60),
        instant("due"),
        text("state", 20),
        big("epoch"),
        number("tries"),
        sa.Column("episode_id", sa.Uuid()),
        sa.Column("call_id", sa.Uuid()),
        instant("changed"),
        text("reason", 60),
        refers("slots", "episode_id", "episodes.id", "SET NULL"),
        sa.UniqueConstraint(
            "source_id", "local_date", "key", name="uq_slots_source_id_local_date_key"
        ),
    )
    index("slots", "user_id")
    index("slots", "state", "due")
    index("slots", "episode_id")
    op.create_table(
        "leaderships",
        text("name", 30),
        text("owner", 64),
        big("epoch"),
        instant("lease_until"),
        instant("looked_until"),
        key("leaderships", "name"),
    )
