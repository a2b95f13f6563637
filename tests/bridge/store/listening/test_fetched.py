"""Each episode is kept once, whatever its makers do to its number, its date or its address."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bridge.store import Store
from bridge.store.listening import downloads, fetched, subscriptions
from bridge.store.listening.feeds import Feed
from tests.bridge.store.conftest import NOW, counted
from tests.bridge.store.publisher import (
    HOUR,
    episode_of,
    feed_of,
    item,
    publish,
    subscribe,
    titles,
)

LATER = NOW + HOUR
MOST_STATEMENTS = 60


@pytest.fixture
def feed(store: Store, ada: UUID) -> UUID:
    return subscribe(store, ada)[1]


def test_episodes_are_kept_with_what_is_told_of_them(store: Store, feed: UUID) -> None:
    told = item(
        1, mime="audio/mpeg", size=9_000, link="https://pods.example/1", notes="One\n\n\n<two>\n"
    )
    publish(store, feed, told, item(0))
    row = episode_of(store, feed, "Episode 1")
    assert titles(store, feed) == ["Episode 0", "Episode 1"]
    assert (row.guid, row.enclosure, row.mime) == (told.guid, told.enclosure, told.mime)
    assert (row.size, row.seconds, row.link) == (9_000, 1800, "https://pods.example/1")
    assert (row.published, row.seen) == (told.published, NOW)
    with store.reading() as db:
        assert db.merge(row).notes == "One\n\n<two>"


def test_what_left_the_feed_stays(store: Store, feed: UUID) -> None:
    publish(store, feed, item(1), item(2))
    publish(store, feed, item(0), now=LATER)
    assert titles(store, feed) == ["Episode 0", "Episode 1", "Episode 2"]
    assert feed_of(store, feed).changed == LATER


def test_nothing_new_is_no_change(store: Store, feed: UUID) -> None:
    publish(store, feed, item(1))
    publish(store, feed, item(1), now=LATER)
    row = feed_of(store, feed)
    assert (row.checked, row.changed) == (LATER, NOW)


def test_an_episode_may_be_corrected(store: Store, feed: UUID) -> None:
    publish(store, feed, item(1, title="Wrong", notes="old"))
    first = episode_of(store, feed, "Wrong")
    publish(store, feed, item(1, title="Right", notes="new"), now=LATER)
    row = episode_of(store, feed, "Right")
    assert (row.id, row.seen) == (first.id, NOW)
    with store.reading() as db:
        assert db.merge(row).notes == "new"


def test_a_number_that_changes_makes_no_new_episode(store: Store, feed: UUID) -> None:
    publish(store, feed, item(1), item(2))
    before = {title: episode_of(store, feed, title).id for title in titles(store, feed)}
    publish(store, feed, item(1, guid="https://new/1"), item(2, guid="https://new/2"), now=LATER)
    assert {title: episode_of(store, feed, title).id for title in titles(store, feed)} == before
    assert episode_of(store, feed, "Episode 1").guid == "https://new/1"
    publish(store, feed, item(1, guid="https://new/1", title="Corrected"), now=LATER)
    assert titles(store, feed) == ["Corrected", "Episode 2"]


def test_one_number_for_all_is_none(store: Store, feed: UUID) -> None:
    publish(store, feed, item(1, guid="same"), item(2, guid="same"))
    publish(store, feed, item(0, guid="same"), item(1, guid="same"), now=LATER)
    assert titles(store, feed) == ["Episode 0", "Episode 1", "Episode 2"]


def test_without_a_number_it_is_known_by_its_sound(store: Store, feed: UUID) -> None:
    publish(store, feed, item(1, guid=""), item(1, guid=""), item(2, guid=""))
    publish(store, feed, item(1, guid="", title="Other"), now=LATER)
    assert titles(store, feed) == ["Other", "Episode 2"]


def test_long_numbers_differ_by_their_end(store: Store, feed: UUID) -> None:
    publish(store, feed, item(1, guid="x" * 600 + "1"), item(2, guid="x" * 600 + "2"))
    publish(store, feed, item(1, guid="x" * 600 + "1", title="Again"), now=LATER)
    assert titles(store, feed) == ["Again", "Episode 2"]


def test_two_that_change_places_stay_themselves(store: Store, feed: UUID) -> None:
    """The number says who it is, not what it looks like."""
    publish(store, feed, item(1), item(2))
    one = episode_of(store, feed, "Episode 1").id
    swapped = item(2, guid="guid-1"), item(1, guid="guid-2")
    publish(store, feed, *swapped, now=LATER)
    assert episode_of(store, feed, "Episode 2").id == one


@pytest.mark.parametrize(
    "lie",
    [
        None,
        NOW + timedelta(days=400),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
)
def test_a_date_that_lies_is_when_it_was_seen(
    store: Store, feed: UUID, lie: datetime | None
) -> None:
    publish(store, feed, *(item(number, published=lie) for number in range(3)))
    assert titles(store, feed) == ["Episode 0", "Episode 1", "Episode 2"]  # as in the feed
    row = episode_of(store, feed, "Episode 2")
    assert NOW - timedelta(seconds=1) < row.published <= row.seen == NOW
    new = item(9, guid="new", title="New", published=lie)
    publish(store, feed, new, *(item(number, published=lie) for number in range(3)), now=LATER)
    assert titles(store, feed)[0] == "New"
    assert episode_of(store, feed, "Episode 2").published == row.published


def test_figures_that_lie_are_left_out(store: Store, feed: UUID) -> None:
    publish(store, feed, item(1, size=-1, seconds=float("nan")), item(2, size=1 << 70, seconds=0.0))
    for title in titles(store, feed):
        row = episode_of(store, feed, title)
        assert (row.size, row.seconds) == (None, None)


def test_an_address_that_would_be_cut_is_none(store: Store, feed: UUID) -> None:
    long = "https://pods.example/" + "x" * 2000
    publish(store, feed, item(1, enclosure=long), item(2, enclosure=""), item(3, link=long))
    assert titles(store, feed) == ["Episode 3"]
    assert episode_of(store, feed, "Episode 3").link == ""


def test_what_was_measured_is_not_overwritten(store: Store, feed: UUID) -> None:
    publish(store, feed, item(1, size=5, seconds=10.0))
    row = episode_of(store, feed, "Episode 1")
    with store.begin() as db:
        downloads.stored(db, row.id, size=777, seconds=12.5, mime="audio/ogg", now=NOW)
    publish(store, feed, item(1, size=5, seconds=10.0), now=LATER)
    row = episode_of(store, feed, "Episode 1")
    assert (row.size, row.seconds, row.stored) == (777, 12.5, NOW)


def test_the_first_sight_of_a_feed_is_before_its_subscribers(store: Store, ada: UUID) -> None:
    subscription, feed = subscribe(store, ada)
    publish(store, feed, item(0), now=LATER)
    with store.reading() as db:
        assert subscriptions.get(db, ada, subscription).created == LATER
    publish(store, feed, item(0), now=LATER + HOUR)
    with store.reading() as db:
        assert subscriptions.get(db, ada, subscription).created == LATER


def test_the_oldest_make_room_but_not_those_still_in_the_feed(store: Store, feed: UUID) -> None:
    old = [item(number) for number in range(1, fetched.MOST + 1)]
    publish(store, feed, *old)
    publish(store, feed, item(0), old[-1], now=LATER)
    left = titles(store, feed)
    assert left[0] == "Episode 0" and f"Episode {fetched.MOST}" in left
    publish(store, feed, item(-1), item(0), now=LATER + HOUR)
    left = titles(store, feed)
    assert len(left) == fetched.MOST and f"Episode {fetched.MOST}" not in left


def test_five_thousand_episodes_are_kept_in_a_few_statements(store: Store, feed: UUID) -> None:
    notes = "What this is about, and who says what. \U0001f399 \n" * 50
    items = [item(number, notes=notes) for number in range(5000)]
    with counted(store) as first:
        publish(store, feed, *items)
    with counted(store) as again:
        publish(store, feed, item(-1), *items, now=LATER)
    assert len(titles(store, feed)) == 5001
    assert len(first) < MOST_STATEMENTS
    assert len(again) < MOST_STATEMENTS


def test_the_feed_s_own_lines_are_clean(store: Store, feed: UUID) -> None:
    with store.begin() as db:
        fetched.found(
            db,
            feed,
            fetched.Fetched(
                title="A\x00\nB", cover="https://x/" + "y" * 2000, language="de-DE" * 9
            ),
            now=NOW,
            next_poll=LATER,
            interval_seconds=60,
        )
    with store.reading() as db:
        row = db.get_one(Feed, feed)
        assert (row.title, row.cover, len(row.language)) == ("A B", "", 12)
